/** Captures made to cost more than they weigh: tags in front of packets, records, elements in elements. Each of any number of packets. */
import { connection, datagrams, listOf, once, times } from './hostile-kit.ts';
import type { FrameList } from './memory-capture.ts';
import { cat, eth, ip4, u16, u32, udp } from './packets.ts';

const le16 = (value: number): number[] => [value & 0xff, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];
/** A header in a header, so many times: each has as much in it as is left. */
const nested = (depth: number, header: number, head: (left: number) => readonly number[]): Uint8Array =>
  cat(...Array.from({ length: depth }, (_, k) => head(header * (depth - 1 - k))));
/** A stream of octets, one to a segment. */
const slowly = (name: string, n: number, port: number, octet: (i: number) => number, begun: Uint8Array | string = ''): FrameList =>
  connection(name, n, port, (i) => [false, i === 0 && begun.length > 0 ? begun : Uint8Array.of(octet(i) & 0xff)]);
const said = (text: string, i: number): number => text.charCodeAt(i % text.length);

/** Tags of all kinds in front of each other, and network service headers in each other. */
export const tagsOfAllKinds = (n: number): FrameList =>
  listOf('tags of all kinds', n, () => {
    const tag = cat(
      [0x89, 0x3f, 0, 0, 0, 0, 0, 0],
      [0x89, 0x26, 0, 0, 0, 0],
      [0x89, 0x09, 1, 1, 0, 0, 0, 0],
      [0x88, 0xa8, 0, 0],
      [0x81, 0x00, 0, 0],
    );
    return cat(new Uint8Array(12), times(40, tag), [8, 0]);
  });
export const backbones = (n: number): FrameList =>
  listOf('backbones in backbones', n, () => cat(times(70, cat(new Uint8Array(12), [0x88, 0xe7, 0, 0, 0, 0])), new Uint8Array(12), [8, 0]));
export const serviceHeaders = (n: number): FrameList =>
  listOf('service headers', n, () => eth(0x894f, times(170, Uint8Array.of(0, 0x42, 2, 4, 0, 0, 0, 0))));
export const switchTests = (n: number): FrameList =>
  listOf('loopback tests', n, () => eth(0x9000, [0, 0], times(170, Uint8Array.of(2, 0, 1, 1, 1, 1, 1, 1))));
/** Packets in LISP in packets. */
const lispNested = once(() => {
  let packet = ip4(17, udp(1, 2, 'x'));
  for (let k = 0; k < 30; k++)
    packet = ip4(17, udp(5000, k % 2 === 0 ? 4341 : 4342, cat(k % 2 === 0 ? new Uint8Array(8) : [0x80, 0, 0, 0], packet)));
  return eth(0x800, packet);
});
export const lisp = (n: number): FrameList => listOf('LISP in LISP', n, lispNested);

/** Remote desktop: messages of four octets, connections that are nothing but depth, channels named over and over, headers that lie. */
export const tpkt = (n: number): FrameList => connection('TPKT', n, 102, () => [false, times(350, Uint8Array.of(3, 0, 0, 4))]);
export const cotp = (n: number): FrameList =>
  connection('COTP', n, 102, () => [false, times(200, Uint8Array.of(3, 0, 0, 7, 2, 0xf0, 0x80))]);
export const slowTpkt = (n: number): FrameList => slowly('slow TPKT', n, 3389, (i) => [3, 0, 0xff, 0xff][i & 0xffff] ?? 0);
export const deepT125 = (n: number): FrameList =>
  connection('deep T.125', n, 3389, () => {
    const deep = nested(300, 4, (left) => [0x30, 0x82, ...u16(left)]);
    const message = cat([2, 0xf0, 0x80, 0x7f, 0x65, 0x82], u16(deep.length), deep);
    return [false, cat([3, 0], u16(4 + message.length), message)];
  });
export const rdpChannels = (n: number): FrameList =>
  connection('RDP channels', n, 3389, () => {
    const blocks = times(150, cat(le16(0x0c03), le16(8), le16(1003), [0xff, 0xff]));
    const data = cat([0, 5, 0, 0x14, 0x7c, 0, 1, 0x84, 0xc0], 'McDn', [0x80 | (blocks.length >> 8), blocks.length & 255], blocks);
    const body = cat([0x04, 0x82], u16(data.length), data);
    const message = cat([2, 0xf0, 0x80, 0x7f, 0x66, 0x82], u16(body.length), body);
    return [true, cat([3, 0], u16(4 + message.length), message)];
  });
