import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oidOctets, oidText } from '../../src/bytes/oid.ts';
import { Ber, BerCursor, MAX_DEPTH, OidTable } from '../../src/protocols/ber.ts';

const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const over = (bytes: Uint8Array): BerCursor => {
  const c = new BerCursor();
  c.start(bytes, 0, bytes.length);
  return c;
};

/** The elements in order, nested as they are: identifier, then contents in hex or members. */
function shape(c: BerCursor): unknown[] {
  const found: unknown[] = [];
  while (c.next()) {
    if (c.enter()) {
      const members = shape(c);
      c.leave();
      found.push([c.identifier, members]);
    } else found.push([c.identifier, Buffer.from(c.bytes.subarray(c.body, c.bodyEnd)).toString('hex')]);
  }
  return found;
}

describe('a BER cursor', () => {
  it('walks a sequence and comes back up to what follows', () => {
    const c = over(u8(0x30, 0x06, 0x02, 0x01, 0x2a, 0x30, 0x01, 0x00, 0x05, 0x00));
    expect(c.next() && c.is(Ber.Sequence) && c.enter()).toBe(true);
    expect(c.next() && c.is(Ber.Integer)).toBe(true);
    expect(c.uint()).toBe(42);
    c.leave();
    expect(c.is(Ber.Sequence)).toBe(true);
    expect(c.next() && c.is(Ber.Null)).toBe(true);
    expect(c.next()).toBe(false);
    expect(c.bad).toBe(false);
  });

  it('reads lengths of several octets and tags of several octets', () => {
    const long = new Uint8Array(4 + 300);
    long.set([0x04, 0x82, 0x01, 0x2c]);
    const c = over(long);
    expect(c.next()).toBe(true);
    expect(c.bodyEnd - c.body).toBe(300);
    const t = over(u8(0xbf, 0x81, 0x01, 0x02, 0x05, 0x00));
    expect(t.next()).toBe(true);
    expect(t.context(129)).toBe(true);
    expect(shapeOf(t)).toEqual([[5, '']]);
  });

  const shapeOf = (c: BerCursor): unknown[] => (c.enter() ? shape(c) : []);

  it('measures contents of indefinite length, nested ones too', () => {
    const bytes = u8(0x30, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x00, 0x00, 0x02, 0x01, 0x07, 0x00, 0x00, 0x05, 0x00);
    expect(shape(over(bytes))).toEqual([
      [
        0x30,
        [
          [0x30, [[2, '00']]],
          [2, '07'],
        ],
      ],
      [5, ''],
    ]);
  });

  it('keeps an element within the one around it and says that it claimed more', () => {
    const c = over(u8(0x30, 0x03, 0x04, 0x7f, 0x01, 0xff, 0xff));
    c.next();
    c.enter();
    expect(c.next()).toBe(true);
    expect(c.cut).toBe(true);
    expect(c.bodyEnd).toBe(5);
  });

  it('goes no deeper than its bound', () => {
    const bytes = new Uint8Array(200);
    for (let i = 0; i < 100; i++) bytes.set([0x30, Math.min(127, 198 - 2 * i)], 2 * i);
    const c = over(bytes);
    let levels = 0;
    while (c.next() && c.enter()) levels++;
    expect(levels).toBe(MAX_DEPTH);
  });

  it('reads signed and unsigned integers', () => {
    const c = over(u8(0x02, 0x01, 0xff, 0x02, 0x02, 0x00, 0xff, 0x02, 0x09, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    c.next();
    expect(c.int()).toBe(-1);
    expect(c.uint()).toBe(255);
    c.next();
    expect(c.int()).toBe(255);
    c.next();
    expect(c.uint()).toBeNaN();
  });

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const c = over(bytes);
        shape(c);
        expect(c.depth).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('walks every cut of a structure', () => {
    const bytes = u8(0x30, 0x0a, 0x30, 0x05, 0x06, 0x03, 0x55, 0x04, 0x03, 0x04, 0x01, 0x00);
    for (let end = 0; end <= bytes.length; end++) {
      const c = over(bytes.subarray(0, end));
      shape(c);
      expect(c.bodyEnd).toBeLessThanOrEqual(end);
    }
  });
});

describe('object identifiers', () => {
  it.each(['2.5.4.3', '1.2.840.113549.1.1.11', '0.9.2342.19200300.100.1.25', '2.999.1', '1.3.6.1.4.1.311.60.2.1.3'])(
    'are the same after a round trip: %s',
    (oid) => {
      const octets = oidOctets(oid);
      expect(oidText(octets, 0, octets.length)).toBe(oid);
    },
  );

  it('may have arcs beyond what a number holds', () => {
    const octets = u8(
      0x69,
      0x83,
      0xf0,
      0xb9,
      0xf2,
      0xc3,
      0xd6,
      0x91,
      0xb7,
      0x93,
      0x8a,
      0xc5,
      0x8c,
      0xab,
      0x86,
      0xe5,
      0xb6,
      0xd2,
      0x0f,
      0x01,
    );
    expect(oidText(octets, 0, octets.length)).toMatch(/^2\.25\.\d{30,40}\.1$/);
  });

  it('are no text where the last arc does not end', () => {
    expect(oidText(u8(0x55, 0x84), 0, 2)).toBe('');
    expect(oidText(u8(), 0, 0)).toBe('');
  });

  it('are found in a table by their octets', () => {
    const table = new OidTable([
      ['2.5.4.3', 'cn'],
      ['2.5.4.10', 'o'],
    ]);
    expect(table.find(u8(9, 0x55, 4, 10, 9), 1, 4)).toBe('o');
    expect(table.find(u8(0x55, 4, 11), 0, 3)).toBeUndefined();
  });
});
