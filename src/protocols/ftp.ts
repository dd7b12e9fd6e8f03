/** FTP (RFC 959, RFC 2428): the control connection, and the data connections that it announces. */
import { formatIpv4 } from '../bytes/format.ts';
import { parseIpv4, parseIpv6 } from '../dissect/addresses.ts';
import type { Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, expert, framenum, ipv4, ipv6, names, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { ANY_PEER, expectations, NO_PEER } from '../flow/expected.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { app, begins, firstLine, nextLine } from './app-kit.ts';
import { dataTextLines } from './data-text-lines.ts';
import { ftpSessions } from './ftp-sessions.ts';
import { looksLikeTls } from './tls.ts';
import { elapsed } from './udp.ts';

const f = {
  request: bool('ftp.request', 'Request', { bool: ['True', 'False'] }),
  response: bool('ftp.response', 'Response', { bool: ['True', 'False'] }),
  command: string('ftp.request.command', 'Request command'),
  argument: string('ftp.request.arg', 'Request arg'),
  code: uint32('ftp.response.code', 'Response code', {
    names: names({
      110: 'Restart marker reply',
      120: 'Service ready in nnn minutes',
      125: 'Data connection already open; transfer starting',
      150: 'File status okay; about to open data connection',
      200: 'Command okay',
      202: 'Command not implemented, superfluous at this site',
      211: 'System status, or system help reply',
      212: 'Directory status',
      213: 'File status',
      214: 'Help message',
      215: 'NAME system type',
      220: 'Service ready for new user',
      221: 'Service closing control connection',
      225: 'Data connection open; no transfer in progress',
      226: 'Closing data connection',
      227: 'Entering Passive Mode',
      229: 'Entering Extended Passive Mode',
      230: 'User logged in, proceed',
      232: 'User logged in, authorized by security data exchange',
      234: 'Security data exchange complete',
      235: 'Security data exchange completed successfully',
      250: 'Requested file action okay, completed',
      257: 'PATHNAME created',
      331: 'User name okay, need password',
      332: 'Need account for login',
      334: 'Requested security mechanism is ok',
      335: 'Security data is acceptable, more is required',
      336: 'Username okay, need password. Challenge is ...',
      350: 'Requested file action pending further information',
      421: 'Service not available, closing control connection',
      425: "Can't open data connection",
      426: 'Connection closed; transfer aborted',
      431: 'Need some unavailable resource to process security',
      450: 'Requested file action not taken',
      451: 'Requested action aborted: local error in processing',
      452: 'Requested action not taken. Insufficient storage space in system',
      500: 'Syntax error, command unrecognized',
      501: 'Syntax error in parameters or arguments',
      502: 'Command not implemented',
      503: 'Bad sequence of commands',
      504: 'Command not implemented for that parameter',
      522: 'Network protocol not supported',
      530: 'Not logged in',
      532: 'Need account for storing files',
      533: 'Command protection level denied for policy reasons',
      534: 'Request denied for policy reasons',
      535: 'Failed security check (hash, sequence, etc)',
      536: 'Requested PROT level not supported by mechanism',
      537: 'Command protection level not supported by security mechanism',
      550: 'Requested action not taken: File unavailable',
      551: 'Requested action aborted: page type unknown',
      552: 'Requested file action aborted: Exceeded storage allocation',
      553: 'Requested action not taken: File name not allowed',
      631: 'Integrity protected reply',
      632: 'Confidentiality and integrity protected reply',
      633: 'Confidentiality protected reply',
    }),
  }),
  responseArgument: string('ftp.response.arg', 'Response arg'),
  activeIp: ipv4('ftp.active.cip', 'Active IP address'),
  activeNat: bool('ftp.active.nat', 'Active IP NAT', { generated: true, bool: TRUE_FALSE }),
  activePort: uint16('ftp.active.port', 'Active port'),
  passiveIp: ipv4('ftp.passive.ip', 'Passive IP address'),
  passivePort: uint16('ftp.passive.port', 'Passive port'),
  passiveNat: bool('ftp.passive.nat', 'Passive IP NAT', { generated: true, bool: TRUE_FALSE }),
  eprtFamily: uint8('ftp.eprt.af', 'Extended active address family', { names: names({ 1: 'IPv4', 2: 'IPv6' }) }),
  eprtIp: ipv4('ftp.eprt.ip', 'Extended active IP address'),
  eprtIpv6: ipv6('ftp.eprt.ipv6', 'Extended active IPv6 address'),
  eprtPort: uint16('ftp.eprt.port', 'Extended active port'),
  epsvIp: ipv4('ftp.epsv.ip', 'Extended passive IPv4 address'),
  epsvIpv6: ipv6('ftp.epsv.ipv6', 'Extended passive IPv6 address'),
  epsvPort: uint16('ftp.epsv.port', 'Extended passive port'),
  eprtInvalid: expert('ftp.eprt.args_invalid', 'warn', 'EPRT arguments must have the form: |<family>|<addr>|<port>|', 'malformed'),
  epsvInvalid: expert('ftp.epsv.args_invalid', 'warn', 'EPSV arguments must have the form (|||<port>|)', 'malformed'),
  pathInvalid: expert('ftp.response.pwd.invalid', 'error', 'Invalid PWD response', 'malformed'),
  setupFrame: framenum('ftp.setup-frame', 'Setup frame', { generated: true }),
  dataCommand: string('ftp.command', 'Command', { generated: true }),
  commandFrame: framenum('ftp.command-frame', 'Command frame', { generated: true }),
  frames: uint32('ftp.command-response.frames', 'Command response frames', { generated: true }),
  bytes: uint32('ftp.command-response.bytes', 'Command response bytes', { generated: true }),
  firstFrame: framenum('ftp.command-response.first-frame-num', 'Command response first frame', { generated: true }),
  lastFrame: framenum('ftp.command-response.last-frame-num', 'Command response last frame', { generated: true }),
  duration: uint32('ftp.command-response.duration', 'Response duration', { generated: true, unit: 'ms' }),
  bitrate: uint32('ftp.command-response.bitrate', 'Response bitrate', { generated: true, unit: 'Kbps' }),
  directory: string('ftp.current-working-directory', 'Current working directory', { generated: true }),
} as const;

const data = {
  setupFrame: framenum('ftp-data.setup-frame', 'Setup frame', { generated: true }),
  setupMethod: string('ftp-data.setup-method', 'Setup method', { generated: true }),
  command: string('ftp-data.command', 'Command', { generated: true }),
  commandFrame: framenum('ftp-data.command-frame', 'Command frame', { generated: true }),
  directory: string('ftp-data.current-working-directory', 'Current working directory', { generated: true }),
} as const;

export const ftpData = app({
  name: 'ftp-data',
  short: 'FTP-DATA',
  title: 'FTP Data',
  fields: Object.values(data),
  sticky: true,
  index(w) {
    if (w.quoted) return;
    const setup = w.capture.state(ftpSessions).attach(w.stream, w.src, w.srcPort, w.dst, w.dstPort);
    if (setup === undefined) return;
    if (setup.frames++ === 0) setup.firstRow = w.row;
    setup.lastRow = w.row;
    setup.bytes += w.wireEnd - w.offset;
  },
  read(layer, b, d) {
    layer.size(0);
    const sessions = d.capture.state(ftpSessions);
    const setup = d.transport === null ? undefined : sessions.setupOf(d.transport.stream);
    if (setup !== undefined) {
      layer.add(data.setupFrame, b.offset, 0, setup.row + 1);
      layer.add(data.setupMethod, b.offset, 0, setup.method);
      // A server may send before it has read on: a command in a later packet is not yet known here.
      if (setup.command !== '' && setup.commandRow <= d.row) {
        layer.add(data.command, b.offset, 0, setup.command);
        layer.add(data.commandFrame, b.offset, 0, setup.commandRow + 1);
        const directory = sessions.directory(setup.control, setup.commandRow);
        if (directory !== '') layer.add(data.directory, b.offset, 0, directory);
      }
    }
    if (isText(b.bytes, b.offset, b.end)) d.call(dataTextLines, b);
    d.columns.info = `FTP Data: ${b.length} bytes`;
    return d.columns.info;
  },
});

/** Nothing but printable ASCII and white space. */
function isText(bytes: Uint8Array, offset: number, end: number): boolean {
  for (let i = offset; i < end; i++) {
    const c = bytes[i] as number;
    if ((c < 32 || c > 126) && !(c >= 9 && c <= 13)) return false;
  }
  return true;
}

const numbers = new Uint16Array(6);

/** Reads up to six decimal numbers separated by commas into `numbers`; gives how many. */
function readNumbers(b: Uint8Array, from: number, end: number): number {
  let count = 0;
  let value = -1;
  for (let i = from; i < end && count < 6; i++) {
    const c = b[i] as number;
    if (c >= 48 && c <= 57) value = Math.min(65535, Math.max(0, value) * 10 + c - 48);
    else if (value >= 0) {
      numbers[count++] = value;
      value = -1;
      if (c !== 44) return count;
    } else if (c === 10) return count;
  }
  if (value >= 0 && count < 6) numbers[count++] = value;
  return count;
}

/** Where the digits of "227 ... (1,2,3,4,5,6)" begin: after the code, the first digit. */
function firstDigit(b: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && !((b[i] as number) >= 48 && (b[i] as number) <= 57)) i++;
  return i;
}