export const rdpUdp = (n: number): FrameList =>
  datagrams('RDP over UDP', n, 3389, (i) =>
    i % 2 === 0
      ? cat(u32(1), u16(64), u16(0x0004 | 0x0008), u16(0xffff), new Uint8Array(1300))
      : cat(u32(1), u16(64), u16(0x0fff), times(600, Uint8Array.of(255, 255))),
  );

/** Elements in elements, as deep as a datagram is long; elements of no octets. */
export const deepPfcp = (n: number): FrameList =>
  datagrams('deep PFCP', n, 8805, () =>
    cat(
      [0x20, 50],
      u16(1364),
      u32(1),
      nested(340, 4, (left) => [0, 1, ...u16(left)]),
    ),
  );
export const emptyPfcp = (n: number): FrameList =>
  datagrams('empty PFCP', n, 8805, () => cat([0x20, 50], u16(1364), u32(1), times(340, Uint8Array.of(0, 1, 0, 0))));
export const deepGtp2 = (n: number): FrameList =>
  datagrams('deep GTPv2', n, 2123, () =>
    cat(
      [0x40, 32],
      u16(1364),
      u32(1),
      nested(340, 4, (left) => [93, ...u16(left), 0]),
    ),
  );
export const emptyGtp2 = (n: number): FrameList =>
  datagrams('empty GTPv2', n, 2123, () => cat([0x40, 32], u16(1364), u32(1), times(340, Uint8Array.of(71, 0, 0, 0))));
export const labelsGtp2 = (n: number): FrameList =>
  datagrams('labels of GTPv2', n, 2123, () => cat([0x40, 32], u16(1368), u32(1), [71], u16(1360), [0], new Uint8Array(1360)));
export const rtps = (n: number): FrameList =>
  datagrams('RTPS', n, 7400, (i) => cat('RTPS', [2, 1, 1, 1], new Uint8Array(12), times(330, Uint8Array.of(9, 1, i % 3 === 0 ? 1 : 4, 0))));
export const pana = (n: number): FrameList =>
  datagrams('PANA', n, 716, () =>
    cat(u16(0), u16(16 + 1320), u16(0x8000), u16(2), u32(1), u32(1), times(165, cat(u16(2), u16(0), u16(0), u16(0)))),
  );
export const isakmp = (n: number): FrameList =>
  datagrams('ISAKMP', n, 500, (i) =>
    cat(new Uint8Array(16).fill(1), [1, 0x10, 2, 0], u32(0), u32(1378), times(337, cat([1, 0], u16(i % 2 === 0 ? 4 : 0)))),
  );
export const cflow = (n: number): FrameList =>
  datagrams('NetFlow', n, 2055, (i) =>
    cat(u16(9), u16(0xffff), u32(0), u32(0), u32(i), u32(0), times(330, cat(u16(i % 2), u16(i % 3 === 0 ? 0 : 4)))),
  );
export const raknet = (n: number): FrameList =>
  listOf('RakNet', n, (i) => {
    const magic = [0, 0xff, 0xff, 0, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78];
    const payload = i % 2 === 0 ? cat([5], magic, new Uint8Array(1000)) : cat([0x84, 0, 0, 0], times(340, Uint8Array.of(0, 0, 8, 0)));
    return eth(0x800, ip4(17, udp(1024 + ((i >> 1) % 60_000), 19_132, payload)));
  });
export const stun = (n: number): FrameList =>
  datagrams('STUN', n, 3478, (i) =>
    cat(u16(1), u16(1360), u32(0x2112a442), new Uint8Array(12), times(340, cat(u16(i % 2 === 0 ? 0x13 : 0x20), u16(0)))),
  );
export const turnChannels = (n: number): FrameList =>
  connection('TURN channels', n, 3478, (i) => [
    false,
    i === 0 ? cat(u16(1), u16(0), u32(0x2112a442), new Uint8Array(12)) : times(350, Uint8Array.of(0x40, 0, 0, 0)),
  ]);
export const bacnet = (n: number): FrameList =>
  datagrams('BACnet', n, 47_808, (i) =>
    cat([0x81, 10], u16(1400), [1, 0x28, 0, 1, i & 255, 0, 1, 255], times(670, Uint8Array.of(0x0e, 0x0f))),
  );

/** Text: braces in braces, descriptions of media without end, lines of nothing, tags that all want a sum. */
export const deepMegaco = (n: number): FrameList =>
  datagrams('deep Megaco', n, 2944, () => `!/1 [1.2.3.4]:2944 T=1{C=-{A=a{M{${'O{'.repeat(650)}`);
