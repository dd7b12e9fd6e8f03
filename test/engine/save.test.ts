/** Saving packets: nothing that is read and shown of a capture is lost without a word. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packetJson } from '../../src/cli/packet-text.ts';
import { Capture } from '../../src/engine/capture.ts';
import { type SavedRows, save } from '../../src/engine/save.ts';
import { openCapture } from '../../src/file/open.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { be, le, type Order } from '../file/build.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-save-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = path.join(import.meta.dirname, '../fixtures');
const START = 1_760_000_000_000_000n;
const frame = (n: number): Buffer =>
  Buffer.from(`ffffffffffff00010203040508060001080006040001${'00'.repeat(19)}${n.toString(16).padStart(2, '0')}`, 'hex');

/** Two interfaces, described as far as can be; packets with flags and comments, with one of these, with none; counts at the end. */
function rich(order: Order): Buffer {
  const described = (name: string): Buffer[] => [
    order.option(2, name),
    order.option(3, `the ${name} interface`),
    order.option(11, '\u0000arp'),
    order.option(12, 'Linux 6'),
    order.option(14, order.u64(3600n)),
    order.option(15, 'e1000'),
  ];
  const flags = (value: number): Buffer => order.option(2, order.u32(value));
  const counted = (iface: number, ticks: bigint, received: number, dropped: number): Buffer =>
    order.block(
      5,
      order.u32(iface, Number(ticks >> 32n), Number(ticks & 0xffffffffn)),
      order.option(4, order.u64(BigInt(received))),
      order.option(5, order.u64(BigInt(dropped))),
    );
  return Buffer.concat([
    order.section(order.option(1, 'taken in the cellar')),
    order.interface(1, 0, ...described('eth0')),
    order.interface(1, 1500, ...described('eth1'), order.option(9, Uint8Array.of(9))),
    order.packet(0, START, frame(0), 60, order.option(1, 'first'), flags(1), order.option(1, 'second')),
    order.packet(1, START * 1000n + 123n, frame(1), 60, flags(0x81000006)),
    order.packet(0, START + 2n, frame(2), 60, order.option(1, 'third')),
    order.packet(0, START + 3n, frame(3)),
    counted(0, START + 1_000_000n, 5_000_000_001, 7),
    counted(1, START * 1000n + 5n, 12, 0),
  ]);
}

async function read(file: string): Promise<Capture> {
  const opened = await openCapture(file);
  if (!opened.ok) throw new Error(opened.failure.message);
  const capture = new Capture(opened.reader);
  while ((await capture.step()) === 'more');
  opened.reader.finish();
  return capture;
}

/** A file with these bytes, read. */
async function captured(name: string, bytes: Uint8Array): Promise<Capture> {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return read(file);
}

/** Saves, and reads what was saved. */
async function saved(
  capture: Capture,
  name: string,
  rows: readonly number[] | null = null,
): Promise<{ again: Capture; note: string | null }> {
  const file = path.join(folder, name);
  const view: SavedRows | null = rows === null ? null : { matched: rows.length, rowAt: (position) => rows[position] as number };
  const answer = await save(capture, file, name.endsWith('.pcap') ? 'pcap' : 'pcapng', view);
  if (!answer.ok) throw new Error(answer.failure.message);
  return { again: await read(file), note: answer.value.note };
}

const shown = (capture: Capture): string[] =>
  Array.from({ length: capture.packets.length }, (_, row) => JSON.stringify(packetJson(dissectPacket(capture, row))));

const timesOf = (packet: string): string[] => packet.match(/"frame\.time_epoch":"[^"]*"/g) ?? [];

it.each([
  ['little', le],
  ['big', be],
])('a whole pcapng capture in %s-endian order that is saved as one shows all that it showed', async (name, order) => {
  const capture = await captured(`rich-${name}.pcapng`, rich(order));
  const { again, note } = await saved(capture, `rich-${name}-saved.pcapng`);
  expect(note).toBeNull();
  expect(shown(again)).toEqual(shown(capture));
  expect([0, 1, 2, 3].map((row) => again.flagsOf(row))).toEqual([1, 0x81000006, null, null]);
  expect(again.reader.comments).toEqual(['taken in the cellar']);
  expect(again.interfaces).toEqual(capture.interfaces);
  expect(again.interfaces).toMatchObject([
    { name: 'eth0', received: 5_000_000_001, dropped: 7, countedAt: { sec: 1_760_003_601, nsec: 0 } },
    { name: 'eth1', received: 12, dropped: 0, countedAt: { sec: 1_760_003_600, nsec: 5 } },
  ]);
});

it('what interfaces counted stays where all packets are saved in another order, and is left out, with a word, where some are', async () => {
  const capture = await captured('counts.pcapng', rich(le));
  const turned = await saved(capture, 'turned.pcapng', [3, 2, 1, 0]);
  expect(turned.note).toBeNull();
  expect(turned.again.interfaces.map(({ dropped }) => dropped)).toEqual([7, 0]);
  const some = await saved(capture, 'some.pcapng', [1, 2]);
  expect(some.again.interfaces.map(({ dropped, received }) => [dropped, received])).toEqual([
    [null, null],
    [null, null],
  ]);
  expect([0, 1].map((row) => some.again.flagsOf(row))).toEqual([0x81000006, null]);
  expect(some.note).toBe('Not in the file, since it is about the whole capture: counts of received and dropped packets.');
});

