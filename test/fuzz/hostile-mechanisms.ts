/**
 * Captures made to cost more than they weigh, for what all protocols stand on: reassembly, tables, keys, and what the views ask. Each of any
 * number of packets.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { masterKeys, type RecordKeys, suiteOf } from '../../src/tls/key-schedule.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { connection, datagrams, listOf, once, type Said, times } from './hostile-kit.ts';
import type { FrameList } from './memory-capture.ts';
import { cat, eth, ip4, ip6, tcp, u16, u32, udp } from './packets.ts';

const words = (octets: number, of: number): string => of.toString(36).padStart(octets, 'x');

/**
 * Connections one after the other, each of a handshake and `length` segments: `talk(step, k)` is what connection `k` says in one of them,
 * `skip(step)` the octets before it that were lost.
 */
function connections(
  name: string,
  n: number,
  port: number,
  length: number,
  talk: (step: number, k: number) => Said,
  skip: (step: number) => number = () => 0,
): FrameList {
  const next = [1, 1];
  return listOf(name, n, (i) => {
    const step = i % (length + 3);
    const k = Math.floor(i / (length + 3));
    if (step === 0) next.fill(1);
    const [server, payload] = step < 3 ? ([step === 1, ''] as const) : talk(step - 3, k);
    const me = server ? 1 : 0;
    const body = cat(payload);
    if (step >= 3) next[me] = (next[me] as number) + skip(step - 3);
    const client = 1024 + (k % 60_000);
    const flags = [0x02, 0x12, 0x10][step] ?? 0x18;
    const [from, to] = server ? [port, client] : [client, port];
    const segment = tcp(from, to, next[me] as number, step === 0 ? 0 : (next[1 - me] as number), flags, body);
    next[me] = (next[me] as number) + body.length + (step < 2 ? 1 : 0);
    const bytes = eth(0x800, ip4(6, segment, { back: server, id: i & 0xffff }));
    bytes[server ? 31 : 27] = Math.floor(k / 60_000);
    return bytes;
  });
}

