/** SSH (RFC 4253): identification lines, and the binary packets of the key exchange, which is in clear text. */

import { createHash } from 'node:crypto';
import { octetIn } from '../bytes/octet.ts';
import type { Dissection, Node } from '../dissect/dissection.ts';
import { bool, bytes, names, string, uint8, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import type { FieldNode } from '../messages.ts';
import { app, be32, begins, each, firstLine, nextLine } from './app-kit.ts';
import { agreed, kexFields, kexMessage, kexName, keyExchanges, offered, VERSION_1 } from './ssh-kex.ts';

const messageNames = names({
  1: 'Disconnect',
  2: 'Ignore',
  3: 'Unimplemented',
  4: 'Debug',
  5: 'Service Request',
  6: 'Service Accept',
  20: 'Key Exchange Init',
  21: 'New Keys',
  30: 'Diffie-Hellman Key Exchange Init',
  31: 'Diffie-Hellman Key Exchange Reply',
  32: 'Diffie-Hellman Group Exchange Init',
  33: 'Diffie-Hellman Group Exchange Reply',
  34: 'Diffie-Hellman Group Exchange Request',
});
const NEW_KEYS = 21;
/** Longer ones are taken for encrypted, as tshark does. */
const MAX_PACKET = 0xfffe;

const f = {
  protocol: string('ssh.protocol', 'Protocol'),
  packetLength: uint32('ssh.packet_length', 'Packet Length'),
  paddingLength: uint8('ssh.padding_length', 'Padding Length'),
  message: uint8('ssh.message_code', 'Message Code', { names: messageNames }),
  payload: bytes('ssh.payload', 'Payload'),
  sequence: uint32('ssh.seq_num', 'Sequence number', { generated: true, kept: true }),
  encryptedLength: bytes('ssh.packet_length_encrypted', 'Packet Length (encrypted)'),
  encrypted: bytes('ssh.encrypted_packet', 'Encrypted Packet'),
  direction: bool('ssh.direction', 'Direction', { generated: true, bool: ['server-to-client', 'client-to-server'] }),
  padding: bytes('ssh.padding_string', 'Padding String'),
  cookie: bytes('ssh.cookie', 'Cookie'),
  firstFollows: uint8('ssh.first_kex_packet_follows', 'First KEX Packet Follows'),
  reserved: bytes('ssh.kex.reserved', 'Reserved'),
  hasshAlgorithms: string('ssh.kex.hassh_algorithms', 'hasshAlgorithms', { generated: true }),
  hassh: string('ssh.kex.hassh', 'hassh', { generated: true }),
  hasshServerAlgorithms: string('ssh.kex.hasshserver_algorithms', 'hasshServerAlgorithms', { generated: true }),
  hasshServer: string('ssh.kex.hasshserver', 'hasshServer', { generated: true }),
};
/** The name lists of a key exchange (RFC 4253 section 7.1), in order. */
const LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms_client_to_server',
  'encryption_algorithms_server_to_client',
  'mac_algorithms_client_to_server',
  'mac_algorithms_server_to_client',
  'compression_algorithms_client_to_server',
  'compression_algorithms_server_to_client',
  'languages_client_to_server',
  'languages_server_to_client',
].map((name) => ({ text: string(`ssh.${name}`, `${name} string`), length: uint32(`ssh.${name}_length`, `${name} length`) }));
const KEX_INIT = 20;

/** The algorithms that one side offers; returns where they end. */
function keyExchangeInit(node: Node, from: number, end: number, fromClient: boolean): number {
  const b = node.buf;
  const tree = node.text(from, end - from, 'Algorithms');
  tree.bytes(f.cookie, from, 16);
  let at = from + 16;
  const lists: string[] = [];
  for (const list of LISTS) {
    if (at + 4 > end) return end;
    const length = tree.uint(list.length, at);
    if (length > end - at - 4) return end;
    const text = b.text(at + 4, length);
    tree.add(list.text, at + 4, length, text);
    lists.push(text);
    at += 4 + length;
  }
  if (at + 5 > end) return end;
  tree.uint(f.firstFollows, at);
  tree.bytes(f.reserved, at + 1, 4);
  // HASSH: a fingerprint of the lists that a program offers for its own direction.
  const own = fromClient ? [0, 2, 4, 6] : [0, 3, 5, 7];
  const algorithms = own.map((i) => lists[i] ?? '').join(';');
  tree.add(fromClient ? f.hasshAlgorithms : f.hasshServerAlgorithms, at, 0, algorithms);
  tree.add(fromClient ? f.hassh : f.hasshServer, at, 0, createHash('md5').update(algorithms).digest('hex'));
  return at + 5;
}

/** Registers: `a` is 1 once the direction's messages are encrypted, `b` from New Keys on, `c` 1 + the number of the next packet (0 where the
 * begin was not seen), `phase` 1 for a packet and 0 for the line before them. `own`: the key exchange methods that the direction offers. */
