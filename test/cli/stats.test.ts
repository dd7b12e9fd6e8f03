/** `sevenfold stats`: its sums beside those of tshark, where that is installed, and of the capture itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runStats } from '../../src/cli/stats.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import { fixture, printed } from './run.ts';

const tshark = spawnSync('tshark', ['--version']).status === 0;

async function table(name: string, which: string, filter = '', interval = 1): Promise<Record<string, number | string>[]> {
  const { status, out } = await printed(() => runStats({ file: fixture(name), table: which, filter, interval, json: true }));
  expect(status).toBe(0);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** "protocol depth packets bytes" of tshark's hierarchy down to the transport's rider, which both programs count alike. */
function hierarchy(name: string): string[] {
  const text = execFileSync('tshark', ['-n', '-r', fixture(name), '-q', '-z', 'io,phs'], { stdio: 'pipe' }).toString();
  return [...text.matchAll(/^( *)(\S+) +frames:(\d+) bytes:(\d+)/gm)].map(([, blanks = '', protocol, packets, bytes]) => {
    return `${protocol} ${blanks.length / 2} ${packets} ${bytes}`;
  });
}

for (const name of ['dns.pcap', 'loopback.pcap', 'tcp-refused.pcap', 'tcp-loss.pcap', 'vlan.pcap', 'sll.pcap']) {
  it.skipIf(!tshark)(`counts the protocols of ${name} as tshark does`, async () => {
    const rows = await table(name, 'protocols');
    const ours = rows.map((row) => `${row.protocol} ${row.depth} ${row.packets} ${row.bytes}`);
    // Which layer a body is, the index does not know: tshark's deeper rows are left out.
    const theirs = hierarchy(name).filter((row) => !/^(data-text-lines|tcp\.segments|json|media|image)/.test(row));
    expect(ours.toSorted()).toEqual(expect.arrayContaining(theirs.filter((row) => Number(row.split(' ')[1]) < 4).toSorted()));
  });
}

it('adds up: every packet of a TCP capture is in one conversation, and sent and received once', async () => {
  const all = await table('http.pcap', 'conversations');
  const tcp = all.filter((row) => row.kind === 'tcp');
  const sum = (rows: typeof all, ...names: string[]) => rows.reduce((t, row) => t + names.reduce((u, n) => u + Number(row[n]), 0), 0);
  const packets = sum(tcp, 'packetsAtoB', 'packetsBtoA');
  expect(packets).toBeGreaterThan(50);
  expect(packets).toBe(sum(await table('http.pcap', 'io', 'tcp'), 'packets'));
  expect(sum(tcp, 'bytesAtoB', 'bytesBtoA')).toBe(sum(await table('http.pcap', 'io', 'tcp'), 'bytes'));
  const ends = (await table('http.pcap', 'endpoints')).filter((row) => row.kind === 'tcp');
  expect(sum(ends, 'packetsSent')).toBe(packets);
  expect(sum(ends, 'packetsReceived')).toBe(packets);
});

it('counts only what a filter chooses', async () => {
  const rows = await table('http.pcap', 'conversations', 'tcp.stream == 1');
  expect(rows.filter((row) => row.kind === 'tcp').map((row) => row.stream)).toEqual([1]);
});

it('widens the interval rather than print millions of rows', async () => {
  const { complaint, out } = await printed(() =>
    runStats({ file: fixture('tcp-unanswered.pcap'), table: 'io', filter: '', interval: 0.000001, json: true }),
  );
  expect(complaint).toContain('is used');
  expect(out.trim().split('\n').length).toBeLessThanOrEqual(100_000);
});

it('counts packets from before the first one in the first interval, as tshark does', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-stats-'));
  try {
    const file = path.join(folder, 'a.pcap');
    const made = CaptureWriter.create(file, { format: 'pcap', interfaces: [{ linkType: 1, snapLength: 65_535 }] });
    if (!made.ok) throw new Error(made.failure.message);
    for (const seconds of [1000, 998, 995, 1002.5])
      made.value.append(new Uint8Array(60), 0, 60, 60, Math.floor(seconds), (seconds % 1) * 1e9, 0);
    await made.value.close();
    const { out } = await printed(() => runStats({ file, table: 'io', filter: '', interval: 1, json: true }));
    const ours = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).packets);
    expect(ours).toEqual([3, 0, 1]);
    if (!tshark) return;
    const theirs = execFileSync('tshark', ['-n', '-r', file, '-q', '-z', 'io,stat,1'], { stdio: 'pipe' }).toString();
    expect([...theirs.matchAll(/<>[^|]*\| +(\d+) \|/g)].map(([, packets]) => Number(packets))).toEqual(ours);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('lists the notes of the packets, the gravest first', async () => {
  const rows = await table('tcp-reset.pcap', 'expert');
  expect(rows.some((row) => row.severity === 'warn' && String(row.summary).includes('reset'))).toBe(true);
  const order = ['error', 'warn', 'note', 'chat'];
  const grades = rows.map((row) => order.indexOf(String(row.severity)));
  expect(grades).toEqual(grades.toSorted((a, b) => a - b));
});

it('says which tables there are, and where a filter is wrong', async () => {
  const file = fixture('dns.pcap');
  const unknown = await printed(() => runStats({ file, table: 'weather', filter: '', interval: 1, json: false }));
  expect(unknown.status).toBe(2);
  expect(unknown.complaint).toContain('"weather"');
  const filter = await printed(() => runStats({ file, table: 'io', filter: 'tcp.port ==', interval: 1, json: false }));
  expect(filter.status).toBe(2);
  expect(filter.complaint).toContain('position');
});