const HOLED: readonly Said[] = [
  [false, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  [true, 'HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n'],
  [true, times(700, 'x')],
  [true, times(700, 'x')],
];
/** Many connections, each with a hole in its response; each with one before its request. */
export const holeEach = (n: number): FrameList =>
  connections(
    'a hole in each response',
    n,
    80,
    HOLED.length,
    (step) => HOLED[step] as Said,
    (step) => (step === 3 ? 1400 : 0),
  );
export const holeFirst = (n: number): FrameList =>
  connections(
    'a hole before each request',
    n,
    80,
    2,
    (step) => [false, step === 0 ? times(100, 'x') : 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    (step) => (step === 0 ? 500 : 0),
  );
const over = (seq: number, payload: Uint8Array | string, port: number): Uint8Array =>
  eth(0x800, ip4(6, tcp(40_000, port, seq, 1, 0x18, payload)));
/** Each second segment first, and then those between them, from the last to the first. */
export const zipper = (n: number): FrameList =>
  listOf('zipper', n, (i) => {
    const half = n >> 1;
    if (i === 0) return over(1, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n', 80);
    const place = i <= half ? 2 * i : 2 * Math.max(0, n - 1 - i) + 1;
    return over(55 + 100 * place, times(100, 'x'), 80);
  });
/** Segments with other octets each time, that reach over the ends of those before. */
export const contradictions = (n: number): FrameList =>
  listOf('contradictions', n, (i) =>
    i === 0
      ? over(1, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n', 80)
      : over(155 + 300 * ((i * 7919) % 50) + 200_000 * (i >> 10), times(1000, String.fromCharCode(97 + (i % 26))), 80),
  );
/** A message that becomes whole again with each packet: its last segment comes again and again. */
export const wholeAgain = (n: number): FrameList =>
  listOf('whole again', n, (i) =>
    i === 0 ? over(1, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n0123456789', 80) : over(64, '0123456789', 80),
  );

/** Joins to one connection of Multipath TCP, all by its token. */
export const joins = (n: number): FrameList =>
  listOf('joins', n, (i) => {
    const key = [1, 2, 3, 4, 5, 6, 7, 8];
    const token = createHash('sha256').update(Uint8Array.from(key)).digest().subarray(0, 4);
    const option = i === 0 ? [30, 12, 0x01, 0x01, ...key] : [30, 12, 0x10, 1, ...token, ...u32(i)];
    const bytes = eth(0x800, ip4(6, tcp(1024 + (i % 60_000), 80, i, 0, 0x02, [], option)));
    bytes[27] = Math.floor(i / 60_000);
    return bytes;
  });

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const frame = (type: number, flags: number, stream: number, payload: Uint8Array | readonly number[] | string): Uint8Array => {
  const body = cat(payload);
  return cat([body.length >> 16, (body.length >> 8) & 255, body.length & 255, type, flags], u32(stream), body);
};
const http2 = (name: string, n: number, talk: (i: number) => Said, settings: readonly number[] = []): FrameList =>
  connection(name, n, 80, (i) =>
    i === 0 ? [false, cat(PREFACE, frame(4, 0, 0, settings))] : i === 1 ? [true, frame(4, 0, 0, settings)] : talk(i - 2),
  );
const literal = (name: string, value: string, indexed = true): Uint8Array => {
  const octets = (text: string): Uint8Array => {
    const { length } = text;
    return cat(length < 127 ? [length] : [127, ((length - 127) & 127) | 128, (length - 127) >> 7], text);
  };
  return cat([indexed ? 0x40 : 0], octets(name), octets(value));
};

/** Header blocks in four frames each, a stream for each. */
export const blocksInParts = (n: number): FrameList =>
  http2('blocks in parts', n, (i) => [
    false,
    cat(
      ...Array.from({ length: 8 }, (_, k) => {
        const stream = 1 + 2 * (8 * i + k);
        return cat(frame(1, 1, stream, [0x82]), frame(9, 0, stream, [0x86]), frame(9, 0, stream, [0x84]), frame(9, 4, stream, []));
      }),
    ),
  ]);
/** Header fields that all go to a table which may be as large as a number can say. */
export const hugeTable = (n: number): FrameList =>
  http2(
    'huge HPACK table',
    n,
    (i) => {
      const fields = Array.from({ length: 80 }, (_, k) => literal(words(4, k), words(5, i)));
      return [i % 2 === 1, frame(1, 4, 1 + 2 * i, cat([0x3f, 0xe0, 0xff, 0xff, 0x07], ...fields))];
    },
    [0, 1, 0xff, 0xff, 0xff, 0xff],
  );
/** Requests of one octet each for an address of four kilobytes, that the table has; and cookies of that kind. */
export const longAddresses = (n: number): FrameList =>
  http2('long addresses', n, (i) => {
    if (i === 0) return [false, frame(1, 5, 1, cat([0x82, 0x86], literal(':path', `/${'x'.repeat(3900)}`), [0x41, 1], 'a'))];
    const requests = Array.from({ length: 90 }, (_, k) => frame(1, 5, 1 + 2 * (90 * i + k), [0x82, 0x86, 0xbf, 0xbe]));
    return [false, cat(...requests)];
  });
export const longCookies = (n: number): FrameList =>
  http2('long cookies', n, (i) => {
    if (i === 0) return [false, frame(1, 5, 1, cat([0x82, 0x86, 0x84], literal('cookie', `a=${'x'.repeat(3900)}`)))];
    const requests = Array.from({ length: 6 }, (_, k) =>
      frame(1, 5, 1 + 2 * (6 * i + k), [0x82, 0x86, 0x84, ...times(14, Uint8Array.of(0xbe))]),
    );
    return [false, cat(...requests)];
  });
/** Header blocks of names of an entry of sixteen kilobytes, fifteen to a block. */
export const longTexts = (n: number, blocks = 10): FrameList =>
  http2(
    'long texts',
    n,
    (i) => {
      if (i === 0)
        return [false, frame(1, 5, 1, cat([0x3f, 0xe1, 0xff, 0x03, 0x82, 0x86, 0x84], literal('cookie', `a=${'x'.repeat(16_000)}`)))];
      const requests = Array.from({ length: blocks }, (_, k) =>
        frame(1, 5, 1 + 2 * (blocks * i + k), [0x82, 0x86, 0x84, ...times(15, Uint8Array.of(0xbe))]),
      );
      return [false, cat(...requests)];
    },
    [0, 1, 0, 1, 0, 0],
  );
/** Streams that are promised, reset, weighed and never used. */
export const promises = (n: number): FrameList =>
  http2('promises', n, (i) => [
    true,
    cat(
      ...Array.from({ length: 10 }, (_, k) => {
        const stream = 2 + 2 * (10 * i + k);
        return cat(
          frame(5, 4, 1, cat(u32(stream), [0x82, 0x86, 0x84])),
          frame(2, 0, stream, [...u32(stream - 2), 7]),
          frame(3, 0, stream, u32(8)),
        );
      }),
    ),
  ]);
/** Data for a hundred streams in turns, an octet each. */
export const turnsOfData = (n: number): FrameList =>
  http2('turns of data', n, (i) => {
    if (i === 0) return [false, cat(...Array.from({ length: 100 }, (_, k) => frame(1, 5, 1 + 2 * k, [0x82, 0x86, 0x84])))];
    if (i === 1) return [true, cat(...Array.from({ length: 100 }, (_, k) => frame(1, 4, 1 + 2 * k, [0x88])))];
    return [true, cat(...Array.from({ length: 100 }, (_, k) => frame(0, 0, 1 + 2 * k, 'x')))];
  });

/** TLS 1.2 with AES-128-GCM, whose keys are known. */
class Sealed {
  readonly log = new KeyLog();
  readonly #numbers = [0, 0];
  #keys: readonly [RecordKeys, RecordKeys] = this.#begin(0);

  #begin(k: number): readonly [RecordKeys, RecordKeys] {
    const suite = suiteOf('TLS_RSA_WITH_AES_128_GCM_SHA256');
    if (suite === null) throw new Error('no suite');
    return masterKeys(0x0303, suite, new Uint8Array(48).fill(9), this.random(k), new Uint8Array(32).fill(2), false);
  }

  random(k: number): Uint8Array {
    return cat(u32(k), new Uint8Array(28).fill(1));
  }

  /** The hellos of connection `k`, and the end of the handshake of one side. */
  clientHello(k: number, name = ''): Uint8Array {
    this.#keys = this.#begin(k);
    this.#numbers.fill(0);
    this.log.feed(Buffer.from(`CLIENT_RANDOM ${Buffer.from(this.random(k)).toString('hex')} ${'09'.repeat(48)}\n`));
    const sni = name === '' ? EMPTY : cat(u16(0), u16(name.length + 5), u16(name.length + 3), [0], u16(name.length), name);
    const body = cat([3, 3], this.random(k), [0], u16(2), [0, 0x9c], [1, 0], u16(sni.length), sni);
    return record(22, cat([1, 0], u16(body.length), body));
  }
  serverHello(): Uint8Array {
    const body = cat([3, 3], new Uint8Array(32).fill(2), [0, 0, 0x9c, 0]);
    return record(22, cat([2, 0], u16(body.length), body, [14, 0, 0, 0]));
  }
  changed(side: 0 | 1): Uint8Array {
    return cat(record(20, [1]), this.seal(side, 22, cat([20, 0, 0, 12], new Uint8Array(12))));
  }

  /** A record of content, sealed. */
  seal(side: 0 | 1, type: number, content: Uint8Array | string): Uint8Array {
    const number = this.#numbers[side] as number;
    this.#numbers[side] = number + 1;
    const plain = cat(content);
    const { key, iv } = this.#keys[side];
    const explicit = cat(u32(0), u32(number));
    const cipher = createCipheriv('aes-128-gcm', key, cat(iv.subarray(0, 4), explicit));
    cipher.setAAD(cat(explicit, [type, 3, 3], u16(plain.length)));
    const sealed = cipher.update(plain);
    cipher.final();
    return record(type, cat(explicit, sealed, cipher.getAuthTag()));
  }
}
const EMPTY = new Uint8Array(0);
const record = (type: number, content: Uint8Array | readonly number[]): Uint8Array => cat([type, 3, 3], u16(content.length), content);

/** A connection whose TLS is decrypted. */
function sealed(
  name: string,
  n: number,
  talk: (seal: (side: 0 | 1, content: Uint8Array | string) => Uint8Array, i: number) => Said,
): FrameList {
  const tls = new Sealed();
  const seal = (side: 0 | 1, content: Uint8Array | string): Uint8Array => tls.seal(side, 23, content);
  const list = connection(name, n, 443, (i) =>
    i === 0
      ? [false, tls.clientHello(0)]
      : i === 1
        ? [true, tls.serverHello()]
        : i === 2
          ? [false, tls.changed(0)]
          : i === 3
            ? [true, tls.changed(1)]
            : talk(seal, i - 4),
  );
  return { ...list, keyLog: tls.log };
}
/** Decrypted: records of one octet; requests in a pipeline, an octet to a record; HTTP/2 of small streams. */
export const sealedOctets = (n: number): FrameList =>
  sealed('sealed octets', n, (seal) => [false, cat(...Array.from({ length: 40 }, () => seal(0, 'x')))]);
export const sealedSlowly = (n: number): FrameList => {
  const request = 'GET /aaaaaa HTTP/1.1\r\nHost: abcd\r\n\r\n';
  return sealed('sealed slowly', n, (seal, i) => [
    false,
    cat(...Array.from({ length: 40 }, (_, k) => seal(0, request[(40 * i + k) % request.length] ?? ''))),
  ]);
};
export const sealedPipeline = (n: number): FrameList =>
  sealed('sealed pipeline', n, (seal, i) =>
    i % 2 === 0
      ? [false, seal(0, times(30, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'))]
      : [true, seal(1, times(30, 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'))],
  );
export const sealedHttp2 = (n: number): FrameList =>
  sealed('sealed HTTP/2', n, (seal, i) => [
    false,
    seal(
      0,
      i === 0
        ? cat(PREFACE, frame(4, 0, 0, []))
        : cat(...Array.from({ length: 15 }, (_, k) => frame(1, 5, 1 + 2 * (15 * i + k), [0x82, 0x86, 0x84]))),
    ),
  ]);
/** A body of gigabytes in sealed records, and a message that never ends. */
export const sealedBody = (n: number): FrameList =>
  sealed('sealed body', n, (seal, i) =>
    i === 0 ? [false, seal(0, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n')] : [false, seal(0, times(1300, 'x'))],
  );
/** As many connections with keys, names and certificates that are none. */
export const sealedConnections = (n: number): FrameList => {
  const tls = new Sealed();
  const list = connections('sealed connections', n, 443, 6, (step, k) => {
    const nothing = times(250, Uint8Array.of(0, 0, 2, 0x30, 0));
    const chain = cat([0], u16(nothing.length), nothing);
    return [
      () => [false, tls.clientHello(k, `${words(12, k)}.example`)] as const,
      () => [true, tls.serverHello()] as const,
      () => [true, record(22, cat([11, 0], u16(chain.length), chain))] as const,
      () => [false, tls.changed(0)] as const,
      () => [true, tls.changed(1)] as const,
      () => [false, tls.seal(0, 23, `GET /${k} HTTP/1.1\r\nHost: ${words(12, k)}.example\r\n\r\n`)] as const,
    ][step]?.() as Said;
  });
  return { ...list, keyLog: tls.log };
};

/** A name of its own in each question, in each answer; names that are all the same pointer to a long one. */
const question = (id: number, flags: number, name: Uint8Array, answers: Uint8Array = EMPTY, count = 0): Uint8Array =>
  cat(u16(id), u16(flags), u16(1), u16(count), u16(0), u16(0), name, u16(1), u16(1), answers);
const label = (text: string): Uint8Array => cat([text.length], text);
const host = (i: number): Uint8Array => cat(label(words(20, i)), label('example'), [0]);
export const manyNames = (n: number): FrameList => datagrams('many names', n, 53, (i) => question(i & 0xffff, 0x100, host(i)));
export const answeredNames = (n: number): FrameList =>
  listOf('answered names', n, (i) => {
    const id = (i >> 1) & 0xffff;
    const answer = cat([0xc0, 12], u16(1), u16(1), u32(60), u16(4), u32(i));
    return i % 2 === 0
      ? eth(0x800, ip4(17, udp(5000, 53, question(id, 0x100, host(i >> 1)))))
      : eth(0x800, ip4(17, udp(53, 5000, question(id, 0x8180, host(i >> 1), answer, 1)), { back: true }));
  });
const longName = once(() => cat(...Array.from({ length: 4 }, (_, k) => label('x'.repeat(k === 3 ? 58 : 62))), [0]));
export const longNames = (n: number): FrameList =>
  datagrams('long names', n, 53, (i) =>
    question(i & 0xffff, 0x8180, longName(), times(80, cat([0xc0, 12], u16(5), u16(1), u32(60), u16(2), [0xc0, 12])), 80),
  );
export const dnsPipeline = (n: number): FrameList =>
  connection('DNS pipeline', n, 53, (i) => {
    const message = question(i & 0xffff, 0x100, host(i));
    return [false, times(20, cat(u16(message.length), message))];
  });

/** Other addresses in each packet: of IPv4, of IPv6, of Ethernet alone. */
export const addresses4 = (n: number): FrameList =>
  listOf('addresses of IPv4', n, (i) => {
    const bytes = eth(0x800, ip4(17, udp(1000, 9999, 'x')));
    bytes.set(cat(u32(0x0a000000 + i), u32(0x14000000 + Math.imul(i, 0x9e3779b1) / 2 ** 8)), 26);
    return bytes;
  });
export const addresses6 = (n: number): FrameList =>
  listOf('addresses of IPv6', n, (i) => {
    const bytes = eth(0x86dd, ip6(17, udp(1000, 9999, 'x')));
    bytes.set(cat(u32(i), u32(Math.imul(i, 0x9e3779b1))), 14 + 8);
    bytes.set(u32(i), 14 + 36);
    return bytes;
  });
export const addressesOfEthernet = (n: number): FrameList =>
  listOf('addresses of Ethernet', n, (i) => cat([2, 0], u32(i), [2, 1], u32(Math.imul(i, 0x9e3779b1)), u16(0x88b5), new Uint8Array(46)));
/** Another stack of protocols in each packet: the bits of its number say what is in what. */
export const manyStacks = (n: number): FrameList =>
  listOf('many stacks', n, (i) => {
    let bytes = ip4(17, udp(1, 2, 'x'));
    for (let k = 0; k < 17; k++) {
      // IPv4 in IPv4, or in IPv4 in GRE.
      bytes = ((i >> k) & 1) === 0 ? ip4(4, bytes) : ip4(47, cat([0, 0, 8, 0], bytes));
    }
    return eth(0x800, bytes);
  });
/** Ports of all kinds, both ways. */
export const manyPorts = (n: number): FrameList =>
  listOf('many ports', n, (i) => eth(0x800, ip4(17, udp((i * 7919) & 0xffff, (i * 104_729) & 0xffff, 'x'))));
/** One stream of datagrams, both ways. */
export const longUdp = (n: number): FrameList =>
  listOf('long UDP', n, (i) =>
    eth(0x800, ip4(17, i % 2 === 0 ? udp(5000, 9999, words(100, i)) : udp(9999, 5000, 'yes'), { back: i % 2 === 1 })),
  );
/** A connection that says a word at a time, both ways. */
export const chat = (n: number): FrameList => connection('chat', n, 9999, (i) => [i % 2 === 1, words(10, i)]);

/** A redirect in each response, followed by the next request; of each exchange a host, a cookie, a type, a tag of its own. */
const exchange = (name: string, n: number, asked: (i: number) => string, answered: (i: number) => string): FrameList =>
  connection(name, n, 80, (i) => {
    const k = i >> 1;
    return i % 2 === 0 ? [false, `GET ${asked(k)}\r\n\r\n`] : [true, `HTTP/1.1 ${answered(k)}\r\nContent-Length: 0\r\n\r\n`];
  });
export const redirects = (n: number): FrameList =>
  exchange(
    'redirects',
    n,
    (k) => `/${k} HTTP/1.1\r\nHost: a`,
    (k) => `302 Found\r\nLocation: /${k + 1}`,
  );
/** Redirects that all lead to the first. */
export const redirectsBack = (n: number): FrameList =>
  exchange(
    'redirects back',
    n,
    (k) => `/${k % 2 === 0 ? 'a' : 'b'} HTTP/1.1\r\nHost: a`,
    (k) => `302 Found\r\nLocation: /${k % 2 === 0 ? 'b' : 'a'}`,
  );
export const allDifferent = (n: number): FrameList =>
  exchange(
    'all different',
    n,
    (k) => `/${words(30, k)} HTTP/1.1\r\nHost: ${words(10, k)}.example\r\nCookie: c${k}=${k}\r\nUser-Agent: ${k}`,
    (k) => `${200 + (k % 300)} ${k}\r\nContent-Type: a/b${k}\r\nSet-Cookie: c${k + 1}=${k + 1}\r\nETag: "${k}"\r\nServer: ${k}`,
  );
export const allTheSame = (n: number): FrameList =>
  exchange(
    'all the same',
    n,
    () => '/a HTTP/1.1\r\nHost: a\r\nCookie: c=1; d=2\r\nIf-None-Match: "x"\r\nAuthorization: Basic YTpi',
    (k) =>
      `${k % 3 === 0 ? 304 : 401} x\r\nSet-Cookie: c=1\r\nSet-Cookie: d=2\r\nETag: "y"\r\nWWW-Authenticate: Basic realm="a", Digest realm="b"\r\nCache-Control: max-age=1`,
  );
/** As many cookies as a head can have. */
export const manyCookies = (n: number): FrameList =>
  exchange(
    'many cookies',
    n,
    () => `/a HTTP/1.1\r\nHost: a\r\nCookie: ${'a=b; '.repeat(200)}a=b`,
    () => `200 OK${'\r\nSet-Cookie: a=b'.repeat(60)}`,
  );
/** Challenges, tags and lists of nothing but what a pattern may try twice. */
export const challenges = (n: number): FrameList =>
  exchange(
    'challenges',
    n,
    () => `/a HTTP/1.1\r\nHost: a\r\nIf-None-Match: ${'W/"'.repeat(300)}`,
    (k) => `401 x\r\nWWW-Authenticate: ${(k % 2 === 0 ? 'a ,' : 'a a ').repeat(300)}\r\nCache-Control: ${'a="'.repeat(100)}`,
  );
/** Connections that are refused. */
export const resets = (n: number): FrameList =>
  listOf('resets', n, (i) => {
    const port = 1024 + ((i >> 1) % 60_000);
    const bytes = eth(0x800, i % 2 === 0 ? ip4(6, tcp(port, 80, 1, 0, 2)) : ip4(6, tcp(80, port, 0, 2, 0x14), { back: true }));
    bytes[i % 2 === 0 ? 27 : 31] = Math.floor((i >> 1) / 60_000);
    return bytes;
  });