export const mediaMegaco = (n: number): FrameList =>
  datagrams('media of Megaco', n, 2944, (i) => `!/1 [1.2.3.4]:2944 T=${i}{C=-{A=a{M{${'L{v=0},'.repeat(180)}}}}}`);
export const blanksMegaco = (n: number): FrameList =>
  datagrams('blanks of Megaco', n, 2944, () => `!/1 [1.2.3.4]:2944 T=1{C=-{${`${'a '.repeat(95)}{}`.repeat(6)}`);
export const mgcp = (n: number): FrameList => datagrams('MGCP', n, 2427, (i) => `CRCX ${i} a@b MGCP 1.0\n${'A:\n'.repeat(400)}`);
export const mgcpBodies = (n: number): FrameList =>
  datagrams(
    'bodies of MGCP',
    n,
    2427,
    (i) => `MDCX ${i} a@b MGCP 1.0\n\nv=0\nc=IN IP4 10.0.0.${i & 255}\n${`m=audio ${1024 + (i % 60_000)} RTP/AVP 0\n`.repeat(40)}`,
  );
const CHECKSUMS = '10=000\x01'.repeat(3000);
export const fixChecksums = (n: number): FrameList => {
  const message = cat(`8=FIX.4.2\x019=${CHECKSUMS.length - 7}\x01`, CHECKSUMS);
  const segments = Math.ceil(message.length / 1400);
  return connection('checksums of FIX', n, 9878, (i) => {
    const at = 1400 * (i % segments);
    return [false, message.subarray(at, at + 1400)];
  });
};
export const slowFix = (n: number): FrameList =>
  slowly('slow FIX', n, 9878, (i) => said('8=FIX.4.2\x019=999\x01', i - 1), '8=FIX.4.2\x019=5\x0110=000\x01');
export const fixHeads = (n: number): FrameList => connection('heads of FIX', n, 9878, () => [false, '8=FIX\x01'.repeat(230)]);
export const slowSip = (n: number): FrameList => slowly('slow SIP', n, 5060, (i) => said('Via: a\r\n', i), 'INVITE sip:a@b SIP/2.0\r\n');
export const smallSip = (n: number): FrameList =>
  connection('small SIP', n, 5060, () => [false, 'INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nl:0\r\n\r\n'.repeat(20)]);
export const slowRtsp = (n: number): FrameList => slowly('slow RTSP', n, 554, (i) => said('A: a\r\n', i), 'OPTIONS * RTSP/1.0\r\n');
export const emptyRtsp = (n: number): FrameList => connection('empty RTSP', n, 554, () => [true, times(350, Uint8Array.of(0x24, 0, 0, 0))]);

/** Records: of no octets, with numbers that are all the same, that are never whole. */
export const kafka = (n: number): FrameList => connection('Kafka', n, 9092, () => [false, times(350, Uint8Array.of(0, 0, 0, 0))]);
export const slowKafka = (n: number): FrameList => slowly('slow Kafka', n, 9092, (i) => [0, 0, 0, 5, 0, 0, 0, 0, 0][i % 9] as number);
export const amqpBodies = (n: number): FrameList =>
  connection('bodies of AMQP', n, 5672, (i) => [
    false,
    i === 0
      ? cat('AMQP', [0, 0, 9, 1])
      : i === 1
        ? cat([2, 0, 1], u32(31), u16(60), u16(0), u32(0), u32(2), [0x80, 0, 16], 'application/json', [0xce])
        : times(140, cat([3, 0, 1], u32(2), '{}', [0xce])),
  ]);
export const rpcCalls = (n: number): FrameList =>
  connection('RPC calls of one number', n, 111, (i) => [
    i % 2 === 1,
    i % 2 === 0
      ? times(30, cat(u32(0x80000028), u32(7), u32(0), u32(2), u32(100_003), u32(3), u32(0), u32(0), u32(0), u32(0), u32(0)))
      : times(40, cat(u32(0x80000018), u32(7), u32(1), u32(0), u32(0), u32(0), u32(0))),
  ]);
export const rpcNumbers = (n: number): FrameList =>
  datagrams('RPC calls of all numbers', n, 111, (i) =>
    cat(u32(i), u32(0), u32(2), u32(100_000), u32(2), u32(3), u32(0), u32(0), u32(0), u32(0)),
  );
