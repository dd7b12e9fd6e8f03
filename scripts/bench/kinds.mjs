// Captures of one kind of traffic each, of which a program may keep something for every packet: what a scan, a flood or a day of many short
// connections looks like. Checksums are left out.
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader } from './tools.mjs';

const FLUSH = 8 * 1024 * 1024;
const [FIN, SYN, PSH, ACK] = [1, 2, 8, 16];
const NEAR = 0x0a000001;
const FAR = 0x0a800001;

/** Writes frames as pcap, 20 µs apart. */
class Writer {
  #file;
  #parts = [];
  #length = 0;
  packets = 0;

  constructor(file) {
    this.#file = openSync(file, 'w');
    this.#put(pcapHeader());
  }

  #put(bytes) {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= FLUSH) this.#flush();
  }

  #flush() {
    if (this.#length > 0) writeSync(this.#file, Buffer.concat(this.#parts));
    this.#parts = [];
    this.#length = 0;
  }

  /** `payload` in IPv4 and Ethernet. `fragment`: flags and offset. */
  ip(protocol, src, dst, payload, id = 0, fragment = 0) {
    const bytes = Buffer.alloc(50 + payload.length);
    const micros = 20 * this.packets++;
    bytes.writeUInt32LE(1_760_000_000 + Math.floor(micros / 1_000_000), 0);
    bytes.writeUInt32LE(micros % 1_000_000, 4);
    bytes.writeUInt32LE(34 + payload.length, 8);
    bytes.writeUInt32LE(34 + payload.length, 12);
    bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0], 16);
    bytes.writeUInt16BE(20 + payload.length, 32);
    bytes.writeUInt16BE(id & 0xffff, 34);
    bytes.writeUInt16BE(fragment, 36);
    bytes.set([64, protocol], 38);
    bytes.writeUInt32BE(src, 42);
    bytes.writeUInt32BE(dst, 46);
    bytes.set(payload, 50);
    this.#put(bytes);
  }

  udp(src, srcPort, dst, dstPort, payload) {
    this.ip(17, src, dst, datagram(srcPort, dstPort, payload));
  }

  tcp(src, srcPort, dst, dstPort, seq, ack, flags, payload = Buffer.alloc(0)) {
    const bytes = Buffer.alloc(20 + payload.length);
    bytes.writeUInt16BE(srcPort, 0);
    bytes.writeUInt16BE(dstPort, 2);
    bytes.writeUInt32BE(seq >>> 0, 4);
    bytes.writeUInt32BE(ack >>> 0, 8);
    bytes.set([0x50, flags, 0xff, 0xff], 12);
    bytes.set(payload, 20);
    this.ip(6, src, dst, bytes);
  }

  end() {
    this.#flush();
    closeSync(this.#file);
  }
}

function datagram(srcPort, dstPort, payload) {
  const bytes = Buffer.alloc(8 + payload.length);
  bytes.writeUInt16BE(srcPort, 0);
  bytes.writeUInt16BE(dstPort, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  bytes.set(payload, 8);
  return bytes;
}

/** A client of its own for each 50,000 ports. */
const clientOf = (k) => [NEAR + Math.floor(k / 50_000), 1024 + (k % 50_000)];

/** What one turn writes, by name. */
const TURNS = {
  pings(out, k) {
    const message = Buffer.alloc(64);
    message[0] = 8;
    message.writeUInt16BE(77 + (k >>> 16), 4);
    message.writeUInt16BE(k & 0xffff, 6);
    out.ip(1, NEAR, FAR, message);
    out.ip(1, FAR, NEAR, Buffer.concat([Buffer.from([0]), message.subarray(1)]));
  },
  'datagrams in two fragments'(out, k) {
    const whole = datagram(5001, 5002, Buffer.alloc(200, k & 0xff));
    out.ip(17, NEAR, FAR, whole.subarray(0, 104), k, 0x2000);
    out.ip(17, NEAR, FAR, whole.subarray(104), k, 104 >> 3);
  },
  'DNS lookups'(out, k) {
    const port = 20_000 + (k % 40_000);
    const query = Buffer.from('\x00\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01', 'latin1');
    query.writeUInt16BE(k & 0xffff, 0);
    const answer = Buffer.concat([query, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 18, 0, 1])]);
    answer.set([0x81, 0x80, 0, 1, 0, 1], 2);
    out.udp(NEAR, port, FAR, 53, query);
    out.udp(FAR, 53, NEAR, port, answer);
  },
  'UDP streams of one datagram'(out, k) {
    const [client, port] = clientOf(k);
    out.udp(client, port, FAR, 9999, Buffer.alloc(20));
  },
  'SYNs without an answer'(out, k) {
    const [client, port] = clientOf(k);
    out.tcp(client, port, FAR, 80, 7 * k, 0, SYN);
  },
  'connections with one HTTP exchange'(out, k) {
    const [client, port] = clientOf(k);
    const ask = Buffer.from(`GET /${k} HTTP/1.1\r\nHost: example.com\r\n\r\n`);
    const reply = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const [seq, ack] = [7 * k, 11 * k];
    out.tcp(client, port, FAR, 80, seq, 0, SYN);
    out.tcp(FAR, 80, client, port, ack, seq + 1, SYN | ACK);
    out.tcp(client, port, FAR, 80, seq + 1, ack + 1, PSH | ACK, ask);
    out.tcp(FAR, 80, client, port, ack + 1, seq + 1 + ask.length, PSH | ACK, reply);
    out.tcp(client, port, FAR, 80, seq + 1 + ask.length, ack + 1 + reply.length, FIN | ACK);
    out.tcp(FAR, 80, client, port, ack + 1 + reply.length, seq + 2 + ask.length, FIN | ACK);
  },
};

export const KINDS = Object.keys(TURNS);

/** Writes about `packets` packets of a kind to `file` as pcap. Returns a sentence that says what it is. */
export function generateKind(kind, file, packets) {
  const out = new Writer(file);
  for (let k = 0; out.packets < packets; k++) TURNS[kind](out, k);
  out.end();
  return `generated traffic: ${kind}`;
}