const framer: Framer = {
  early: true,
  feed(side, b, offset, end) {
    const carried = side.carryLength;
    const have = carried + end - offset;
    if (side.a === 1) return end;
    const at = (i: number): number => (i < carried ? side.carry?.[i] : b[offset + i - carried]) as number;
    if (have < 6) return at(0) === 0 || at(0) === 83 ? NEED_MORE : end;
    if (at(0) === 83 && at(1) === 83 && at(2) === 72 && at(3) === 45) {
      const feed = octetIn(b, 10, offset, end);
      side.phase = 0;
      return feed < 0 ? (have > 512 ? end : NEED_MORE) : feed + 1;
    }
    const length = (at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3);
    if (length < 2 || length > MAX_PACKET || !messageNames.has(at(5))) {
      side.a = 1;
      return end;
    }
    const whole = length + 4;
    side.phase = 1;
    if (at(5) === NEW_KEYS) side.b = 1;
    if (whole > have) {
      side.need = whole - have;
      side.keep = at(5) === KEX_INIT;
      return NEED_MORE;
    }
    return offset + whole - carried;
  },
  done(side) {
    if (side.phase === 0) {
      if (side.c === 0) side.c = 1;
    } else if (side.c > 0 && side.a === 0) {
      side.capture.state(keyExchanges).noteNumber(side.row, side.c - 1);
      side.c++;
    }
    if (side.b === 0 || side.a === 1) return;
    side.a = 1;
    side.capture.state(keyExchanges).noteChange(side.stream, side.fromClient, side.row);
  },
  content(side, _w, b, offset, end) {
    if (side.own !== null) return;
    let at = offset;
    while (at + 6 <= end) {
      if (begins(b, at, end, 'SSH-')) {
        const feed = octetIn(b, 10, at, end);
        if (feed < 0) return;
        // 1.99 is version 2 that would also speak version 1 (RFC 4253 section 5.1).
        if (begins(b, at, end, 'SSH-1.') && !begins(b, at, end, 'SSH-1.99')) {
          side.own = side.peer.own = [];
          side.capture.state(keyExchanges).noteMethod(side.stream, VERSION_1);
          return;
        }
        at = feed + 1;
        continue;
      }
      const length = be32(b, at);
      if (length < 2 || length > MAX_PACKET || at + 4 + length > end) return;
      if (b[at + 5] === KEX_INIT) {
        const own = offered(b, at, at + 4 + length);
        const other = side.peer.own as readonly string[] | null;
        side.own = own;
        if (other !== null)
          side.capture.state(keyExchanges).noteMethod(side.stream, side.fromClient ? agreed(own, other) : agreed(other, own));
        return;
      }
      at += 4 + length;
    }
  },
};

/** Packets of this row that have their number already: one segment may end a packet and have others behind it. */
function numbered(d: Dissection): number {
  let count = 0;
  const isNumber = (node: FieldNode): boolean => node.abbrev === f.sequence.abbrev;
  // It stands below its packet, or in its place where nobody asks for that.
  for (const { fields } of d.layers) for (const node of fields) if (isNumber(node) || node.children.some(isNumber)) count++;
  return count;
}

export const ssh = app({
  name: 'ssh',
  short: 'SSHv2',
  title: 'SSH Protocol',
  pdu: 'Packet',
  fields: [...Object.values(f), ...kexFields, ...LISTS.flatMap((list) => [list.text, list.length])],
  framer,
  read(layer, b, d) {
    if (b.length === 0) return '';
    const side = d.transport?.fromClient === false ? 'Server' : 'Client';
    const exchanges = d.capture.state(keyExchanges);
    const stream = d.transport?.kind === 'tcp' ? d.transport.stream : -1;
    const method = exchanges.method(stream);
    let number = d.transport?.kind === 'tcp' ? exchanges.firstNumber(d.row) : -1;
    if (number >= 0) number += numbered(d);
    let encrypted = d.row > exchanges.changed(stream, side === 'Client');
    const text = each(layer, b, (at, info) => {
      if (!encrypted && begins(b.bytes, at, b.end, 'SSH-')) {
        const line = firstLine(b, at);
        layer.add(f.protocol, at, line.length, line);
        info.push(`Protocol (${line})`);
        return nextLine(b, at);
      }
      const length = b.u32(at);
      const code = b.u8(at + 5);
      if (!encrypted && length >= 2 && length <= MAX_PACKET && at + 4 + length <= b.end && messageNames.has(code)) {
        const name = kexName(code, method) ?? (messageNames.get(code) as string);
        const node = layer.text(at, length + 4, 'SSH Packet', name);
        node.uint(f.packetLength, at);
        node.uint(f.paddingLength, at + 4);
        node.uint(f.message, at + 5, 1, { display: `${name} (${code})` });
        const end = at + 4 + length;
        if (method === VERSION_1) {
          info.push(name);
          return end;
        }
        const padding = Math.min(b.u8(at + 4), length - 2);
        const stop = end - padding;
        const read =
          code === KEX_INIT
            ? keyExchangeInit(node, at + 6, stop, d.transport?.fromClient !== false)
            : kexMessage(node, code, method, at + 6, stop);
        if (number >= 0) node.add(f.sequence, at, 0, number++);
        if (read < stop) node.bytes(f.payload, read, stop - read);
        if (padding > 0) node.bytes(f.padding, stop, padding);
        info.push(name);
        if (code === NEW_KEYS) encrypted = true;
        return end;
      }
      // Where the length is encrypted too, nobody without the keys can tell where the packet ends: what came together is taken for one.
      const head = b.end - at > 4 ? 4 : 0;
      if (head > 0) layer.bytes(f.encryptedLength, at, head);
      layer.bytes(f.encrypted, at + head, b.end - at - head);
      info.push(`Encrypted packet (len=${b.end - at})`);
      return b.end;
    });
    layer.add(f.direction, b.offset, 0, side === 'Server');
    return `${side}: ${text}`;
  },
});
