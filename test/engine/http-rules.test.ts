/** Rules of cookies (RFC 6265), caching (RFC 9111) and names of saved bodies, each on its own. */
import { describe, expect, it } from 'vitest';
import { freshnessOf, readDate, readDirectives, readTags, sameTag } from '../../src/engine/http-caching.ts';
import { reaches, readSetCookie, type SetCookie, takesAway } from '../../src/engine/http-cookies.ts';
import { ZipWriter } from '../../src/engine/zip.ts';
import { bodyName, safePart, UniqueNames } from '../../src/words/body-names.ts';

const cookie = (header: string): SetCookie => {
  const read = readSetCookie(header);
  if (read === null) throw new Error(`no cookie: ${header}`);
  return read;
};
const goes = (header: string, from: string, to: string): boolean => reaches(cookie(header), new URL(from), new URL(to));

describe('a cookie', () => {
  it('keeps what stands behind its first equals sign, and needs one', () => {
    expect(cookie(' a = b=c ; Secure').value).toBe('b=c');
    expect(readSetCookie('no pair')).toBeNull();
    expect(readSetCookie('=value')).toBeNull();
  });

  it('stays with its host unless it names a domain that the host is in', () => {
    expect(goes('a=1; Path=/', 'http://x.test/', 'http://x.test/y')).toBe(true);
    expect(goes('a=1; Path=/', 'http://x.test/', 'http://sub.x.test/y')).toBe(false);
    expect(goes('a=1; Path=/; Domain=.x.test', 'http://www.x.test/', 'http://sub.x.test/y')).toBe(true);
    expect(goes('a=1; Path=/; Domain=other.test', 'http://x.test/', 'http://other.test/')).toBe(false);
    expect(goes('a=1; Path=/; Domain=0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/')).toBe(false);
  });

  it('goes with paths below its own, and not with those that only begin alike', () => {
    expect(goes('a=1; Path=/cart', 'http://x.test/', 'http://x.test/cart/1')).toBe(true);
    expect(goes('a=1; Path=/cart', 'http://x.test/', 'http://x.test/carts')).toBe(false);
    expect(goes('a=1', 'http://x.test/a/b', 'http://x.test/a/c')).toBe(true);
    expect(goes('a=1', 'http://x.test/a/b', 'http://x.test/c')).toBe(false);
  });

  it('is taken away by its age, which goes before its date', () => {
    expect(takesAway(cookie('a=; Max-Age=0'), 1000)).toBe(true);
    expect(takesAway(cookie('a=; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT'), 1000)).toBe(false);
    expect(takesAway(cookie('a=; Expires=Thu, 01-Jan-1970 00:00:00 GMT'), 1000)).toBe(true);
    expect(takesAway(cookie('a=b'), 1000)).toBe(false);
  });
});

describe('caching', () => {
  const fresh = (...headers: [string, string][]) => freshnessOf(new Map(headers));
  it('reads directives with and without values, quoted too', () => {
    expect([...readDirectives('private="a, b", max-age=60 ,No-Cache')]).toEqual([
      ['private', 'a, b'],
      ['max-age', '60'],
      ['no-cache', ''],
    ]);
  });

  it('takes max-age before Expires, and the age on arrival off', () => {
    expect(fresh(['cache-control', 'max-age=60'], ['age', '20'], ['expires', '0'])).toEqual({ by: 'max-age', seconds: 40 });
    const dates: [string, string][] = [
      ['date', 'Fri, 02 Jan 2026 03:04:05 GMT'],
      ['expires', 'Fri, 02 Jan 2026 03:05:05 GMT'],
    ];
    expect(fresh(...dates)).toEqual({ by: 'expires', seconds: 60 });
    expect(readDate('Friday, 02-Jan-26 03:04:05 GMT')).toBe(readDate('Fri, 02 Jan 2026 03:04:05 GMT'));
    expect(readDate('Fri Jan  2 03:04:05 2026')).toBe(readDate('Fri, 02 Jan 2026 03:04:05 GMT'));
    expect(fresh(['expires', '0'])).toEqual({ by: 'expires', seconds: 0 });
  });

  it('knows what says nothing', () => {
    expect(fresh(['last-modified', 'Fri, 02 Jan 2026 03:04:05 GMT'])).toEqual({ by: 'heuristic', seconds: null });
    expect(fresh()).toEqual({ by: 'none', seconds: null });
    expect(fresh(['cache-control', 'no-cache, max-age=60'])).toEqual({ by: 'no-cache', seconds: 0 });
  });

  it('compares entity tags weakly, commas within them included', () => {
    expect(readTags('"a,b", W/"c"')).toEqual(['"a,b"', 'W/"c"']);
    expect(sameTag('W/"c"', '"c"')).toBe(true);
    expect(sameTag('"c"', '"d"')).toBe(false);
    expect(sameTag('', '')).toBe(false);
  });
});