const address = new Uint8Array(4);
const CONTROL_PORT = 21;
const DATA_PORT = 20;

/** Longest line that is looked at for the session. */
const MAX_LINE = 1024;

/** The line that begins at `from`, without its end; bytes as they are. */
function lineAt(b: Uint8Array, from: number, end: number): string {
  let to = from;
  while (to < end && to - from < MAX_LINE && b[to] !== 13 && b[to] !== 10) to++;
  return Buffer.from(b.buffer, b.byteOffset + from, to - from).toString('utf8');
}

function index(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (w.quoted || end - o < 3) return;
  const sessions = w.capture.state(ftpSessions);
  if (w.dstPort === CONTROL_PORT) sessions.command(w.stream, w.row, lineAt(b, o, end));
  else {
    const code = readNumbers(b, o, Math.min(end, o + 4)) > 0 ? (numbers[0] as number) : 0;
    if (code >= 200) sessions.reply(w.stream, w.row, code, code === 257 ? lineAt(b, o, end) : '');
  }
  const active = begins(b, o, end, 'PORT ');
  if (active || begins(b, o, end, '227 ')) {
    if (readNumbers(b, firstDigit(b, o + 4, end), end) !== 6) return;
    const port = ((numbers[4] as number) << 8) | ((numbers[5] as number) & 0xff);
    for (let i = 0; i < 4; i++) address[i] = numbers[i] as number;
    announce(w, active ? 'PORT' : 'PASV', port, w.capture.addresses.intern4(address, 0));
  } else if (begins(b, o, end, '229 ')) {
    let i = o;
    while (i < end && b[i] !== 124) i++;
    while (i < end && b[i] === 124) i++;
    if (readNumbers(b, i, end) >= 1) announce(w, 'EPASV', numbers[0] as number, w.src);
  } else if (begins(b, o, end, 'EPRT ')) {
    let i = o + 5;
    const mark = b[i];
    for (let bars = 0; i < end && bars < 3; i++) if (b[i] === mark) bars++;
    if (readNumbers(b, i, end) >= 1) announce(w, 'EPRT', numbers[0] as number, w.src);
  }
}

