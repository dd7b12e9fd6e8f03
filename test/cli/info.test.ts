/** `sevenfold info --json` of the fixtures. */
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { runInfo } from '../../src/cli/info.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

afterEach(() => vi.restoreAllMocks());

/** What it prints, and its exit status. */
async function info(name: string): Promise<{ status: number; facts: Record<string, unknown>; complaint: string }> {
  let out = '';
  let complaint = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaint += String(text);
    return true;
  });
  const status = await runInfo({ file: fixture(name), json: true });
  vi.restoreAllMocks();
  return { status, facts: out === '' ? {} : JSON.parse(out), complaint };
}

it('tells format, link type, packets, bytes and times of a whole file', async () => {
  const { status, facts } = await info('dns.pcap');
  expect(status).toBe(0);
  expect(facts).toMatchObject({ format: 'pcap', compression: 'none', packets: 26, damage: null });
  expect(facts.linkTypes).toEqual(['Ethernet']);
  expect(facts.start).toMatch(/^\d{10}\.\d{9}$/);
  expect(Number(facts.end)).toBeGreaterThan(Number(facts.start));
});

it('tells the same of a file in the other byte order', async () => {
  expect((await info('dns-big-endian.pcap')).facts).toEqual((await info('dns.pcap')).facts);
});

it('tells every link type of a file with two interfaces', async () => {
  const { facts } = await info('two-interfaces.pcapng');
  expect(facts.format).toBe('pcapng');
  expect(facts.linkTypes).toHaveLength(2);
  expect(facts.interfaces).toHaveLength(2);
  for (const each of facts.interfaces as { timePrecision: number; dropped: number | null }[]) expect([6, 9]).toContain(each.timePrecision);
});

it('tells that a file is compressed', async () => {
  expect((await info('http6.pcap.gz')).facts).toMatchObject({ format: 'pcap', compression: 'gzip', packets: 20 });
});

it('ends with 1 for a file that is cut short, and says what was read and where it ends', async () => {
  const { status, facts, complaint } = await info('damaged.pcap');
  expect(status).toBe(1);
  expect(facts).toMatchObject({ packets: 5 });
  expect(facts.damage).toMatchObject({ packet: expect.any(Number), offset: expect.any(Number), message: expect.any(String) });
  expect(complaint).toContain('damaged.pcap');
});

it('ends with 1 for a file that is not there', async () => {
  const { status, facts, complaint } = await info('no-such.pcap');
  expect(status).toBe(1);
  expect(facts).toEqual({});
  expect(complaint).toContain('no-such.pcap');
});
