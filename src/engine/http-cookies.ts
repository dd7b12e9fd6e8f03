/** Cookies as RFC 6265 has them: what a Set-Cookie header asks for, and which later requests it reaches. */
import type { ExchangeHeader } from '../messages.ts';
import { readDate } from './http-caching.ts';

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** In order, as sent; a flag such as Secure has the value ''. */
  readonly attributes: readonly ExchangeHeader[];
}

/** Attributes of one cookie that are kept. */
const MOST = 50;

function pairOf(text: string): ExchangeHeader {
  const equals = text.indexOf('=');
  return equals < 0 ? { name: text.trim(), value: '' } : { name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() };
}

/** The value of a Set-Cookie header taken apart (section 5.2); null if it names no cookie. */
export function readSetCookie(header: string): SetCookie | null {
  const [first = '', ...rest] = header.split(';');
  // A user agent ignores a cookie without "=" (section 5.2, step 2).
  if (!first.includes('=')) return null;
  const { name, value } = pairOf(first);
  return name === '' ? null : { name, value, attributes: rest.slice(0, MOST).map(pairOf) };
}

/** The pairs of a Cookie header (section 4.2.1). */
export function readCookies(header: string): ExchangeHeader[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? { name: part, value: '' } : { name: part.slice(0, equals), value: part.slice(equals + 1) };
    });
}

/** The value of an attribute, the last one counting (section 5.3); null without it. @param name in lower case */
export function attributeOf(cookie: SetCookie, name: string): string | null {
  return cookie.attributes.findLast((each) => each.name.toLowerCase() === name)?.value ?? null;
}

const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host);

/** True if `host` is `domain` or ends with it behind a dot (section 5.1.3). */
function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !isAddress(host));
}

/** True if a cookie path covers a request path (section 5.1.4). */
function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/');
}

/** The default path: that of the response's URL up to its last slash (section 5.1.4). */
function defaultPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 || !path.startsWith('/') ? '/' : path.slice(0, slash);
}

/** True if a cookie that `from` has set goes with a request to `to` (section 5.4): host, path and Secure, not its age. */
export function reaches(cookie: SetCookie, from: URL, to: URL): boolean {
  const domain = (attributeOf(cookie, 'domain') ?? '').replace(/^\./, '').toLowerCase();
  // A domain that the setting host is not in makes the cookie ignored (section 5.3, step 6).
  if (domain !== '' && !domainMatches(from.hostname, domain)) return false;
  if (domain === '' ? to.hostname !== from.hostname : !domainMatches(to.hostname, domain)) return false;
  const path = attributeOf(cookie, 'path') ?? '';
  return pathMatches(to.pathname, path.startsWith('/') ? path : defaultPath(from.pathname));
}

/**
 * True if the header takes the cookie away: Max-Age of 0 or less, or, without Max-Age, Expires in the past (section 5.3, step 3).
 * @param at epoch seconds of the response
 */
export function takesAway(cookie: SetCookie, at: number): boolean {
  const age = attributeOf(cookie, 'max-age');
  if (age !== null && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = readDate(attributeOf(cookie, 'expires') ?? '');
  return expires !== null && expires <= at;
}
