// A capture without a network: HTTP over TCP as a browser and a web server would exchange it, from a fixed seed, so that every run on
// every machine writes the same bytes. IP checksums are right, TCP checksums are left out, as network cards with offloading make it.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pcapHeader } from './tools.mjs';
import { bodyOf, PORT } from './traffic.mjs';

const SEED = 0x5eed7;
const CONNECTIONS = 60;
const EXCHANGES = 40;
const MSS = 1448;
const BODIES = [180, 420, 900, 1400, 2600, 5200, 9000, 14_000, 24_000];
const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;
const FLUSH = 4 * 1024 * 1024;

/** Pseudo-random whole numbers under `below` (xorshift32). */
function random(seed) {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

class Writer {
  #buffer = Buffer.alloc(FLUSH + 4096);
  #length = 0;
  #stream;
  #micros = 0;
  #ident = 1;
  packets = 0;

  constructor(stream) {
    this.#stream = stream;
    this.#length = pcapHeader().copy(this.#buffer);
  }

  wait(micros) {
    this.#micros += micros;
  }

  /** One segment of connection `c`; `up` from the client. Moves the sender's sequence number on. */
  segment(c, up, flags, payload = Buffer.alloc(0)) {
    const b = this.#buffer;
    const syn = (flags & SYN) !== 0;
    // Time stamps on all, and what a SYN asks for.
    const tcpHeader = syn ? 40 : 32;
    const size = 34 + tcpHeader + payload.length;
    let o = this.#length;
    this.#micros += 9;
    b.writeUInt32LE(1_760_000_000 + Math.floor(this.#micros / 1_000_000), o);
    b.writeUInt32LE(this.#micros % 1_000_000, o + 4);
    b.writeUInt32LE(size, o + 8);
    b.writeUInt32LE(size, o + 12);
    o += 16;
    this.#length = o + size;
    b.fill(0, o, o + 34 + tcpHeader);
    b.writeUIntBE(up ? 0x020000000001 : 0x020000000002, o, 6);
    b.writeUIntBE(up ? 0x020000000002 : 0x020000000001, o + 6, 6);
    b.writeUInt16BE(0x0800, o + 12);
    o += 14;
    b[o] = 0x45;
    b.writeUInt16BE(size - 14, o + 2);
    b.writeUInt16BE(this.#ident++ & 0xffff, o + 4);
    b[o + 6] = 0x40;
    b[o + 8] = 64;
    b[o + 9] = 6;
    b.writeUInt32BE(up ? c.address : 0x0a4d0001, o + 12);
    b.writeUInt32BE(up ? 0x0a4d0001 : c.address, o + 16);
    let sum = 0;
    for (let k = 0; k < 20; k += 2) sum += b.readUInt16BE(o + k);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    b.writeUInt16BE(~sum & 0xffff, o + 10);
    o += 20;
    const [from, to] = up ? [c.client, c.server] : [c.server, c.client];
    b.writeUInt16BE(up ? c.port : PORT, o);
    b.writeUInt16BE(up ? PORT : c.port, o + 2);
    b.writeUInt32BE(from.next, o + 4);
    if ((flags & ACK) !== 0) b.writeUInt32BE(to.next, o + 8);
    b[o + 12] = (tcpHeader / 4) << 4;
    b[o + 13] = flags;
    b.writeUInt16BE(syn ? 64_240 : 502, o + 14);
    o += 20;
    if (syn) {
      b.set([2, 4, 5, 0xb4, 4, 2], o);
      o += 6;
    } else {
      b.set([1, 1], o);
      o += 2;
    }
    b.set([8, 10], o);
    b.writeUInt32BE(Math.floor(this.#micros / 1000), o + 2);
    o += 10;
    if (syn) {
      b.set([1, 3, 3, 7], o);
      o += 4;
    }
    payload.copy(b, o);
    from.next = (from.next + payload.length + (syn || (flags & FIN) !== 0 ? 1 : 0)) >>> 0;
    this.packets++;
  }

  async flush(least) {
    if (this.#length < least) return;
    if (!this.#stream.write(Buffer.from(this.#buffer.subarray(0, this.#length)))) await once(this.#stream, 'drain');
    this.#length = 0;
  }
}

function open(out, next, number) {
  const c = {
    address: 0x0a4d0002 + (number % 200),
    port: 32_768 + (number % 28_000),
    left: EXCHANGES,
    client: { next: next(0x100000000) },
    server: { next: next(0x100000000) },
  };
  out.segment(c, true, SYN);
  out.segment(c, false, SYN | ACK);
  out.segment(c, true, ACK);
  return c;
}

function exchange(out, next, c, number) {
  const size = BODIES[next(BODIES.length)];
  const close = --c.left === 0;
  const request = `GET /${size}.bin?page=${number} HTTP/1.1\r\nHost: 10.77.0.1:${PORT}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\nAccept: application/json\r\nCookie: session=${number * 7919}\r\n${close ? 'Connection: close\r\n' : ''}\r\n`;
  out.segment(c, true, ACK | PSH, Buffer.from(request, 'latin1'));
  out.segment(c, false, ACK);
  out.wait(40 + next(400));
  const head = `HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Thu, 09 Oct 2025 08:53:20 GMT\r\nContent-Type: application/octet-stream\r\nContent-Length: ${size}\r\nConnection: ${close ? 'close' : 'keep-alive'}\r\nETag: "68e77a10-${size.toString(16)}"\r\nAccept-Ranges: bytes\r\n\r\n`;
  const message = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(bodyOf(size), 'latin1')]);
  for (let at = 0, n = 1; at < message.length; at += MSS, n++) {
    const last = at + MSS >= message.length;
    out.segment(c, false, last ? ACK | PSH : ACK, message.subarray(at, at + MSS));
    if (n % 2 === 0 || last) out.segment(c, true, ACK);
  }
  if (!close) return true;
  out.segment(c, false, FIN | ACK);
  out.segment(c, true, FIN | ACK);
  out.segment(c, false, ACK);
  return false;
}

/** Writes `packets` packets, or a few more to end an exchange, to `file` as pcap. Returns a sentence that says what it is. */
export async function generate(file, packets) {
  const next = random(SEED);
  const stream = createWriteStream(file);
  const out = new Writer(stream);
  const live = [];
  let opened = 0;
  let number = 0;
  while (out.packets < packets) {
    const k = next(CONNECTIONS);
    if (live[k] === undefined) live[k] = open(out, next, opened++);
    else if (!exchange(out, next, live[k], ++number)) live[k] = undefined;
    // Room for the next exchange, of which the largest has some 25 segments.
    await out.flush(FLUSH - 64 * 1024);
  }
  await out.flush(0);
  stream.end();
  await once(stream, 'close');
  return `generated traffic: HTTP/1.1 over TCP from the fixed seed 0x${SEED.toString(16)}`;
}