describe('the name of a body', () => {
  it('never leaves its folder', () => {
    for (const name of ['..', '.', '../../etc/passwd', '..\\..\\x', '/etc/passwd', 'C:\\x', 'a\u0000b', '....', ' ']) {
      const safe = safePart(name);
      expect(safe).not.toMatch(/[/\\:\u0000]/);
      expect(safe).not.toMatch(/^\./);
      expect(['.', '..']).not.toContain(safe);
    }
    expect(bodyName('/a/..%2f..%2fetc%2fpasswd', '', 'body-1')).toBe('_.._etc_passwd');
    expect(bodyName('/', 'text/html', 'body-1')).toBe('body-1.html');
    for (const type of ['constructor', '__proto__', 'toString']) expect(bodyName('/x', type, 'body-1')).toBe('x');
    expect(bodyName('/%ff', 'text/css', 'body-1')).toBe('_ff.css');
  });

  it('is no device of Windows, whatever its ending', () => {
    for (const name of ['con', 'CON.txt', 'aux.tar.gz', 'LPT1', 'com¹.txt', 'nul.']) expect(safePart(name)).toMatch(/^_/);
    expect(safePart('console.log')).toBe('console.log');
  });

  it('is short enough for any file system, its ending kept', () => {
    const safe = safePart(`${'가'.repeat(300)}.json`);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
    expect(safe).toMatch(/^가+\.json$/);
  });

  it('is given once, capitals or not', () => {
    const names = new UniqueNames();
    const given = ['a.txt', 'A.txt', 'a.txt', 'a (2).txt', 'b'].map((name) => names.take(name));
    expect(given).toEqual(['a.txt', 'A (2).txt', 'a (3).txt', 'a (2) (2).txt', 'b']);
    expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(5);
  });
});

describe('a ZIP file', () => {
  it('has its entries where its directory says, with their sums', () => {
    const zip = new ZipWriter();
    const bodies = [Buffer.from('one'), Buffer.alloc(0), Buffer.from('drei')];
    const parts = bodies.map((body, k) => zip.entry(`ü/${k}.txt`, body, 1_767_323_045));
    const file = Buffer.concat([...parts, zip.end()]);
    const tail = file.length - 22;
    expect(file.readUInt32LE(tail)).toBe(0x06054b50);
    expect(file.readUInt16LE(tail + 10)).toBe(3);
    let at = file.readUInt32LE(tail + 16);
    for (const [k, body] of bodies.entries()) {
      expect(file.readUInt32LE(at)).toBe(0x02014b50);
      const nameLength = file.readUInt16LE(at + 28);
      expect(file.toString('utf8', at + 46, at + 46 + nameLength)).toBe(`ü/${k}.txt`);
      const local = file.readUInt32LE(at + 42);
      const from = local + 30 + file.readUInt16LE(local + 26);
      expect(file.subarray(from, from + file.readUInt32LE(at + 24)).equals(body)).toBe(true);
      expect(file.readUInt16LE(at + 10)).toBe(0);
      at += 46 + nameLength;
    }
    expect(at).toBe(tail);
  });

  it('says when it is full', () => {
    const zip = new ZipWriter();
    expect(zip.fits('a', 0xffffffff)).toBe(false);
    for (let k = 0; k < 0xffff; k++) zip.entry(`${k}`, new Uint8Array(0), 0);
    expect(zip.fits('a', 0)).toBe(false);
  });
});
