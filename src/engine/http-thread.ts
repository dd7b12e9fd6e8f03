/** Which exchanges have to do with one: redirects, cookies, conditions and credentials, as a thread through the capture. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { CookieSent, CookieSet, ExchangeCondition, ExchangeFreshness, ExchangeThread } from '../messages.ts';
import { lowerBound } from '../table/ascending.ts';
import { NONE } from '../table/packet-table.ts';
import { freshnessOf, readDate, readTags, sameTag } from './http-caching.ts';
import { reaches, takesAway } from './http-cookies.ts';
import { type Head, type HttpFacts, httpFacts, placeOf, secondsOf } from './http-facts.ts';

/** Exchanges named of one cookie, of a chain, and of those with one URL that are looked at. */
const MOST_NAMED = 50;
const MOST_CHAIN = 50;
const MOST_LOOKED = 2000;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** True if the request of `later` began when the response of `earlier` had begun. */
function after(later: Head, earlier: Head): boolean {
  return later.requestStart !== NONE && earlier.responseStart !== NONE && later.requestStart > earlier.responseStart;
}

/** Where a response sends the client to: a whole URL without fragment where the request's is known (RFC 9110, section 10.2.2). */
function locationOf(head: Head): string | null {
  const location = head.answered.get('location');
  if (location === undefined || !REDIRECTS.has(head.status)) return null;
  return placeOf(location, head.place ?? undefined)?.href ?? location;
}

/** The first request of the same client for a URL that was sent after `head` was answered; null if there is none. */
function nextFor(facts: HttpFacts, head: Head, url: string, fits: (next: Head) => boolean): Head | null {
  const list = facts.byUrl.get(url) ?? [];
  for (let k = lowerBound(list, head.exchange + 1), looked = 0; k < list.length && looked < MOST_LOOKED; k++, looked++) {
    const next = facts.heads[list[k] as number] as Head;
    if (next.client === head.client && after(next, head) && fits(next)) return next;
  }
  return null;
}

/** The latest response to the same client for the same URL before `head` was sent that fits; null if there is none. */
function lastFor(facts: HttpFacts, head: Head, fits: (earlier: Head) => boolean): Head | null {
  const list = head.place === null ? [] : (facts.byUrl.get(head.place.href) ?? []);
  for (let k = lowerBound(list, head.exchange + 1) - 1, looked = 0; k >= 0 && looked < MOST_LOOKED; k--, looked++) {
    const earlier = facts.heads[list[k] as number] as Head;
    if (earlier.client === head.client && after(head, earlier) && fits(earlier)) return earlier;
  }
  return null;
}

/** The request that follows a redirect: the client's first for its Location. */
function followedBy(facts: HttpFacts, head: Head): Head | null {
  const location = locationOf(head);
  return location === null ? null : nextFor(facts, head, location, () => true);
}

/** The redirect that a request follows: the client's latest one to its URL, if no request came between. */
function followsFrom(facts: HttpFacts, head: Head): Head | null {
  for (let k = head.exchange - 1, looked = 0; k >= 0 && looked < MOST_LOOKED; k--, looked++) {
    const earlier = facts.heads[k] as Head;
    if (earlier.client !== head.client || locationOf(earlier) !== head.place?.href || !after(head, earlier)) continue;
    return followedBy(facts, earlier) === head ? earlier : null;
  }
  return null;
}

function redirectsOf(facts: HttpFacts, head: Head): number[] {
  const chain = [head];
  for (let at = followsFrom(facts, head); at !== null && chain.length < MOST_CHAIN; at = followsFrom(facts, at)) chain.unshift(at);
  for (let at = followedBy(facts, head); at !== null && chain.length < MOST_CHAIN; at = followedBy(facts, at)) chain.push(at);
  return chain.length === 1 && locationOf(head) === null ? [] : chain.map(({ exchange }) => exchange);
}

function setCookiesOf(capture: CaptureIndex, facts: HttpFacts, head: Head): CookieSet[] {
  return head.setCookies.map((cookie) => {
    const key = `${cookie.name}=${cookie.value}`;
    const senders = facts.senders.get(key) ?? [];
    const sentBack: number[] = [];
    let times = 0;
    for (let k = lowerBound(senders, head.exchange + 1); k < senders.length; k++) {
      const later = facts.heads[senders[k] as number] as Head;
      if (later.client !== head.client || !after(later, head) || head.place === null || later.place === null) continue;
      if (!reaches(cookie, head.place, later.place)) continue;
      times++;
      if (sentBack.length < MOST_NAMED) sentBack.push(later.exchange);
    }
    const removal = head.responseStart !== NONE && takesAway(cookie, secondsOf(capture, head.responseStart));
    return { ...cookie, removal, sentBack, times };
  });
}

function cookiesOf(facts: HttpFacts, head: Head): CookieSent[] {
  return head.cookies.map(({ name, value }) => {
    const setters = facts.setters.get(`${name}=${value}`) ?? [];
    for (let k = lowerBound(setters, head.exchange + 1) - 1, looked = 0; k >= 0 && looked < MOST_LOOKED; k--, looked++) {
      const setter = facts.heads[setters[k] as number] as Head;
      if (setter.client !== head.client || !after(head, setter) || setter.place === null || head.place === null) continue;
      const cookie = setter.setCookies.find((each) => each.name === name && each.value === value);
      if (cookie !== undefined && reaches(cookie, setter.place, head.place)) return { name, value, setBy: setter.exchange };
    }
    return { name, value, setBy: null };
  });
}

