/** Does it look like the start of an HTTP/1.x message? Used at both depths; allocates nothing. */

/** Methods that Wireshark knows: RFC 9110, WebDAV and its kin, UPnP, and the RPC verbs of Microsoft. */
const METHODS = (
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL BCOPY BMOVE BDELETE BPROPFIND ' +
  'BPROPPATCH SEARCH SUBSCRIBE UNSUBSCRIBE NOTIFY LABEL REPORT MERGE CHECKIN CHECKOUT UNCHECKOUT UPDATE MKACTIVITY MKWORKSPACE ' +
  'VERSION-CONTROL BASELINE-CONTROL ORDERPATCH ACL BIND UNBIND REBIND LINK UNLINK UPDATEREDIRECTREF MKREDIRECTREF M-SEARCH M-POST CCM_POST ' +
  'RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA SSTP_DUPLEX_POST'
).split(' ');

function matches(bytes: Uint8Array, offset: number, end: number, word: string): boolean {
  if (end - offset < word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[offset + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** True if a whole known method, followed by a blank or the end of the line, is at `offset`. */
export function isRequest(bytes: Uint8Array, offset: number, end: number): boolean {
  for (let i = 0; i < METHODS.length; i++) {
    const word = METHODS[i] as string;
    if (!matches(bytes, offset, end, word)) continue;
    const after = offset + word.length;
    if (after >= end || bytes[after] === 0x20 || bytes[after] === 0x0d || bytes[after] === 0x0a) return true;
  }
  return false;
}

export function isResponse(bytes: Uint8Array, offset: number, end: number): boolean {
  return matches(bytes, offset, end, 'HTTP/');
}

/** True if bytes[offset, end) begin a message, or are too short to say that they do not. */
export function isStartLine(bytes: Uint8Array, offset: number, end: number): boolean {
  if (isResponse(bytes, offset, end) || isRequest(bytes, offset, end)) return true;
  const length = end - offset;
  if (length >= 17) return false;
  if (begunBy(bytes, offset, length, 'HTTP/')) return true;
  for (let i = 0; i < METHODS.length; i++) if (begunBy(bytes, offset, length, METHODS[i] as string)) return true;
  return false;
}

/** True if the few bytes there are could grow into `word`. */
function begunBy(bytes: Uint8Array, offset: number, length: number, word: string): boolean {
  if (length >= word.length) return false;
  for (let i = 0; i < length; i++) if (bytes[offset + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** As a heuristic, on any port: the first line begins or ends with an HTTP version. */
export function looksLikeHttp(bytes: Uint8Array, offset: number, end: number): boolean {
  if (matches(bytes, offset, end, 'HTTP/1.')) return true;
  let at = offset;
  const limit = Math.min(end, offset + 8192);
  while (at < limit && bytes[at] !== 0x0a) at++;
  if (at >= limit) return false;
  if (at > offset && bytes[at - 1] === 0x0d) at--;
  return at - offset >= 12 && matches(bytes, at - 8, at, 'HTTP/1.') && bytes[at - 9] === 0x20;
}
