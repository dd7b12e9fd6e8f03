/** What the facets count, and that what was counted is not counted again. */
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { Facets } from '../../src/engine/facets.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { View } from '../../src/engine/view.ts';
import { openCapture } from '../../src/file/open.ts';
import { compileFilter } from '../../src/filter/index.ts';
import type { Facet } from '../../src/messages.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

async function read(fixture: string): Promise<Capture> {
  const opened = await openCapture(path.join(import.meta.dirname, '..', 'fixtures', fixture));
  if (!opened.ok) throw new Error(opened.failure.message);
  closing.push(() => opened.reader.close());
  const capture = new Capture(opened.reader);
  while ((await capture.step()) === 'more');
  return capture;
}

function viewOf(capture: Capture, text: string): View {
  const compiled = compileFilter(text);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.error.message}`);
  const view = new View(1, capture, text === '' ? null : compiled.filter, new FilterMemory(capture));
  while (view.advance());
  return view;
}
const group = (facets: readonly Facet[], id: Facet['id']): Facet['values'] => facets.find((each) => each.id === id)?.values ?? [];

describe('the facets', () => {
  it.each([
    ['protocols', 'http.pcap'],
    ['hosts', 'http.pcap'],
    ['trouble', 'tcp-loss.pcap'],
  ] as const)('of %s count the packets that the filter of each value leaves', async (id, fixture) => {
    const capture = await read(fixture);
    const values = group(await new Facets(capture).of(viewOf(capture, '')), id);
    expect(values.length).toBeGreaterThan(0);
    for (const { filter, count, total } of values) {
      expect([filter, total]).toEqual([filter, viewOf(capture, filter).matched]);
      expect(count).toBe(total);
    }
  });

  it('of status codes count all answers with a code, and those of the connections in view', async () => {
    const capture = await read('http.pcap');
    const facets = new Facets(capture);
    const all = group(await facets.of(viewOf(capture, '')), 'statuses');
    expect(all.every(({ label, count, total }) => label !== '0' && count === total)).toBe(true);
    expect(all.reduce((sum, { total }) => sum + total, 0)).toBe(viewOf(capture, 'http.response').matched);
    const one = group(await facets.of(viewOf(capture, 'tcp.stream == 1')), 'statuses');
    expect(one.map(({ label, total }) => [label, total])).toEqual(all.map(({ label, total }) => [label, total]));
    const answers = viewOf(capture, 'tcp.stream == 1 && http.response').matched;
    expect(answers).toBeGreaterThan(0);
    expect(one.reduce((sum, { count }) => sum + count, 0)).toBe(answers);
  });

  it('of status codes count answers in view, not all of a connection of which some packets are', async () => {
    const capture = await read('http.pcap');
    const facets = new Facets(capture);
    for (const filter of ['http.request', 'frame.number < 20', 'frame.number >= 20', 'http.response.code == 200', 'tcp.port == 80']) {
      const values = group(await facets.of(viewOf(capture, filter)), 'statuses');
      // A group ignores its own condition.
      const others = filter.startsWith('http.response.code') ? '' : `${filter} && `;
      for (const value of values) {
        expect([filter, value.label, value.count]).toEqual([filter, value.label, viewOf(capture, others + value.filter).matched]);
      }
    }
  });

  it('of the whole capture are made anew only when there are more packets: each key that is typed in the filter asks for them', async () => {
    const facets = new Facets(await read('http.pcap'));
    const first = facets.totals();
    expect(facets.totals()).toBe(first);
  });
});
