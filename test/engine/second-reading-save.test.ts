/** A file that is being written while the capture is read a second time: it is written whole, of what was open when it was begun. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { WholeFile } from '../../src/file/whole-file.ts';

/** Opened by the test. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
const gates = vi.hoisted(() => ({ secondReading: Promise.resolve() }));
vi.mock('../../src/engine/second-reading.ts', async (original) => {
  const actual = await original<typeof import('../../src/engine/second-reading.ts')>();
  const readAgain: typeof actual.readAgain = async (...args) => {
    await gates.secondReading;
    return actual.readAgain(...args);
  };
  return { readAgain };
});

const tls = path.join(import.meta.dirname, '..', 'fixtures', 'tls');

it('saves what was open when it was begun, though the second reading is done before it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-again-'));
  const [reading, writing] = [gate(), gate()];
  gates.secondReading = reading.passed;
  const create = WholeFile.create.bind(WholeFile);
  const spy = vi.spyOn(WholeFile, 'create').mockImplementation(async (to) => {
    await writing.passed;
    return create(to);
  });
  let phase = '';
  let packets = 0;
  const engine = new Engine((name, value) => {
    if (name === 'state' && value !== null) ({ phase, packets } = value as { phase: string; packets: number });
  });
  try {
    // Behind a segment that is missing something encrypted waits to the end.
    const whole = readFileSync(path.join(tls, 'tls13.pcap'));
    const pieces = [whole.subarray(0, 24)];
    for (let at = 24, number = 1; at < whole.length; number++) {
      const end = at + 16 + whole.readUInt32LE(at + 8);
      if (number >= 37 && number <= 50 && number !== 48 && number !== 49) pieces.push(whole.subarray(at, end));
      at = end;
    }
    const file = path.join(folder, 'part.pcap');
    writeFileSync(file, Buffer.concat(pieces));
    await engine.handle('open', { path: file, capture: 1, name: 'part', keyLogFile: path.join(tls, 'tls13.keys') });
    await vi.waitFor(() => expect(packets).toBe(12), 60_000);
    const target = { kind: 'tcp', stream: 0 } as const;
    const summary = await engine.handle('followStream', target);
    const saving = engine.handle('save', { path: path.join(folder, 'sent'), what: 'stream', target });
    reading.open();
    await vi.waitFor(() => expect(phase).toBe('done'), 60_000);
    writing.open();
    const { bytes, missing } = (summary as { value: { bytes: [number, number]; missing: [number, number] } }).value;
    const sent = bytes[0] + bytes[1] - missing[0] - missing[1];
    expect(await saving).toMatchObject({ ok: true, value: { whole: true, bytes: sent } });
    expect(readFileSync(path.join(folder, 'sent'))).toHaveLength(sent);
    expect(sent).toBeGreaterThan(1000);
  } finally {
    spy.mockRestore();
    await engine.handle('close', {});
    rmSync(folder, { recursive: true });
  }
});
