/** The rows of a filter: the same as asking every packet, whatever was asked before, and in slices. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { View } from '../../src/engine/view.ts';
import { openCapture } from '../../src/file/open.ts';
import { type CompiledFilter, compileFilter } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { httpMessages } from '../../src/protocols/http-messages.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

function compiled(text: string): CompiledFilter {
  const result = compileFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.filter;
}

function rowsOf(view: View): number[] {
  return Array.from({ length: view.matched }, (_, position) => view.rowAt(position));
}

function whole(capture: Capture, text: string, memory: FilterMemory): View {
  const view = new View(1, capture, compiled(text), memory);
  while (view.advance());
  return view;
}

let capture: Capture;
beforeAll(async () => {
  const read = await readAll(fixture('http.pcap'));
  if (read === null) throw new Error('The fixture could not be read.');
  capture = read.capture as Capture;
});

function asked(text: string): number[] {
  const { matches } = compiled(text);
  return Array.from({ length: capture.packets.length }, (_, row) => row).filter((row) => matches(dissectPacket(capture, row)));
}

const FILTERS = [
  'tcp',
  'http.request',
  'tcp.hdr_len == 32',
  'http.request && tcp.hdr_len == 32',
  'tcp.hdr_len == 32 && http.request && frame.number > 4',
  'not http.request && tcp.len > 0',
  '(http.request or http.response) && ip.ttl > 1',
  'http.response.code == 200 or frame.number < 3',
  'tcp.analysis.flags',
  'ip.src == 10.99.99.99 && http.request',
];

describe('a filtered view', () => {
  it('places a row that it has not at the next one, or at the nearest one', () => {
    const view = whole(capture, 'frame.number in {11, 21, 51}', new FilterMemory(capture));
    expect(rowsOf(view)).toEqual([10, 20, 50]);
    const places = (nearest: boolean) => [0, 10, 12, 15, 30, 40, 99].map((row) => view.positionOf(row, nearest).position);
    expect(places(false)).toEqual([0, 0, 1, 1, 2, 2, 2]);
    expect(places(true)).toEqual([0, 0, 0, 1, 1, 2, 2]);
    view.reorder(2, Uint32Array.of(50, 10, 20));
    expect(places(true)).toEqual([1, 1, 1, 2, 2, 0, 0]);
  });

  it.each(FILTERS)('%s has the rows that match one by one', (text) => {
    expect(rowsOf(whole(capture, text, new FilterMemory(capture)))).toEqual(asked(text));
  });

  it('has the same rows in whatever order filters came before', () => {
    for (const order of [FILTERS, [...FILTERS].reverse()]) {
      const memory = new FilterMemory(capture);
      for (const text of order) expect([text, rowsOf(whole(capture, text, memory))]).toEqual([text, asked(text)]);
    }
  });

  it('that refines the one before dissects only rows that it left', () => {
    const memory = new FilterMemory(capture);
    const first = whole(capture, 'http.request', memory);
    expect(first.dissected).toBeGreaterThan(first.matched);
    const refined = whole(capture, 'http.request && tcp.hdr_len == 32', memory);
    expect(refined.dissected).toBeLessThanOrEqual(first.matched);
    expect(refined.dissected).toBeGreaterThan(0);
    expect(refined.matched).toBeGreaterThan(0);
  });

  it('that was there before dissects nothing', () => {
    const memory = new FilterMemory(capture);
    const first = rowsOf(whole(capture, 'http.request && tcp.hdr_len == 32', memory));
    const again = whole(capture, 'tcp.hdr_len == 32 && http.request', memory);
    expect(again.dissected).toBe(0);
    expect(rowsOf(again)).toEqual(first);
  });

  it('that tests the field of the one before otherwise dissects nothing, and has the same rows', () => {
    const families = [
      [
        'http.response.code == 404',
        'http.response.code >= 300',
        'http.response.code != 200',
        '!(http.response.code == 200)',
        'http.response.code',
      ],
      ['http.request.uri contains "1"', 'http.request.uri', 'http.request.uri matches "^/[a-z]"', 'not http.request.uri contains "a"'],
      ['ip.ttl == 64', 'all ip.ttl > 63', 'ip.ttl in {1..63, 65..255}', 'ip.ttl#1 < 65', 'count(ip.ttl) == 1', 'ip.ttl#2'],
      ['eth.addr[0] == 02', 'any eth.addr contains 02', 'eth.addr != eth.addr', 'len(eth.addr) == 6'],
      ['tcp.options.timestamp.tsval > 0', 'tcp.options.timestamp.tsval == 1', 'max(tcp.options.timestamp.tsval) > 5'],
    ];
    for (const family of families) {
      const memory = new FilterMemory(capture);
      family.forEach((text, i) => {
        const view = whole(capture, text, memory);
        expect([text, rowsOf(view)]).toEqual([text, asked(text)]);
        expect([text, view.dissected > 0]).toEqual([text, i === 0]);
      });
    }
  });

  it('remembers nothing of values where a filter asks about two fields, or what is wrong with a layer', () => {
    const memory = new FilterMemory(capture);
    whole(capture, 'ip.ttl == 64 || http.response.code == 404', memory);
    expect(whole(capture, 'ip.ttl == 63', memory).dissected).toBeGreaterThan(0);
    whole(capture, '_ws.expert.severity > 0', memory);
    expect(whole(capture, '_ws.expert.severity > 1', memory).dissected).toBe(capture.packets.length);
  });

  it('forgets values when it has no room, and when the capture has grown', async () => {
    const small = new FilterMemory(capture, 1);
    whole(capture, 'ip.ttl == 64', small);
    whole(capture, 'http.request', small);
    expect(whole(capture, 'ip.ttl == 63', small).dissected).toBeGreaterThan(0);

    const opened = await openCapture(fixture('http.pcap'), { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const growing = new Capture(opened.reader);
    const memory = new FilterMemory(growing);
    // A request's answer comes later: what was read of the row before is no longer true.
    const text = (n: number) => `http.response_in > ${n}`;
    const view = new View(1, growing, compiled(text(0)), memory);
    for (let limit = 500; limit < 2 * opened.reader.fileBytes; limit += 2000) {
      while ((await growing.step(limit)) === 'more');
      while (view.advance());
    }
    expect(rowsOf(whole(growing, text(1), memory))).toEqual(asked(text(1)));
    await opened.reader.close();
  });

  it('shows its first rows before the last were looked at, in order, and goes on from there', () => {
    const view = new View(1, capture, compiled('ip.ttl > 1'), new FilterMemory(capture));
    const stages: number[][] = [];
    // With no time at all a slice still gets somewhere: sixteen dissections.
    for (let slices = 0; !view.complete && slices < 10_000; slices++) {
      view.advance(0.001);
      stages.push(rowsOf(view));
      expect(view.dissected).toBeLessThanOrEqual(16 * (slices + 1));
    }
    expect(stages.length).toBeGreaterThan(1);
    const last = stages.at(-1) as number[];
    expect(last).toEqual(asked('ip.ttl > 1'));
    for (const stage of stages) expect(stage).toEqual(last.slice(0, stage.length));
    expect(stages[0]?.length).toBeGreaterThan(0);
    expect(stages[0]?.length).toBeLessThan(last.length);
  });

  it('that is stopped keeps what it has', () => {
    const view = new View(1, capture, compiled('http.request'), new FilterMemory(capture));
    view.advance(0.001);
    const found = rowsOf(view);
    view.stop();
    expect(view.advance()).toBe(false);
    expect(view.complete).toBe(true);
    expect(rowsOf(view)).toEqual(found);
  });

  it('finds the place of a row, and of one that it does not have', () => {
    const view = whole(capture, 'http.request', new FilterMemory(capture));
    const rows = asked('http.request');
    rows.forEach((row, position) => {
      expect(view.positionOf(row)).toEqual({ position, exact: true });
    });
    const last = rows.at(-1) as number;
    const gap = rows.findIndex((row, position) => rows[position + 1] !== row + 1);
    expect(view.positionOf((rows[gap] as number) + 1)).toEqual({ position: gap + 1, exact: false });
    expect(view.positionOf(last + 1)).toEqual({ position: rows.length - 1, exact: false });
  });

  it('on a capture that grows is the same as on the whole one', async () => {
    const opened = await openCapture(fixture('http.pcap'), { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const growing = new Capture(opened.reader);
    const memory = new FilterMemory(growing);
    const view = new View(1, growing, compiled('http.request && tcp.hdr_len == 32'), memory);
    const size = opened.reader.fileBytes;
    for (let limit = 500; ; limit += 777) {
      while ((await growing.step(limit)) === 'more');
      while (view.advance());
      if (limit > size) break;
    }
    expect(growing.packets.length).toBe(capture.packets.length);
    expect(rowsOf(view)).toEqual(asked('http.request && tcp.hdr_len == 32'));
    await opened.reader.close();
  });

  it('took as long as the packets took that were there: what comes later does not add to it', async () => {
    const opened = await openCapture(fixture('http.pcap'), { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const growing = new Capture(opened.reader);
    const half = Math.floor(opened.reader.fileBytes / 2);
    while ((await growing.step(half)) === 'more');
    const there = growing.packets.length;
    const [live, file] = [there, undefined].map(
      (timed) => new View(1, growing, compiled('http.request && tcp.hdr_len == 32'), new FilterMemory(growing), timed),
    ) as [View, View];
    for (const view of [live, file]) while (view.advance());
    const [took, before] = [live.state.elapsedMs, file.state.elapsedMs];
    expect(took).toBeGreaterThan(0);
    while ((await growing.step()) === 'more');
    expect(growing.packets.length).toBeGreaterThan(there);
    for (const view of [live, file]) while (view.advance());
    expect(live.state.elapsedMs).toBe(took);
    expect(file.state.elapsedMs).toBeGreaterThan(before);
    expect(rowsOf(live)).toEqual(rowsOf(file));
    await opened.reader.close();
  });
});

describe('what filters have found out', () => {
  it('is forgotten when there is too much of it, but for the filter at hand', () => {
    const memory = new FilterMemory(capture, 40_000);
    for (const text of FILTERS) {
      whole(capture, text, memory);
      expect([text, memory.bytes <= 40_000 + 3 * 16_384]).toEqual([text, true]);
    }
    expect(whole(capture, 'http.request', memory).dissected).toBeGreaterThan(0);
  });

  it('by dissection is asked again when the capture has grown: some fields tell of later packets', async () => {
    const opened = await openCapture(fixture('http.pcap'), { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const growing = new Capture(opened.reader);
    const memory = new FilterMemory(growing);
    const answered = asked('http.response_in');
    const first = answered[0] as number;
    // Up to the first request; its answer comes later.
    const chunk = capture.packets.chunkOf(first);
    while ((await growing.step(chunk.offsetOf(first) + (chunk.capLen[first] as number))) === 'more');
    expect(growing.packets.length).toBe(first + 1);
    expect(whole(growing, 'http.response_in', memory).matched).toBe(0);
    while ((await growing.step()) === 'more');
    expect(rowsOf(whole(growing, 'http.response_in', memory))).toEqual(answered);
    await opened.reader.close();
  });
});

it('a dissection without texts has the values of one with them', async () => {
  for (const name of [
    'http.pcap',
    'tcp-refused.pcap',
    'dns.pcap',
    'icmp.pcap',
    'http6.pcap',
    'tcp-loss.pcap',
    'snapped.pcap',
    'vlan.pcap',
    'sll2.pcap',
  ]) {
    const read = await readAll(fixture(name));
    if (read === null) throw new Error(`${name} could not be read.`);
    for (let row = 0; row < read.capture.packets.length; row++) {
      const [bare, full] = [dissectPacket(read.capture, row, false), dissectPacket(read.capture, row)].map((d) => [
        ...[...d.fieldDefs].map(([node, field]) => [field.abbrev, node.value, node.offset, node.length]),
        // The packet list is made without them.
        d.columns,
      ]);
      expect(bare).toEqual(full);
    }
  }
});

it('a dissection without fields has the protocols, the layers from TCP on, and the HTTP messages of one with them', async () => {
  let messages = 0;
  for (const name of [
    ...['http.pcap', 'http6.pcap', 'dns.pcap', 'icmp.pcap', 'snapped.pcap', 'vlan.pcap', 'sll2.pcap'],
    ...['rough/loss.pcap', 'rough/reorder.pcap', 'web/session.pcap', 'web/http2.pcap', 'web/h2c.pcap', 'web/websocket.pcap'],
  ]) {
    const read = await readAll(fixture(name));
    if (read === null) throw new Error(`${name} could not be read.`);
    for (let row = 0; row < read.capture.packets.length; row++) {
      const [bare, full] = [dissectPacket(read.capture, row, true, false), dissectPacket(read.capture, row)];
      const said = (d: typeof full) => d.layers.map((layer) => [layer.protocol, httpMessages.get(layer) ?? null]);
      expect(bare.protocolNames).toEqual(full.protocolNames);
      const left = said(full).slice(0, full.layers.length - bare.layers.length);
      expect(said(bare)).toEqual(said(full).slice(left.length));
      expect(left.some(([protocol, message]) => protocol === 'tcp' || message !== null)).toBe(false);
      expect(bare.fieldDefs.size).toBe(0);
      expect(bare.layers.flatMap(({ fields }) => fields)).toEqual([]);
      messages += bare.layers.filter((layer) => httpMessages.has(layer)).length;
    }
  }
  expect(messages).toBeGreaterThan(100);
});
