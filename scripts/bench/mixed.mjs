// A capture of many kinds of traffic, from a fixed seed: DNS, TLS, HTTP, terminal sessions, NTP, pings, ARP and fragmented datagrams, over IPv4 and
// IPv6, a part of it with VLAN tags, interleaved as on a link that serves an office. Mostly small packets: what costs time per packet, not
// per byte. IP checksums are right, those of TCP and UDP are left out, as network cards with offloading make it.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pcapHeader } from './tools.mjs';

const SEED = 0x0ff1ce;
/** Conversations under way at any time. */
const LIVE = 400;
const MSS = 1400;
const FLUSH = 4 * 1024 * 1024;
const [FIN, SYN, PSH, ACK] = [1, 2, 8, 16];
const NAMES = ['example', 'intranet', 'mail', 'cdn', 'static', 'api', 'login', 'files', 'updates', 'telemetry'];

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

const u16 = (n) => Buffer.from([(n >> 8) & 255, n & 255]);
const sized = (bytes) => Buffer.concat([u16(bytes.length), bytes]);

/** One host of the office and one it talks to: addresses, hardware addresses, and whether its port is tagged. */
function pair(next) {
  const host = next(250);
  const six = next(3) === 0;
  const tagged = host % 4 === 0;
  const far = next(2000);
  const mac = (n, vendor) => Buffer.from([2, vendor, 0, 0, (n >> 8) & 255, n & 255]);
  const address = (n, near) =>
    six
      ? Buffer.from([0x20, 1, 0xd, 0xb8, near ? 1 : 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, (n >> 8) & 255, n & 255])
      : Buffer.from(near ? [10, 1, (n >> 8) & 255, n & 255] : [198, 18 + ((n >> 8) & 1), (n >> 8) & 255, n & 255]);
  return {
    six,
    tagged,
    vlan: 10 + (host % 8),
    near: address(host + 2, true),
    far: address(far + 1, false),
    nearMac: mac(host, 1),
    farMac: mac(1, 2),
  };
}

let identification = 1;

/** Ethernet and IP around `payload`; `fragment`: the flags and offset field of IPv4. */
function frame(p, up, protocol, payload, fragment = 0x4000, id = identification++ & 0xffff) {
  const parts = [up ? p.farMac : p.nearMac, up ? p.nearMac : p.farMac];
  if (p.tagged) parts.push(u16(0x8100), u16(p.vlan));
  const [src, dst] = up ? [p.near, p.far] : [p.far, p.near];
  if (p.six) {
    const header = Buffer.alloc(8);
    header[0] = 0x60;
    header.writeUInt16BE(payload.length, 4);
    header[6] = protocol;
    header[7] = 64;
    parts.push(u16(0x86dd), header, src, dst, payload);
  } else {
    const header = Buffer.alloc(12);
    header[0] = 0x45;
    header.writeUInt16BE(20 + payload.length, 2);
    header.writeUInt16BE(id, 4);
    header.writeUInt16BE(fragment, 6);
    header[8] = 64;
    header[9] = protocol;
    let sum = 0;
    for (const part of [header, src, dst]) for (let k = 0; k < part.length; k += 2) sum += part.readUInt16BE(k);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    header.writeUInt16BE(~sum & 0xffff, 10);
    parts.push(u16(0x0800), header, src, dst, payload);
  }
  return Buffer.concat(parts);
}

const udp = (p, up, near, far, payload) =>
  frame(p, up, 17, Buffer.concat([u16(up ? near : far), u16(up ? far : near), u16(8 + payload.length), u16(0), payload]));