export const openvpnPieces = (n: number): FrameList =>
  connection('pieces of OpenVPN', n, 1194, (i) => [
    false,
    times(
      1,
      cat(...Array.from({ length: 10 }, (_, k) => cat(u16(114), [0x20], new Uint8Array(8), [0], u32(10 * i + k), new Uint8Array(100)))),
    ),
  ]);
export const emptyOpenvpn = (n: number): FrameList => connection('empty OpenVPN', n, 1194, () => [false, times(700, Uint8Array.of(0, 0))]);
/** As many unfinished messages of as many connections. */
export const openvpnFlood = (n: number): FrameList =>
  listOf('OpenVPN flood', n, (i) =>
    eth(0x800, ip4(17, udp(1024 + (i % 60_000), 1194, cat([0x20], u32(i), u32(i), [0], u32(0), new Uint8Array(100))))),
  );
export const socksFlood = (n: number): FrameList =>
  connection('SOCKS', n, 1080, (i) => [i % 2 === 1, i % 2 === 0 ? cat([5, 255], new Uint8Array(255)) : Uint8Array.of(5, 0)]);
/** StartTLS asked for and granted, over and over. */
export const startTls = (n: number): FrameList =>
  connection('StartTLS', n, 389, (i) => [
    i % 2 === 1,
    i % 2 === 0
      ? times(20, cat([0x30, 29, 2, 1, i & 127, 0x77, 24, 0x80, 22], '1.3.6.1.4.1.1466.20037'))
      : times(20, cat([0x30, 12, 2, 1, (i - 1) & 127, 0x78, 7, 10, 1, 0, 4, 0, 4, 0])),
  ]);
export const thrift = (n: number): FrameList =>
  connection('Thrift', n, 9090, () => [false, times(60, cat(u32(17), [0x80, 1, 0, 1], u32(4), 'ping', u32(1), [0]))]);
export const q931 = (n: number): FrameList =>
  connection('Q.931', n, 1720, () => [false, times(20, cat([3, 0], u16(70), [8, 2, 0, 1, 5], times(30, Uint8Array.of(0x28, 0)), [0]))]);
export const z3950 = (n: number): FrameList =>
  connection('deep Z39.50', n, 210, () => [false, nested(300, 4, (left) => [0xb4, 0x82, ...u16(left)])]);
export const c1222 = (n: number): FrameList => connection('C12.22', n, 1153, () => [false, times(700, Uint8Array.of(0x60, 0))]);
export const endlessC1222 = (n: number): FrameList => slowly('endless C12.22', n, 1153, () => 0x84, Uint8Array.of(0x60, 0x84));
export const synphasor = (n: number): FrameList =>
  connection('synchrophasors', n, 4712, () => [false, times(80, cat([0xaa, 0x01], u16(16), new Uint8Array(12)))]);
export const doip = (n: number): FrameList => connection('DoIP', n, 13_400, () => [false, times(170, cat([2, 0xfd], u16(7), u32(0)))]);
export const tds = (n: number): FrameList => connection('TDS', n, 1433, () => [false, times(170, Uint8Array.of(1, 0, 0, 8, 0, 0, 0, 0))]);
export const dsi = (n: number): FrameList => connection('DSI', n, 548, () => [false, times(80, cat([0, 2], u16(1), new Uint8Array(12)))]);
export const lnet = (n: number): FrameList => connection('LNet', n, 988, () => [false, cat(le32(0x45726963), new Uint8Array(1300))]);
/** JSON as deep as it goes, in a smart plug's disguise. */
export const smartPlug = (n: number): FrameList =>
  connection('smart plug', n, 9999, () => {
    const text = `{"a":${'['.repeat(1200)}`;
    let key = 171;
    return [
      false,
      cat(
        u32(text.length),
        Array.from(text, (letter) => (key ^= letter.charCodeAt(0))),
      ),
    ];
  });
/** A body of JSON whose first name is long, and stands in the path of each of the others. */
export const longPaths = (n: number): FrameList => {
  const text = `{"${'k'.repeat(40_000)}":{${Array.from({ length: 800 }, (_, k) => `"${k.toString(36)}":1`).join(',')}}}`;
  const message = cat(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`, text);
  const segments = Math.ceil(message.length / 1400);
  return connection('long paths', n, 80, (i) => {
    if (i === 0) return [false, times(60, 'GET / HTTP/1.1\r\n\r\n')];
    const at = 1400 * ((i - 1) % segments);
    return [true, message.subarray(at, at + 1400)];
  });
};