it('a pcap file has no place for much of it, and all that it lacks is named', async () => {
  const capture = await captured('much.pcapng', rich(le));
  const { again, note } = await saved(capture, 'much.pcap');
  expect(again.packets.length).toBe(4);
  expect(note).toBe(
    'Not in the file, since pcap has no place for it: 4 comments, packet flags, descriptions of interfaces, counts of received and dropped packets.',
  );
  // Of the packets that are in it.
  expect((await saved(capture, 'last.pcap', [3])).note).toBe(
    'Not in the file, since pcap has no place for it: 1 comment, descriptions of interfaces, counts of received and dropped packets.',
  );
});

it('a pcap file that came from one lacks nothing', async () => {
  const capture = await read(path.join(fixtures, 'dns.pcap'));
  expect((await saved(capture, 'dns.pcap')).note).toBeNull();
  expect((await saved(capture, 'dns-some.pcapng', [1, 2])).note).toBeNull();
});

it('secrets inside a capture stay in pcapng, and are named where pcap lacks them', async () => {
  const capture = await read(path.join(fixtures, 'tls/tls13-dsb.pcapng'));
  const kept = await saved(capture, 'secrets.pcapng');
  expect(shown(kept.again)).toEqual(shown(capture));
  expect((await saved(capture, 'secrets.pcap')).note).toMatch(/TLS secrets\.$/);
});

it.each([
  ['whole seconds', 0],
  ['milliseconds', 3],
  ['tenths of a microsecond', 7],
  ['1024ths of a second', 0x80 | 10],
  ['2^-20 s', 0x80 | 20],
])('times that the file has in %s stay exactly what they are', async (name, resolution) => {
  const ticks = [1n, 2n, 1023n, 1_760_000_001n];
  const capture = await captured(
    `${name.replace(/\W/g, '-')}.pcapng`,
    Buffer.concat([
      le.section(),
      le.interface(1, 0, le.option(9, Uint8Array.of(resolution))),
      ...ticks.map((each, n) => le.packet(0, each, frame(n))),
    ]),
  );
  const { again } = await saved(capture, 'times.pcapng');
  expect(shown(again)).toEqual(shown(capture));
  // Units of a power of ten are kept, too.
  if (resolution < 0x80) expect(again.interfaces).toEqual(capture.interfaces);
  expect(shown((await saved(again, 'times.pcap')).again).map(timesOf)).toEqual(shown(capture).map(timesOf));
});

it.skipIf(!existsSync('/usr/bin/tshark'))('tshark reads the same flags, comments, interfaces and times from what was saved', async () => {
  const capture = await captured('shark.pcapng', rich(le));
  await saved(capture, 'shark-saved.pcapng');
  const fields = ['frame.packet_flags', 'frame.comment', 'frame.interface_name', 'frame.interface_description', 'frame.time_epoch'];
  const told = (name: string): string =>
    execFileSync('tshark', ['-n', '-r', path.join(folder, name), '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  expect(told('shark.pcapng')).toContain('0x00000001\tfirst,second\teth0');
  expect(told('shark-saved.pcapng')).toBe(told('shark.pcapng'));
  const about = (name: string): string[] =>
    execFileSync('capinfos', [path.join(folder, name)], { encoding: 'utf8' })
      .split('\n')
      // Times are written with the offset added, in units that are always named.
      .filter((line) => /^ {5,}(?! |Time resolution|Timestamp offset)/.test(line));
  expect(about('shark.pcapng').join('\n')).toContain('Number of stat entries = 1');
  expect(about('shark-saved.pcapng')).toEqual(about('shark.pcapng'));
});

it('the same capture saved twice is the same file', async () => {
  const capture = await captured('twice.pcapng', rich(le));
  const once = await saved(capture, 'once.pcapng');
  await saved(once.again, 'again.pcapng');
  expect(readFileSync(path.join(folder, 'again.pcapng')).equals(readFileSync(path.join(folder, 'once.pcapng')))).toBe(true);
});

it('packets from before 1970 keep their times as pcapng, and are not given others as pcap', async () => {
  const early = Buffer.concat([
    le.section(),
    le.interface(1, 65535, le.option(14, le.u64(-631_152_000n))),
    ...[0n, 1_500_000n, 2_000_000_000_000_000n].map((ticks, n) => le.packet(0, ticks, frame(n))),
  ]);
  const capture = await captured('early.pcapng', early);
  const timesOf = ({ packets }: Capture): number[][] =>
    Array.from({ length: packets.length }, (_, row) => [packets.chunkOf(row).sec[row] as number, packets.chunkOf(row).nsec[row] as number]);
  const times = [
    [-631_152_000, 0],
    [-631_151_999, 500_000_000],
    [1_368_848_000, 0],
  ];
  expect(timesOf(capture)).toEqual(times);
  expect(timesOf((await saved(capture, 'again.pcapng')).again)).toEqual(times);
  expect(timesOf((await saved(capture, 'late.pcap', [2])).again)).toEqual([times[2]]);
  const file = path.join(folder, 'refused.pcap');
  expect(await save(capture, file, 'pcap', null)).toMatchObject({ ok: false, failure: { advice: 'Save it as pcapng instead.' } });
  expect(existsSync(file)).toBe(false);
});
