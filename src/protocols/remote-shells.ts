/** Berkeley's rlogin (RFC 1282), rsh and rexec: octets of a terminal, after a beginning in which the client says who it is. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, type FieldDef, string } from '../dissect/field.ts';
import { app, firstLine } from './app-kit.ts';

/** Texts ended by a zero octet, one for each of `fields`, if that is all that the client says first. */
function opening(layer: Layer, b: Buf, d: Dissection, fields: readonly FieldDef[]): boolean {
  if (d.transport?.fromClient !== true) return false;
  let at = b.offset;
  const stops: number[] = [];
  for (const _ of fields) {
    const stop = b.indexOf(0, at);
    if (stop < 0) return false;
    stops.push(stop);
    at = stop + 1;
  }
  if (!/^\d{0,5}$/.test(b.text(b.offset, (stops[0] as number) - b.offset))) return false;
  at = b.offset;
  for (const [i, field] of fields.entries()) {
    layer.string(field, at, (stops[i] as number) - at + 1, { zero: true });
    at = (stops[i] as number) + 1;
  }
  return true;
}

const rloginData = string('rlogin.data', 'Data');
export const rlogin = app({
  name: 'rlogin',
  short: 'Rlogin',
  title: 'Rlogin Protocol',
  pdu: 'Data',
  fields: [rloginData],
  read(layer, b) {
    layer.string(rloginData, b.offset, b.length);
    return `Data: ${firstLine(b, b.offset, 80)}`;
  },
});

const r = {
  port: string('rsh.stderr_port', 'Stderr port (optional)'),
  client: string('rsh.client_username', 'Client username'),
  server: string('rsh.server_username', 'Server username'),
  command: string('rsh.command', 'Command to execute'),
  toServer: bytes('rsh.client_server_data', 'Client -> Server Data'),
  toClient: bytes('rsh.server_client_data', 'Server -> Client Data'),
};
export const rsh = app({
  name: 'rsh',
  short: 'RSH',
  title: 'Remote Shell',
  pdu: 'Data',
  fields: Object.values(r),
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient === true;
    if (opening(layer, b, d, [r.port, r.client, r.server, r.command])) return 'Session Establishment';
    layer.bytes(fromClient ? r.toServer : r.toClient, b.offset, b.length);
    return fromClient ? 'Client -> Server data' : 'Server -> Client Data';
  },
});

const e = {
  port: string('exec.stderr_port', 'Stderr port (optional)'),
  user: string('exec.username', 'Client username'),
  password: string('exec.password', 'Client password'),
  command: string('exec.command', 'Command to execute'),
  toServer: bytes('exec.client_server_data', 'Client -> Server Data'),
  toClient: bytes('exec.server_client_data', 'Server -> Client Data'),
};
export const exec = app({
  name: 'exec',
  short: 'EXEC',
  title: 'Remote Process Execution',
  pdu: 'Data',
  fields: Object.values(e),
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient === true;
    if (opening(layer, b, d, [e.port, e.user, e.password, e.command])) return 'Session Establishment';
    layer.bytes(fromClient ? e.toServer : e.toClient, b.offset, b.length);
    return fromClient ? 'Client -> Server data' : 'Server -> Client Data';
  },
});
