/** FTP (RFC 959, RFC 2428): the control connection, and the data connections that it announces. */
import { formatIpv4 } from '../bytes/format.ts';
import { bool, ipv4, names, string, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { expectations } from '../flow/expected.ts';
import { app, begins, firstLine, nextLine } from './app-kit.ts';
import { dataTextLines } from './media.ts';
import { looksLikeTls } from './tls.ts';

const f = {
  request: bool('ftp.request', 'Request', { bool: ['True', 'False'] }),
  response: bool('ftp.response', 'Response', { bool: ['True', 'False'] }),
  command: string('ftp.request.command', 'Request command'),
  argument: string('ftp.request.arg', 'Request arg'),
  code: uint32('ftp.response.code', 'Response code', {
    names: names({
      125: 'Data connection already open; transfer starting',
      150: 'File status okay; about to open data connection',
      200: 'Command okay',
      220: 'Service ready for new user',
      221: 'Service closing control connection',
      226: 'Closing data connection',
      227: 'Entering Passive Mode',
      229: 'Entering Extended Passive Mode',
      230: 'User logged in, proceed',
      250: 'Requested file action okay, completed',
      331: 'User name okay, need password',
      530: 'Not logged in',
      550: 'Requested action not taken: File unavailable',
    }),
  }),
  responseArgument: string('ftp.response.arg', 'Response arg'),
  activeIp: ipv4('ftp.active.ip', 'Active IP address'),
  activePort: uint16('ftp.active.port', 'Active port'),
  passiveIp: ipv4('ftp.passive.ip', 'Passive IP address'),
  passivePort: uint16('ftp.passive.port', 'Passive port'),
} as const;

export const ftpData = app({
  name: 'ftp-data',
  short: 'FTP-DATA',
  title: 'FTP Data',
  fields: [],
  sticky: true,
  read(layer, b, d) {
    layer.size(0);
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

function index(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (w.quoted) return;
  const active = begins(b, o, end, 'PORT ');
  if (active || begins(b, o, end, '227 ')) {
    if (readNumbers(b, firstDigit(b, o + 4, end), end) !== 6) return;
    const table = w.capture.state(expectations);
    const port = ((numbers[4] as number) << 8) | ((numbers[5] as number) & 0xff);
    for (let i = 0; i < 4; i++) address[i] = numbers[i] as number;
    table.expect(w.capture.addresses.intern4(address, 0), port, ftpData.id);
    // Behind a translator the announced address is another than the one in the packets.
    table.expect(w.src, port, ftpData.id);
  } else if (begins(b, o, end, '229 ')) {
    let i = o;
    while (i < end && b[i] !== 124) i++;
    while (i < end && b[i] === 124) i++;
    if (readNumbers(b, i, end) >= 1) w.capture.state(expectations).expect(w.src, numbers[0] as number, ftpData.id);
  } else if (begins(b, o, end, 'EPRT ')) {
    let i = o + 5;
    const mark = b[i];
    for (let bars = 0; i < end && bars < 3; i++) if (b[i] === mark) bars++;
    if (readNumbers(b, i, end) >= 1) w.capture.state(expectations).expect(w.src, numbers[0] as number, ftpData.id);
  }
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
    const request = d.transport !== null && d.transport.dstPort === 21;
    layer.add(f.request, b.offset, 0, request, { hidden: true });
    layer.add(f.response, b.offset, 0, !request, { hidden: true });
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
      }
      const port = /^(?:PORT |227 .*?\(?)([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+)/.exec(line);
      if (port !== null) {
        const ip = Uint8Array.from(port.slice(1, 5), Number);
        node.add(request ? f.activeIp : f.passiveIp, at, line.length, ip, { display: formatIpv4(ip) });
        node.add(request ? f.activePort : f.passivePort, at, line.length, ((Number(port[5]) << 8) | Number(port[6])) & 0xffff);
      }
      at = next;
    }
    return `${request ? 'Request' : 'Response'}: ${firstLine(b, b.offset)}`;
  },
});