/** Behind a translator the announced address is another than the one in the packets: both are expected. */
function announce(w: IndexWalk, method: string, port: number, address: number): void {
  const table = w.capture.state(expectations);
  const sessions = w.capture.state(ftpSessions);
  const setup = sessions.setup(w.stream, w.row, method);
  // A server's data port is the one below its control port, says the standard: Wireshark has it so. Others are expected all the same.
  const active = method === 'PORT';
  table.expect(address, port, ftpData.id, method === 'EPRT' ? NO_PEER : active ? DATA_PORT : ANY_PEER);
  sessions.announce(address, port, setup);
  if (address === w.src) return;
  table.expect(w.src, port, ftpData.id, active ? NO_PEER : ANY_PEER);
  sessions.announce(w.src, port, setup);
}

/** Extended addresses and ports (RFC 2428) in a line of the control connection. */
function extended(node: Node, request: boolean, at: number, line: string, source: Uint8Array): void {
  const eprt = request ? /^EPRT +(.)([12])\1([0-9a-fA-F.:]{2,45})\1(\d{1,5})\1/i.exec(line) : null;
  if (eprt !== null) {
    const [, , family, text = '', port] = eprt;
    node.add(f.eprtFamily, at, line.length, Number(family));
    const number = family === '1' ? parseIpv4(text) : null;
    const long = family === '2' ? parseIpv6(text) : null;
    if (number !== null) node.add(f.eprtIp, at, line.length, Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number));
    if (long !== null) node.add(f.eprtIpv6, at, line.length, long);
    node.add(f.eprtPort, at, line.length, Number(port) & 0xffff);
    if ((number === null && long === null) || Number(port) > 0xffff) node.expert(f.eprtInvalid);
  } else if (request && /^EPRT\b/i.test(line)) node.expert(f.eprtInvalid);
  const epsv = request ? null : /^229 .*?\((.)\1\1(\d{1,5})\1\)/.exec(line);
  if (epsv !== null) {
    if (source.length > 0) node.add(source.length === 4 ? f.epsvIp : f.epsvIpv6, at, 0, source, { generated: true });
    node.add(f.epsvPort, at, line.length, Number(epsv[2]) & 0xffff);
  } else if (!request && line.startsWith('229 ')) node.expert(f.epsvInvalid);
  // The path stands in quotes, which are doubled within it (RFC 959, appendix II).
  if (!request && line.startsWith('257 ') && !/^257 "(?:[^"]|"")+"/.test(line)) node.expert(f.pathInvalid);
}