/** The condition that counts: If-None-Match goes before If-Modified-Since (RFC 9110, section 13.2.2). */
function conditionOf(capture: CaptureIndex, facts: HttpFacts, head: Head): ExchangeCondition | null {
  const tags = readTags(head.asked.get('if-none-match') ?? '');
  const since = head.asked.get('if-modified-since') ?? '';
  const by = tags.length > 0 ? 'etag' : 'date';
  if (by === 'date' && since === '') return null;
  const etag = (each: Head): string => each.answered.get('etag') ?? '';
  const date = (each: Head): number | null => readDate(each.answered.get('last-modified') ?? '');
  const stored = lastFor(facts, head, (earlier) => {
    if (earlier.status < 200 || earlier.status >= 300) return false;
    return by === 'etag' ? tags.some((tag) => sameTag(tag, etag(earlier))) : date(earlier) !== null && date(earlier) === readDate(since);
  });
  const value = by === 'date' ? since : (tags.find((tag) => stored !== null && sameTag(tag, etag(stored))) ?? tags.join(', '));
  if (stored === null) return { by, value, stored: null, age: null, fresh: null };
  // Each 304 since then made it fresh anew (RFC 9111, section 4.3.4).
  const renewed = lastFor(facts, head, (earlier) => earlier.exchange > stored.exchange && earlier.status === 304);
  const from = renewed ?? stored;
  const age = secondsOf(capture, head.requestStart) - secondsOf(capture, from.responseStart);
  const { seconds } = freshnessOf(new Map([...stored.answered, ...(renewed?.answered ?? [])]));
  return { by, value, stored: stored.exchange, age, fresh: seconds === null ? null : age < seconds };
}

function freshnessFor(head: Head): ExchangeFreshness | null {
  return head.status === 0 || (head.method !== 'GET' && head.method !== 'HEAD') ? null : freshnessOf(head.answered);
}

/** Schemes of a challenge with their realms (RFC 9110, section 11.6.1). */
export function readChallenges(header: string): { scheme: string; realm: string }[] {
  const found: { scheme: string; realm: string }[] = [];
  // A scheme stands at the beginning or behind a comma and is followed by no "=".
  for (const match of header.matchAll(/(?:^|,)\s*([\w!#$%&'*+.^`|~-]+)(?=\s+[^\s=,]|\s*(?:,|$))(?!\s*=)/g)) {
    const from = match.index + match[0].length;
    const next = header.slice(from).search(/,\s*[\w!#$%&'*+.^`|~-]+\s+[\w!#$%&'*+.^`|~-]+\s*=/);
    const own = header.slice(from, next < 0 ? undefined : from + next);
    found.push({ scheme: match[1] as string, realm: /\brealm\s*=\s*(?:"([^"]*)"|([^\s,]*))/i.exec(own)?.slice(1).find(Boolean) ?? '' });
  }
  return found;
}

/** The scheme of credentials; '' without any. */
function schemeOf(head: Head): string {
  const value = head.asked.get('authorization') ?? head.asked.get('proxy-authorization') ?? '';
  return /^[^\s]+/.exec(value)?.[0] ?? '';
}

const refuses = (head: Head): boolean => head.status === 401 || head.status === 407;

/** The client's first request with credentials for the URL that was refused. */
function answerTo(facts: HttpFacts, refused: Head): Head | null {
  return nextFor(facts, refused, refused.place?.href ?? '', (next) => schemeOf(next) !== '');
}

/** The refusal that a request with credentials answers. */
function challengeOf(facts: HttpFacts, head: Head): Head | null {
  const refused = lastFor(facts, head, refuses);
  return refused !== null && answerTo(facts, refused) === head ? refused : null;
}

/** What other exchanges have to do with `exchange`. The heads of all exchanges must have been read. */
export function threadOf(capture: CaptureIndex, exchange: number): ExchangeThread {
  const facts = capture.state(httpFacts);
  const head = facts.heads[exchange];
  if (head === undefined) return NO_THREAD;
  const scheme = schemeOf(head);
  const asks = refuses(head);
  return {
    redirects: redirectsOf(facts, head),
    location: locationOf(head),
    setCookies: setCookiesOf(capture, facts, head),
    cookies: cookiesOf(facts, head),
    condition: conditionOf(capture, facts, head),
    freshness: freshnessFor(head),
    challenges: asks ? readChallenges(head.answered.get(head.status === 401 ? 'www-authenticate' : 'proxy-authenticate') ?? '') : [],
    credentials: scheme === '' ? null : scheme,
    challengedBy: scheme === '' ? null : (challengeOf(facts, head)?.exchange ?? null),
    answeredBy: asks ? (answerTo(facts, head)?.exchange ?? null) : null,
  };
}

/** Of an exchange of which nothing is known yet. */
export const NO_THREAD: ExchangeThread = {
  redirects: [],
  location: null,
  setCookies: [],
  cookies: [],
  condition: null,
  freshness: null,
  challenges: [],
  credentials: null,
  challengedBy: null,
  answeredBy: null,
};
