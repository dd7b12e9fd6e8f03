import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { PulseCounter } from '../../src/engine/pulse.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';
import { readAll } from '../golden/table.ts';
import { captureOf, eth, ip4, u16 } from '../protocols/network-packets.ts';

const ARP = eth(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]);
/** Datagram between two ports that nothing is registered for, and a DNS query. */
const udp = (port: number, payload: readonly number[]): Uint8Array =>
  eth(0x0800, ip4([...u16(40_000), ...u16(port), ...u16(8 + payload.length), 0, 0, ...payload], { proto: 17 }));
const PLAIN = udp(40_001, [1, 2, 3]);
const DNS = udp(53, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]);

/** One more packet at a time of our choice. */
function add(capture: Capture, frame: Uint8Array, sec: number): void {
  capture.packet(frame, 0, frame.length, frame.length, sec, 0, 0, 0, false);
}
const sum = (values: readonly number[] | undefined): number => (values ?? []).reduce((all, each) => all + each, 0);

describe('the pulse of a capture', () => {
  it('counts the packets of each second by layer, with the names of the protocol column', () => {
    const capture = captureOf([]);
    for (const [frame, sec] of [
      [ARP, 1000],
      [PLAIN, 1000],
      [PLAIN, 1001],
      [DNS, 1001],
      [DNS, 1001],
    ] as const)
      add(capture, frame, sec);
    const pulse = new PulseCounter(capture).at(1001);
    expect(pulse.series.map(({ hue, names, others }) => [hue, names, others])).toEqual([
      ['link', ['ARP'], 0],
      ['tra', ['UDP'], 0],
      ['app', ['DNS'], 0],
    ]);
    expect(pulse.series.map(({ perSecond }) => perSecond.slice(-3))).toEqual([
      [0, 1, 0],
      [0, 1, 1],
      [0, 0, 2],
    ]);
    expect(pulse.series.every(({ perSecond }) => perSecond.length === 60)).toBe(true);
  });

  it('says the same of a real capture as its dissection does', async () => {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap'));
    if (read === null) throw new Error('the fixture could not be opened');
    const { capture } = read;
    const last = capture.packets.length - 1;
    const until = capture.packets.chunkOf(last).sec[last & CHUNK_MASK] as number;
    const pulse = new PulseCounter(capture).at(until);
    const expected = new Map<string, number>();
    for (let row = 0; row <= last; row++) {
      const { hue } = dissectPacket(capture, row).columns;
      expected.set(hue, (expected.get(hue) ?? 0) + 1);
    }
    expect(Object.fromEntries(pulse.series.map(({ hue, perSecond }) => [hue, sum(perSecond)]))).toEqual(Object.fromEntries(expected));
    expect(pulse.connections).toMatchObject({ total: 8, done: 8, open: 0, refused: 0 });
    await read.reader.close();
  });

  it('forgets what is older than a minute, while the capture grows and in one go', () => {
    const growing = captureOf([]);
    const counter = new PulseCounter(growing);
    for (let sec = 1000; sec < 1200; sec++) {
      add(growing, PLAIN, sec);
      if (sec % 3 === 0) add(growing, DNS, sec);
      const pulse = counter.at(sec);
      const seconds = Math.min(60, sec - 999);
      expect(sum(pulse.series.find(({ hue }) => hue === 'tra')?.perSecond)).toBe(seconds);
      expect(
        pulse.series
          .find(({ hue }) => hue === 'tra')
          ?.perSecond.slice(-seconds)
          .every((n) => n === 1),
      ).toBe(true);
    }
    expect(counter.at(1199)).toEqual(new PulseCounter(growing).at(1199));
    // Nothing came for a while: the bars move on to the left, and out.
    expect(
      counter
        .at(1229)
        .series.find(({ hue }) => hue === 'tra')
        ?.perSecond.slice(29, 31),
    ).toEqual([1, 0]);
    expect(counter.at(1259).series).toEqual([]);
    // After a silence of more than a minute the old seconds do not come back.
    add(growing, DNS, 1500);
    expect(counter.at(1500).series).toMatchObject([{ hue: 'app', names: ['DNS'] }]);
    expect(sum(counter.at(1500).series[0]?.perSecond)).toBe(1);
  });

  it('goes on with a clock that was set back', () => {
    const capture = captureOf([]);
    const counter = new PulseCounter(capture);
    add(capture, PLAIN, 5000);
    counter.at(5000);
    add(capture, PLAIN, 4990);
    expect(sum(counter.at(5000).series[0]?.perSecond)).toBe(2);
    add(capture, PLAIN, 2000);
    expect(sum(counter.at(2000).series[0]?.perSecond)).toBe(1);
  });

  it('counts connections by what became of their handshakes', async () => {
    for (const [file, outcome] of [
      ['tcp-refused.pcap', { refused: 1, open: 0 }],
      ['tcp-unanswered.pcap', { unanswered: 1, open: 0 }],
      ['tcp-half-open.pcap', { halfOpen: 1, open: 0 }],
      ['tcp-reset.pcap', { done: 1, open: 0 }],
      ['tcp-midway.pcap', { notCaptured: 1 }],
    ] as const) {
      const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', file));
      if (read === null) throw new Error(`${file} could not be opened`);
      expect(new PulseCounter(read.capture).at(0).connections, file).toMatchObject({ total: 1, ...outcome });
      await read.reader.close();
    }
  });
});