/** A TCP connection; `sends` yields [fromClient, bytes] in order. */
function* tcp(next, p, port, sends) {
  const near = 32_768 + next(28_000);
  const seq = [next(0x100000000), next(0x100000000)];
  const segment = (up, flags, payload = Buffer.alloc(0)) => {
    const me = up ? 0 : 1;
    const syn = (flags & SYN) !== 0;
    const options = syn ? Buffer.from([2, 4, 5, 0x78, 1, 3, 3, 7]) : Buffer.alloc(0);
    const h = Buffer.alloc(20);
    h.writeUInt16BE(up ? near : port, 0);
    h.writeUInt16BE(up ? port : near, 2);
    h.writeUInt32BE(seq[me], 4);
    if ((flags & ACK) !== 0) h.writeUInt32BE(seq[1 - me], 8);
    h[12] = ((20 + options.length) / 4) << 4;
    h[13] = flags;
    h.writeUInt16BE(512, 14);
    seq[me] = (seq[me] + payload.length + (syn || (flags & FIN) !== 0 ? 1 : 0)) >>> 0;
    return frame(p, up, 6, Buffer.concat([h, options, payload]));
  };
  yield segment(true, SYN);
  yield segment(false, SYN | ACK);
  yield segment(true, ACK);
  for (const [up, bytes] of sends) {
    for (let at = 0, n = 1; at < bytes.length; at += MSS, n++) {
      const last = at + MSS >= bytes.length;
      yield segment(up, last ? ACK | PSH : ACK, bytes.subarray(at, at + MSS));
      if (last || n % 2 === 0) yield segment(!up, ACK);
    }
  }
  yield segment(true, FIN | ACK);
  yield segment(false, FIN | ACK);
  yield segment(true, ACK);
}

const noise = (next, length) => Buffer.from(Array.from({ length }, () => next(256)));
/** Bytes that look encrypted, cut from one piece made once. */
let secret = Buffer.alloc(0);
const record = (type, bytes) => Buffer.concat([Buffer.from([type, 3, 3]), sized(bytes)]);

function* tlsMessages(next) {
  const name = Buffer.from(`${NAMES[next(NAMES.length)]}${next(40)}.example.com`);
  const sni = sized(Buffer.concat([Buffer.from([0]), sized(name)]));
  const extensions = Buffer.concat([
    u16(0),
    sized(sni),
    u16(43),
    sized(Buffer.from([2, 3, 4])),
    u16(16),
    sized(sized(Buffer.from('\x02h2\x08http/1.1', 'latin1'))),
  ]);
  const hello = (head, rest) => Buffer.concat([Buffer.from([head, 0]), sized(rest)]);
  const ciphers = sized(Buffer.from([0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b, 0xc0, 0x2f]));
  yield [
    true,
    record(
      22,
      hello(
        1,
        Buffer.concat([
          Buffer.from([3, 3]),
          noise(next, 32),
          Buffer.from([32]),
          noise(next, 32),
          ciphers,
          Buffer.from([1, 0]),
          sized(extensions),
        ]),
      ),
    ),
  ];
  const chosen = Buffer.concat([
    Buffer.from([3, 3]),
    noise(next, 32),
    Buffer.from([32]),
    noise(next, 32),
    Buffer.from([0x13, 1, 0]),
    sized(Buffer.concat([u16(43), sized(Buffer.from([3, 4]))])),
  ]);
  yield [
    false,
    Buffer.concat([record(22, hello(2, chosen)), record(20, Buffer.from([1])), record(23, secret.subarray(0, 2600 + next(900)))]),
  ];
  yield [true, Buffer.concat([record(20, Buffer.from([1])), record(23, secret.subarray(0, 53))])];
  for (let n = 2 + next(10); n > 0; n--) {
    yield [true, record(23, secret.subarray(0, 60 + next(500)))];
    yield [false, record(23, secret.subarray(0, 100 + next(next(4) === 0 ? 16_000 : 1500)))];
  }
}

