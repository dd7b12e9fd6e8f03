/** What becomes of the connections in the fixtures, which were made to end in each of these ways (test/fixtures/make.sh). */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectionCount, connectionRow, connectionSummary } from '../../src/connections/connections.ts';
import type { ConnectionSummary } from '../../src/messages.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

async function connectionsOf(name: string): Promise<ConnectionSummary[]> {
  const read = await readAll(fixture(name));
  if (read === null) throw new Error(`${name} could not be opened`);
  const all = Array.from({ length: connectionCount(read.capture) }, (_, stream) => connectionSummary(read.capture, stream));
  await read.reader.close();
  return all;
}

async function onlyConnectionOf(name: string): Promise<ConnectionSummary> {
  const all = await connectionsOf(name);
  expect(all.length).toBe(1);
  return all[0] as ConnectionSummary;
}

describe('a connection', () => {
  it('that was refused is closed on both sides by the server’s reset', async () => {
    expect(await onlyConnectionOf('tcp-refused.pcap')).toMatchObject({
      server: '192.0.2.2:4444',
      handshake: 'refused',
      clientState: 'CLOSED',
      serverState: 'CLOSED',
      close: 'reset',
      closedBy: 'server',
      outcome: 'Refused',
      handshakeRttMs: null,
      packetsClient: 1,
      packetsServer: 1,
    });
  });

  it('that the server reset after the request was completed before', async () => {
    const row = await onlyConnectionOf('tcp-reset.pcap');
    expect(row).toMatchObject({
      handshake: 'completed',
      clientState: 'CLOSED',
      serverState: 'CLOSED',
      close: 'reset',
      closedBy: 'server',
      outcome: 'Reset by server',
      received: 0,
    });
    expect(row.sent).toBeGreaterThan(0);
    expect(row.handshakeRttMs).toBeGreaterThan(0);
  });

  it('that nobody answers stays in SYN-SENT, with every repeated SYN counted', async () => {
    const row = await onlyConnectionOf('tcp-unanswered.pcap');
    expect(row).toMatchObject({
      handshake: 'unanswered',
      clientState: 'SYN-SENT',
      serverState: null,
      close: 'none',
      closedBy: null,
      outcome: 'No answer',
      packetsServer: 0,
    });
    expect(row.synRetransmissions).toBe(row.packetsClient - 1);
    expect(row.synRetransmissions).toBeGreaterThan(1);
  });

  it('whose last ACK never arrives is half-open, and the server repeats its SYN/ACK', async () => {
    const row = await onlyConnectionOf('tcp-half-open.pcap');
    expect(row).toMatchObject({
      handshake: 'half-open',
      serverState: 'SYN-RECEIVED',
      close: 'none',
      closedBy: null,
      outcome: 'Half-open',
      packetsClient: 1,
      handshakeRttMs: null,
    });
    expect(row.packetsServer).toBeGreaterThan(1);
    expect(row.retransmissions).toBe(row.packetsServer - 1);
  });

  it('that loses segments gets them again, and still ends with both FINs', async () => {
    const rows = await connectionsOf('tcp-loss.pcap');
    expect(rows.length).toBe(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        handshake: 'completed',
        close: 'fin',
        closedBy: 'client',
        clientState: 'TIME-WAIT',
        serverState: 'CLOSED',
      });
      expect(row.retransmissions).toBeGreaterThan(0);
      expect(row.received).toBeGreaterThan(40_000);
    }
  });

  it('whose receiver stops reading goes on after the window has opened again', async () => {
    const row = await onlyConnectionOf('tcp-zero-window.pcap');
    expect(row).toMatchObject({ server: '192.0.2.2:9003', handshake: 'completed', close: 'fin', closedBy: 'client' });
    expect(row.sent).toBeGreaterThanOrEqual(120_000);
    expect(row.durationMs).toBeGreaterThan(1000);
    expect(row.activity.some(({ kind }) => kind === 'bad')).toBe(true);
  });

  it('whose start was not captured has the asking side as its client, and its end is known all the same', async () => {
    expect(await onlyConnectionOf('tcp-midway.pcap')).toMatchObject({
      server: '192.0.2.2:80',
      handshake: 'not-captured',
      handshakeRttMs: null,
      close: 'fin',
      closedBy: 'server',
      clientState: 'CLOSED',
      serverState: 'TIME-WAIT',
      outcome: 'Closed by server',
    });
  });

  it('over IPv6 has its addresses in brackets', async () => {
    const row = await onlyConnectionOf('http6.pcap');
    expect(row.server).toBe('[2001:db8::2]:80');
    expect(row.client).toMatch(/^\[2001:db8::1\]:\d+$/);
  });
});

it('the sample that ships with the program has a page, a slow answer and a refusal, and a lost segment that is repaired', async () => {
  const rows = await connectionsOf('../../samples/first-look.pcapng');
  expect(rows.map(({ outcome }) => outcome)).toContain('Refused');
  expect(rows.some(({ retransmissions }) => retransmissions > 0)).toBe(true);
  expect(rows.some(({ server, durationMs }) => server.endsWith(':9002') && durationMs > 1200 && durationMs < 2000)).toBe(true);
});

it('a connection row does not change with the compression of its file', async () => {
  const [plain, packed] = [await readAll(fixture('http6.pcap')), await readAll(fixture('http6.pcap.gz'))];
  if (plain === null || packed === null) throw new Error('http6.pcap could not be opened');
  expect(connectionRow(packed.capture, 0)).toEqual(connectionRow(plain.capture, 0));
  await plain.reader.close();
  await packed.reader.close();
});
