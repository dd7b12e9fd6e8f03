import { describe, expect, it } from 'vitest';
import { RowSource } from '../../../renderer/packet-list/row-source.ts';
import type { RowSummary } from '../../../src/messages.ts';

const BLOCK_ROWS = 100;

function row(n: number): RowSummary {
  return {
    row: n,
    time: '0.000000',
    source: 'a',
    destination: 'b',
    sourcePort: '',
    destinationPort: '',
    protocol: 'ARP',
    hue: 'link',
    length: 42,
    info: '',
    marks: [],
    stream: null,
    transport: null,
    fields: [],
  };
}

/** Answers at once with rows from..from+count, and writes down what was asked. */
function source(asked: string[]): RowSource {
  return new RowSource(async (view, from, count) => {
    asked.push(`${view}:${from}+${count}`);
    return { stale: false, rows: Array.from({ length: count }, (_, i) => row(from + i)) };
  }, BLOCK_ROWS);
}

describe('rows of a view', () => {
  it('are fetched in blocks, and never twice', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 1000);
    expect((await rows.rows(150, 250))?.map((item) => item.row)).toEqual(Array.from({ length: 100 }, (_, i) => 150 + i));
    await rows.rows(100, 300);
    expect(asked).toEqual(['1:100+100', '1:200+100']);
    expect(rows.at(299)?.row).toBe(299);
    expect(rows.at(300)).toBeUndefined();
  });

  it('of a growing list: only what is missing at the end is fetched', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 130);
    await rows.rows(100, 200);
    rows.setView(1, 170);
    await rows.rows(100, 200);
    rows.setView(1, 250);
    await rows.rows(100, 250);
    expect(asked).toEqual(['1:100+30', '1:130+40', '1:170+30', '1:200+50']);
    expect(rows.at(249)?.row).toBe(249);
  });

  it('asked for at the same time are one request', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 100);
    await Promise.all([rows.rows(0, 10), rows.rows(5, 50), rows.rows(0, 100)]);
    expect(asked).toEqual(['1:0+100']);
  });

  it('of another view drop those that are here, and answers that come late', async () => {
    let release = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const rows = new RowSource(async (view, from, count) => {
      if (view === 1) await waiting;
      return { stale: false, rows: Array.from({ length: count }, (_, i) => row(view * 1000 + from + i)) };
    });
    rows.setView(1, 100);
    const late = rows.rows(0, 10);
    rows.setView(2, 50);
    release();
    expect(await late).toBeNull();
    expect((await rows.rows(0, 10))?.[0]?.row).toBe(2000);
  });

  it('that the engine calls stale are not kept', async () => {
    let stale = true;
    const rows = new RowSource(async (_view, from, count) => ({
      stale,
      rows: stale ? [] : Array.from({ length: count }, (_, i) => row(from + i)),
    }));
    rows.setView(1, 10);
    expect(await rows.rows(0, 10)).toEqual([]);
    stale = false;
    expect(await rows.rows(0, 10)).toHaveLength(10);
  });

  it('of two blocks are fetched together', async () => {
    const waiting: (() => void)[] = [];
    const rows = new RowSource(async (_view, from, count) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { stale: false, rows: Array.from({ length: count }, (_, i) => row(from + i)) };
    }, BLOCK_ROWS);
    rows.setView(1, 1000);
    const both = rows.rows(90, 130);
    expect(waiting).toHaveLength(2);
    for (const release of waiting) release();
    expect(await both).toHaveLength(40);
  });

  it('that come next are fetched ahead, but never before what is wanted now', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 350);
    const now = rows.rows(0, 40);
    rows.ahead(40, 180);
    expect(asked).toEqual(['1:0+100']);
    await now;
    rows.ahead(40, 180);
    expect(asked).toEqual(['1:0+100', '1:100+100']);
    await rows.rows(100, 110);
    expect(asked).toHaveLength(2);
    // At the end of the list there is nothing more, at its beginning nothing before.
    await rows.rows(300, 350);
    rows.ahead(350, 500);
    rows.ahead(-50, 10);
    expect(asked).toEqual(['1:0+100', '1:100+100', '1:300+50']);
  });

  it('stay bounded in number however far the list is scrolled', async () => {
    const rows = source([]);
    rows.setView(1, 1_000_000);
    for (let block = 0; block < 200; block++) await rows.rows(block * BLOCK_ROWS, block * BLOCK_ROWS + 1);
    expect([...rows.loaded()].length).toBe(80 * BLOCK_ROWS);
    expect(rows.at(0)).toBeUndefined();
    expect(rows.at(199 * BLOCK_ROWS)?.row).toBe(199 * BLOCK_ROWS);
  });

  it('that came along with news are not asked for, and of a block that has some only the others are', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 1000);
    rows.put(
      1,
      950,
      Array.from({ length: 50 }, (_, i) => row(950 + i)),
    );
    expect(await rows.rows(955, 1000)).toHaveLength(45);
    expect(asked).toEqual([]);
    expect(rows.has(955, 1000)).toBe(true);
    expect(rows.has(949, 1000)).toBe(false);
    await rows.rows(940, 1000);
    expect(asked).toEqual(['1:900+50']);
    expect(rows.at(949)?.row).toBe(949);
  });

  it('may come before their view does', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 10);
    rows.put(2, 0, [row(7)]);
    expect(rows.at(0)).toBeUndefined();
    rows.setView(2, 1);
    expect(rows.at(0)?.row).toBe(7);
    rows.setView(3, 1);
    expect(rows.at(0)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('ahead are asked for when less than half of them is left, in requests that keep the engine from nothing else for long', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 5000);
    rows.ahead(0, 800);
    // The next one only when this one is answered: what is wanted meanwhile goes before it.
    expect(asked).toEqual(['1:0+200']);
    await expect.poll(() => rows.has(0, 800)).toBe(true);
    expect(asked).toEqual(['1:0+200', '1:200+200', '1:400+200', '1:600+200']);
    rows.ahead(300, 1100);
    expect(asked).toHaveLength(4);
    rows.ahead(500, 1300);
    await expect.poll(() => rows.has(800, 1300)).toBe(true);
    expect(asked.slice(4)).toEqual(['1:800+200', '1:1000+200', '1:1200+100']);
    // On the way up the nearer half is the one that ends where the list stands.
    rows.setView(2, 5000);
    rows.ahead(2000, 2800, true);
    await expect.poll(() => rows.has(2000, 2800)).toBe(true);
    expect(asked.slice(7)).toEqual(['2:2600+200', '2:2400+200', '2:2200+200', '2:2000+200']);
    rows.ahead(1800, 2600, true);
    expect(asked).toHaveLength(11);
    rows.ahead(1500, 2300, true);
    await expect.poll(() => rows.has(1500, 2000)).toBe(true);
    expect(asked.slice(11)).toEqual(['2:1800+200', '2:1600+200', '2:1500+100']);
  });

  it('ahead are asked for as soon as nothing is that is wanted now', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 1000);
    const now = rows.rows(0, 40);
    rows.ahead(100, 500);
    expect(asked).toEqual(['1:0+100']);
    await now;
    expect(asked.slice(0, 2)).toEqual(['1:0+100', '1:100+200']);
  });

  it('ahead are fetched around those that are here, and none is left out', async () => {
    const asked: string[] = [];
    const rows = new RowSource(async (_, from, count) => {
      asked.push(`${from}+${count}`);
      return { stale: false, rows: Array.from({ length: count }, (_, i) => row(from + i)) };
    }, 50);
    rows.setView(1, 5000);
    rows.put(
      1,
      50,
      Array.from({ length: 50 }, (_, i) => row(50 + i)),
    );
    rows.ahead(0, 800);
    await expect.poll(() => rows.has(750, 800)).toBe(true);
    expect(rows.has(0, 800)).toBe(true);
    expect(asked).toEqual(['0+50', '100+250', '350+250', '600+200']);
  });

  it('ahead are no more fetched when the list goes where it needs none', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 5000);
    rows.ahead(0, 800);
    rows.giveUp();
    await rows.rows(3000, 3100);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toEqual(['1:0+200', '1:3000+100']);
  });

  it('ahead are given up where the list has gone elsewhere', async () => {
    const asked: string[] = [];
    const rows = source(asked);
    rows.setView(1, 5000);
    rows.ahead(0, 800);
    rows.ahead(3000, 3200);
    await expect.poll(() => rows.has(3000, 3200)).toBe(true);
    expect(asked).toEqual(['1:0+200', '1:3000+200']);
  });
});
