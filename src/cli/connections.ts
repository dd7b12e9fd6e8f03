/** `sevenfold connections`: one row per TCP connection, in order of `tcp.stream`. */

import { serverCertificates } from '../connections/certificates.ts';
import { connectionCount, connectionRow, outcomeOf, tcpStreamOf } from '../connections/connections.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { compileFilter } from '../filter/index.ts';
import type { ConnectionRow } from '../messages.ts';
import { dissectFor } from '../protocols/dissect-packet.ts';
import { jsonText } from '../words/printable.ts';
import { complain, complainFilter, readCapture, UNREADABLE, USAGE } from './load.ts';
import { Output } from './output.ts';

export interface ConnectionsOptions {
  readonly file: string;
  readonly filter: string;
  readonly json: boolean;
  /** With `json`: `certificates` of each row says what the server's certificates say; null where there are none to read. */
  readonly certificates?: boolean;
}

export async function runConnections(options: ConnectionsOptions): Promise<number> {
  if (options.certificates === true && !options.json) {
    complain('--certificates goes with --json: a line has no room for them.');
    return USAGE;
  }
  const compiled = compileFilter(options.filter);
  if (!compiled.ok) {
    complainFilter(options.filter, compiled.error);
    return USAGE;
  }
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const { capture } = result;
  const total = connectionCount(capture);
  const wanted = new Uint8Array(total).fill(options.filter.trim() === '' ? 1 : 0);
  if (options.filter.trim() !== '') {
    const rows = new RowFilter(capture, compiled.filter);
    for (let row = 0; row < capture.packets.length; row++) {
      const stream = tcpStreamOf(capture, row);
      if (stream === null || wanted[stream] === 1) continue;
      const verdict = rows.columns(row);
      if (verdict === true || (verdict === null && compiled.filter.matches(dissectFor(capture, row, compiled.filter.wanted))))
        wanted[stream] = 1;
    }
  }
  const out = new Output();
  if (!options.json) out.write(`${HEAD}\n`);
  for (let stream = 0; stream < total; stream++) {
    if (wanted[stream] === 0) continue;
    const row = connectionRow(capture, stream);
    const more = options.certificates === true ? { certificates: certificatesOf(capture, stream) } : {};
    out.write(options.json ? `${jsonText({ ...row, ...more })}\n` : `${lineOf(row)}\n`);
    await out.drain();
  }
  await out.flush();
  return result.status;
}

function certificatesOf(capture: CaptureIndex, stream: number): object | null {
  const found = serverCertificates(capture, stream);
  if (found === null) return null;
  const { serverName, inAll, certificates } = found.chain;
  return { frame: found.row + 1, serverName, inAll, list: certificates };
}

const HEAD = `${'#'.padStart(5)}  ${'client'.padEnd(28)} ${'server'.padEnd(28)} ${'outcome'.padEnd(22)} ${'handshake'.padEnd(12)} ${'rtt ms'.padStart(9)} ${'duration ms'.padStart(12)} ${'packets'.padStart(13)} ${'bytes'.padStart(17)}  states`;

function lineOf(row: ConnectionRow): string {
  const rtt = row.handshakeRttMs === null ? '-' : row.handshakeRttMs.toFixed(3);
  const states = `${row.clientState ?? '?'} / ${row.serverState ?? '?'}`;
  return [
    `${String(row.stream).padStart(5)} `,
    row.client.padEnd(28),
    row.server.padEnd(28),
    outcomeOf(row).outcome.padEnd(22),
    row.handshake.padEnd(12),
    rtt.padStart(9),
    row.durationMs.toFixed(3).padStart(12),
    `${row.packetsClient}/${row.packetsServer}`.padStart(13),
    `${row.bytesClient}/${row.bytesServer}`.padStart(17),
    ` ${states}`,
  ].join(' ');
}