function* httpMessages(next) {
  for (let n = 1 + next(4); n > 0; n--) {
    yield [true, Buffer.from(`GET /item/${next(100_000)} HTTP/1.1\r\nHost: intranet.example.com\r\nAccept: */*\r\n\r\n`)];
    const length = 50 + next(3000);
    yield [
      false,
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`),
        secret.subarray(0, length),
      ]),
    ];
  }
}

function* keys(next) {
  for (let n = 20 + next(60); n > 0; n--) {
    yield [true, secret.subarray(0, 36)];
    yield [false, secret.subarray(0, 36 + 16 * next(4))];
  }
}

function dnsName(text) {
  return Buffer.concat([
    ...text.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function* lookup(next, p) {
  const id = u16(next(65_536));
  const near = 32_768 + next(28_000);
  const six = next(2) === 0;
  const question = Buffer.concat([dnsName(`${NAMES[next(NAMES.length)]}${next(400)}.example.com`), u16(six ? 28 : 1), u16(1)]);
  yield udp(p, true, near, 53, Buffer.concat([id, u16(0x0100), u16(1), u16(0), u16(0), u16(0), question]));
  const answers = 1 + next(4);
  const answer = () =>
    Buffer.concat([u16(0xc00c), u16(six ? 28 : 1), u16(1), u16(0), u16(60 + next(3000)), sized(noise(next, six ? 16 : 4))]);
  yield udp(
    p,
    false,
    near,
    53,
    Buffer.concat([id, u16(0x8180), u16(1), u16(answers), u16(0), u16(0), question, ...Array.from({ length: answers }, answer)]),
  );
}

function* clock(next, p) {
  const near = 32_768 + next(28_000);
  const message = (first) => Buffer.concat([Buffer.from([first, 3, 6, 0xec]), noise(next, 44)]);
  yield udp(p, true, near, 123, message(0x23));
  yield udp(p, false, near, 123, message(0x24));
}

function* ping(next, p) {
  const id = u16(next(65_536));
  for (let n = 1; n <= 4; n++) {
    const rest = Buffer.concat([Buffer.from([0, 0, 0]), id, u16(n), secret.subarray(0, 56)]);
    const message = (type) => Buffer.concat([Buffer.from([type]), rest]);
    yield frame(p, true, p.six ? 58 : 1, message(p.six ? 128 : 8));
    yield frame(p, false, p.six ? 58 : 1, message(p.six ? 129 : 0));
  }
}

function* resolve(next, p) {
  const [a, b] = [Buffer.from([10, 1, 0, next(250)]), Buffer.from([10, 1, 0, 1])];
  const arp = (op, from, fromMac, to, toMac) =>
    Buffer.concat([
      op === 1 ? Buffer.alloc(6, 255) : toMac,
      fromMac,
      u16(0x0806),
      u16(1),
      u16(0x0800),
      Buffer.from([6, 4]),
      u16(op),
      fromMac,
      from,
      op === 1 ? Buffer.alloc(6) : toMac,
      to,
    ]);
  yield arp(1, a, p.nearMac, b, p.farMac);
  yield arp(2, b, p.farMac, a, p.nearMac);
}

/** A datagram in three fragments. */
function* large(next, p) {
  const four = { ...p, six: false, near: Buffer.from([10, 1, 0, 9]), far: Buffer.from([198, 18, 0, 9]) };
  const id = next(65_536);
  const payload = Buffer.concat([u16(40_000 + next(20_000)), u16(9999), u16(4008), u16(0), secret.subarray(0, 4000)]);
  for (let at = 0; at < payload.length; at += 1480) {
    const more = at + 1480 < payload.length;
    yield frame(four, true, 17, payload.subarray(at, at + 1480), (more ? 0x2000 : 0) | (at >> 3), id);
  }
}

function conversation(next) {
  const p = pair(next);
  const kind = next(100);
  if (kind < 34) return lookup(next, p);
  if (kind < 54) return tcp(next, p, 443, tlsMessages(next));
  if (kind < 64) return tcp(next, p, 80, httpMessages(next));
  if (kind < 68) return tcp(next, p, 2222, keys(next));
  if (kind < 78) return clock(next, p);
  if (kind < 88) return ping(next, p);
  if (kind < 95) return resolve(next, p);
  return large(next, p);
}

/** Writes `packets` packets to `file` as pcap. Returns a sentence that says what it is. */
export async function generateMixed(file, packets) {
  const next = random(SEED);
  identification = 1;
  secret = noise(next, 20_000);
  const stream = createWriteStream(file);
  let parts = [pcapHeader()];
  let length = 0;
  let micros = 0;
  const live = Array.from({ length: LIVE }, () => conversation(next));
  for (let n = 0; n < packets; ) {
    const k = next(LIVE);
    const { value, done } = live[k].next();
    if (done) {
      live[k] = conversation(next);
      continue;
    }
    n++;
    micros += 5 + next(60);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_760_000_000 + Math.floor(micros / 1_000_000), 0);
    record.writeUInt32LE(micros % 1_000_000, 4);
    record.writeUInt32LE(value.length, 8);
    record.writeUInt32LE(value.length, 12);
    parts.push(record, value);
    length += 16 + value.length;
    if (length >= FLUSH || n === packets) {
      if (!stream.write(Buffer.concat(parts))) await once(stream, 'drain');
      parts = [];
      length = 0;
    }
  }
  stream.end();
  await once(stream, 'close');
  return `generated traffic: DNS, TLS, HTTP, terminal sessions, NTP, pings, ARP and fragments over IPv4 and IPv6, a quarter with VLAN tags, from the fixed seed 0x${SEED.toString(16)}`;
}