/** The address that sent the packet; empty where there is none. */
function sourceOf(d: Dissection): Uint8Array {
  const id = d.capture.packets.chunkOf(d.row).src[d.row & CHUNK_MASK] as number;
  return id === NONE ? new Uint8Array(0) : d.capture.addresses.bytes(id);
}

/** What came of an announcement or a command that moves data: only the whole capture tells. */
function addTransfer(layer: Layer, at: number, d: Dissection): void {
  const setup = d.capture.state(ftpSessions).setupAt(d.row);
  if (setup === undefined || setup.command === '') return;
  if (setup.row === d.row) {
    layer.add(f.dataCommand, at, 0, setup.command);
    layer.add(f.commandFrame, at, 0, setup.commandRow + 1);
  } else layer.add(f.setupFrame, at, 0, setup.row + 1);
  if (setup.commandRow !== d.row || setup.frames === 0) return;
  layer.add(f.frames, at, 0, setup.frames);
  layer.add(f.bytes, at, 0, setup.bytes);
  layer.add(f.firstFrame, at, 0, setup.firstRow + 1);
  layer.add(f.lastFrame, at, 0, setup.lastRow + 1);
  const { sec, nsec } = elapsed(d.capture.packets, setup.firstRow, setup.lastRow);
  const duration = sec * 1000 + Math.trunc(nsec / 1_000_000);
  if (duration <= 0) return;
  layer.add(f.duration, at, 0, duration);
  layer.add(f.bitrate, at, 0, Math.trunc((setup.bytes * 8) / duration));
}

/** After STARTTLS the connection is TLS (RFC 3207, RFC 2595, RFC 4217). */
function clear(bytes: Uint8Array, offset: number, end: number): boolean {
  return !looksLikeTls(bytes, offset, end);
}

export const ftp = app({
  name: 'ftp',
  short: 'FTP',
  accepts: clear,
  title: 'File Transfer Protocol (FTP)',
  fields: Object.values(f),
  index,
  read(layer, b, d) {
    const request = d.transport !== null && d.transport.dstPort === CONTROL_PORT;
    layer.add(f.request, b.offset, 0, request, { hidden: true });
    layer.add(f.response, b.offset, 0, !request, { hidden: true });
    const source = sourceOf(d);
    let count = 0;
    for (let at = b.offset; at < b.end && count < 200; count++) {
      const next = nextLine(b, at);
      const line = firstLine(b, at, 1000);
      const node = layer.text(at, next - at, line);
      if (request && count === 0) {
        const [command = '', ...rest] = line.split(' ');
        node.add(f.command, at, command.length, command);
        if (rest.length > 0) node.add(f.argument, at + command.length + 1, line.length - command.length - 1, rest.join(' '));
      } else if (!request && /^[0-9]{3}/.test(line)) {
        node.add(f.code, at, 3, Number(line.slice(0, 3)));
        if (line.length > 4) node.add(f.responseArgument, at + 4, line.length - 4, line.slice(4));
      } else if (!request && count === 0 && line !== '') node.add(f.responseArgument, at, line.length, line);
      const port = /^(?:PORT |227 .*?\(?)([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+)/.exec(line);
      if (port !== null) {
        const ip = Uint8Array.from(port.slice(1, 5), Number);
        node.add(request ? f.activeIp : f.passiveIp, at, line.length, ip, { display: formatIpv4(ip) });
        node.add(request ? f.activePort : f.passivePort, at, line.length, ((Number(port[5]) << 8) | Number(port[6])) & 0xffff);
        // The address in the words is not that of the packet: a translator stands between.
        if (source.length > 0 && Buffer.compare(source, ip) !== 0) node.add(request ? f.activeNat : f.passiveNat, at, 0, true);
      }
      extended(node, request, at, line, source);
      at = next;
    }
    const directory = d.transport?.kind === 'tcp' ? d.capture.state(ftpSessions).directory(d.transport.stream, d.row) : '';
    if (directory !== '') layer.add(f.directory, b.offset, 0, directory);
    if (d.capture.onePass !== true) addTransfer(layer, b.offset, d);
    return `${request ? 'Request' : 'Response'}: ${firstLine(b, b.offset)}`;
  },
});
