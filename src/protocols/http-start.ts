/** Does it look like the start of an HTTP/1.x message? Used at both depths; allocates nothing. */

/** Methods that Wireshark knows: RFC 9110, WebDAV and its kin, UPnP, and the RPC verbs of Microsoft. */
const METHODS = (
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL BCOPY BMOVE BDELETE BPROPFIND ' +
  'BPROPPATCH SEARCH SUBSCRIBE UNSUBSCRIBE NOTIFY LABEL REPORT MERGE CHECKIN CHECKOUT UNCHECKOUT UPDATE MKACTIVITY MKWORKSPACE ' +
  'VERSION-CONTROL BASELINE-CONTROL ORDERPATCH ACL BIND UNBIND REBIND LINK UNLINK UPDATEREDIRECTREF MKREDIRECTREF M-SEARCH CCM_POST ' +
  'RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA SSTP_DUPLEX_POST'
).split(' ');

function matches(bytes: Uint8Array, offset: number, end: number, word: Uint8Array): boolean {
  if (end - offset < word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[offset + i] !== word[i]) return false;
  return true;
}

const LETTER_A = 0x41;

/** The octets of a word: they are compared at each payload, and V8 makes much more code of letters of a string. */
export function octetsOf(word: string): Uint8Array {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

const METHOD_OCTETS = METHODS.map(octetsOf);
/** The methods by their first letter: most payloads are told by it to be none. */
const BY_LETTER = Array.from({ length: 26 }, (_, n) => METHOD_OCTETS.filter(([first]) => first === LETTER_A + n));
const HTTP = octetsOf('HTTP/');
const ICY = octetsOf('ICY ');
const EXTENDED = octetsOf('M-');
const SEARCH = octetsOf('M-SEARCH');

/** True if a whole known method, followed by a blank or the end of the line, is at `offset`. */
export function isRequest(bytes: Uint8Array, offset: number, end: number): boolean {
  // RFC 2774 puts M- before the method of a request with mandatory extensions.
  const from = matches(bytes, offset, end, EXTENDED) && !matches(bytes, offset, end, SEARCH) ? offset + 2 : offset;
  if (from >= end) return false;
  const letter = (bytes[from] as number) - LETTER_A;
  if (letter < 0 || letter >= 26) return false;
  const words = BY_LETTER[letter] as readonly Uint8Array[];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Uint8Array;
    if (!matches(bytes, from, end, word)) continue;
    const after = from + word.length;
    if (after >= end || bytes[after] === 0x20 || bytes[after] === 0x0d || bytes[after] === 0x0a) return true;
  }
  return false;
}

export function isResponse(bytes: Uint8Array, offset: number, end: number): boolean {
  return matches(bytes, offset, end, HTTP) || isShoutcast(bytes, offset, end);
}

/** "ICY 200 OK", how SHOUTcast servers begin a response. */
function isShoutcast(bytes: Uint8Array, offset: number, end: number): boolean {
  return matches(bytes, offset, end, ICY);
}

/** True if bytes[offset, end) begin a message, or are too short to say that they do not. */
export function isStartLine(bytes: Uint8Array, offset: number, end: number): boolean {
  if (isResponse(bytes, offset, end) || isRequest(bytes, offset, end)) return true;
  const length = end - offset;
  if (length >= 17) return false;
  if (begunBy(bytes, offset, length, HTTP)) return true;
  for (let i = 0; i < METHOD_OCTETS.length; i++) if (begunBy(bytes, offset, length, METHOD_OCTETS[i] as Uint8Array)) return true;
  return false;
}

/** True if the few bytes there are could grow into `word`. */
function begunBy(bytes: Uint8Array, offset: number, length: number, word: Uint8Array): boolean {
  if (length >= word.length) return false;
  for (let i = 0; i < length; i++) if (bytes[offset + i] !== word[i]) return false;
  return true;
}

function matchesAnyCase(bytes: Uint8Array, offset: number, end: number, word: string): boolean {
  if (end - offset < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const octet = bytes[offset + i] as number;
    if ((octet >= 0x61 && octet <= 0x7a ? octet - 0x20 : octet) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** As a heuristic, on any port: a whole first line that begins or ends with an HTTP version, in any case. */
export function looksLikeHttp(bytes: Uint8Array, offset: number, end: number): boolean {
  let at = offset;
  const limit = Math.min(end, offset + 8192);
  while (at < limit && bytes[at] !== 0x0a) at++;
  if (at >= limit) return false;
  if (at > offset && bytes[at - 1] === 0x0d) at--;
  if (at - offset <= 8) return false;
  return matchesAnyCase(bytes, offset, at, 'HTTP/1.') || matchesAnyCase(bytes, at - 8, at, 'HTTP/1.');
}
