/** Captures made to cost more than they weigh: what TCP and UDP carry. Each of any number of packets. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { connection, datagrams, EMPTY, listOf, once, times } from './hostile-kit.ts';
import type { FrameList } from './memory-capture.ts';
import { cat, eth, ip4, ip6, u16, u32, udp } from './packets.ts';

/** Requests in a pipeline, thirty to a segment, never answered; or answered all at once. */
export const pipeline = (n: number): FrameList =>
  connection('pipeline', n, 80, () => [false, times(30, 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n')]);
export const answeredPipeline = (n: number): FrameList =>
  connection('answered pipeline', n, 80, (i) => [
    i % 2 === 1,
    i % 2 === 0 ? times(20, 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n') : times(20, 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'),
  ]);
/** One header line that goes on and on. */
export const endlessLine = (n: number): FrameList =>
  connection('endless line', n, 80, (i) => [false, i === 0 ? 'GET / HTTP/1.1\r\nX: ' : times(1400, 'x')]);
/** Header lines of a megabyte, complete. */
export const longLines = (n: number): FrameList =>
  connection('long lines', n, 80, (i) => [
    false,
    i % 700 === 0 ? 'GET / HTTP/1.1\r\nX: ' : i % 700 === 699 ? '\r\n\r\n' : times(1400, 'x'),
  ]);
/** Headers without names or values, as many as fit. */
export const manyHeaders = (n: number): FrameList =>
  connection('many headers', n, 80, (i) => [false, `GET / HTTP/1.1\r\n${':\r\n'.repeat(400 + (i % 2))}\r\n`]);
/** Interim responses without end. */
export const interim = (n: number): FrameList =>
  connection('interim responses', n, 80, (i) => [i > 0, i === 0 ? 'GET / HTTP/1.1\r\n\r\n' : times(40, 'HTTP/1.1 100 Continue\r\n\r\n')]);
const bomb = once(() => gzipSync(new Uint8Array(1 << 20)));
/** Responses of a kilobyte that say a megabyte. */
export const gzipBombs = (n: number): FrameList =>
  connection('gzip bombs', n, 80, (i) => [
    i % 2 === 1,
    i % 2 === 0
      ? 'GET / HTTP/1.1\r\n\r\n'
      : cat(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb().length}\r\n\r\n`, bomb()),
  ]);
/** JSON and XML as deep as a segment is long. */
export const deepJson = (n: number): FrameList =>
  connection('deep JSON', n, 80, (i) => [
    i % 2 === 1,
    i % 2 === 0
      ? 'GET / HTTP/1.1\r\n\r\n'
      : `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1200\r\n\r\n${'[{"a":'.repeat(200)}`,
  ]);
export const deepXml = (n: number): FrameList =>
  connection('deep XML', n, 80, (i) => [
    i % 2 === 1,
    i % 2 === 0
      ? 'GET / HTTP/1.1\r\n\r\n'
      : `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1200\r\n\r\n${'<a>'.repeat(400)}`,
  ]);
/** JSON of a megabyte, all brackets, in one body. */
export const hugeJson = (n: number): FrameList =>
  connection('huge JSON', n, 80, (i) =>
    i === 0
      ? [false, 'GET / HTTP/1.1\r\n\r\n']
      : i % 750 === 1
        ? [true, `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${749 * 1400}\r\n\r\n`]
        : [true, times(700, '[1')],
  );
/** CONNECT in a tunnel in a tunnel. */
export const nestedConnect = (n: number): FrameList =>
  connection('nested CONNECT', n, 8080, (i) => [
    i % 2 === 1,
    i % 2 === 0 ? 'CONNECT a:8080 HTTP/1.1\r\n\r\n' : 'HTTP/1.1 200 Connection established\r\n\r\n',
  ]);

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const frame = (type: number, flags: number, stream: number, payload: Uint8Array | string): Uint8Array => {
  const body = cat(payload);
  return cat([body.length >> 16, (body.length >> 8) & 255, body.length & 255, type, flags], u32(stream), body);
};
const http2 = (name: string, n: number, talk: (i: number) => Uint8Array): FrameList =>
  connection(name, n, 80, (i) => [false, i === 0 ? cat(PREFACE, frame(4, 0, 0, EMPTY)) : talk(i - 1)]);

/** A header block that CONTINUATION frames never end. */
export const continuations = (n: number): FrameList =>
  http2('CONTINUATION flood', n, (i) =>
    i === 0 ? frame(1, 0, 1, Uint8Array.of(0x82)) : times(30, frame(9, 0, 1, times(32, Uint8Array.of(0x82)))),
  );
/** An entry of 4 KB in the table, named a thousand times in each block after it. */
export const hpackBombs = (n: number): FrameList =>
  http2('HPACK bombs', n, (i) =>
    i === 0
      ? frame(1, 4, 1, cat([0x40, 1], 'a', [0x7f, 0x80 + ((3900 - 127) & 127), (3900 - 127) >> 7], times(3900, 'x')))
      : frame(1, 4, 1 + 2 * i, times(1200, Uint8Array.of(0xbe))),
  );
/** A stream for each of many small frames. */
export const manyStreams = (n: number): FrameList =>
  http2('many streams', n, (i) => cat(...Array.from({ length: 60 }, (_, k) => frame(1, 4, 1 + 2 * (60 * i + k), Uint8Array.of(0x82)))));
/** Empty frames. */
export const emptyFrames = (n: number): FrameList => http2('empty frames', n, () => times(120, frame(0, 0, 1, EMPTY)));
/** DATA of one stream that never ends. */
export const endlessData = (n: number): FrameList =>
  http2('endless DATA', n, (i) => (i === 0 ? frame(1, 4, 1, Uint8Array.of(0x82)) : frame(0, 0, 1, times(1300, 'x'))));

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const upgraded = (extension: string): string =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n${extension}\r\n`;
const webSocket = (name: string, n: number, extension: string, talk: (i: number) => Uint8Array): FrameList =>
  connection(name, n, 80, (i) => (i === 0 ? [false, UPGRADE] : i === 1 ? [true, upgraded(extension)] : [true, talk(i - 2)]));
const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';

/** One message in fragments of one byte that never ends. */
export const webSocketFragments = (n: number): FrameList =>
  webSocket('WebSocket fragments', n, '', (i) => Uint8Array.of(i === 0 ? 0x01 : 0x00, 1, 0x61));
/** The same, compressed, four hundred fragments to a segment; a message ends now and then. */
export const webSocketDeflated = (n: number): FrameList =>
  webSocket('WebSocket fragments, deflated', n, DEFLATE, (i) =>
    cat([i % 100 === 0 ? 0x41 : 0, 1, 0], times(400, Uint8Array.of(0, 1, 0)), i % 100 === 99 ? [0x80, 1, 0] : []),
  );
const deflated = once(() => deflateRawSync(new Uint8Array(1 << 20)));
/** Messages of a kilobyte that inflate to a megabyte, with one window for all. */
export const webSocketBombs = (n: number): FrameList =>
  webSocket('WebSocket bombs', n, DEFLATE, () => cat([0xc1, 126], u16(deflated().length), deflated()));

/** Records of one byte, two hundred to a segment. */
export const tinyRecords = (n: number): FrameList =>
  connection('tiny TLS records', n, 443, () => [false, times(200, Uint8Array.of(0x17, 3, 3, 0, 1, 7))]);
/** A handshake message of 16 MB in records of one byte. */
export const slowHandshake = (n: number): FrameList =>
  connection('slow handshake', n, 443, (i) => [
    true,
    i === 0 ? Uint8Array.of(0x16, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff) : times(200, Uint8Array.of(0x16, 3, 3, 0, 1, 0)),
  ]);
/** Certificates of nothing but nested sequences. */
export const deepCertificates = (n: number): FrameList => {
  const nested = times(340, Uint8Array.of(0x30, 0x82, 0x04, 0x00));
  const body = cat([0], u16(nested.length + 3), [0], u16(nested.length), nested);
  return connection('deep certificates', n, 443, () => [true, cat([0x16, 3, 3], u16(body.length + 4), [11, 0], u16(body.length), body)]);
};

/** DNS names whose pointers go round. */
export const pointerLoops = (n: number): FrameList =>
  datagrams('pointer loops', n, 53, () => {
    const head = cat(u16(1), u16(0x8180), u16(0), u16(100), u16(0), u16(0));
    return cat(
      head,
      ...Array.from({ length: 100 }, (_, k) => cat(u16(0xc000 | (12 + 12 * ((k * 7) % 100))), u16(1), u16(1), u32(60), u16(0))),
    );
  });
/** Queries that nobody answers, all different; all the same. */
export const unanswered = (n: number): FrameList =>
  datagrams('unanswered queries', n, 53, (i) =>
    cat(u16(i), u16(0x100), u16(1), u16(0), u16(0), u16(0), [4], `a${1000 + (i % 1000)}`.slice(1).padEnd(4), [0], u16(1), u16(1)),
  );
export const repeated = (n: number): FrameList =>
  datagrams('repeated queries', n, 53, () => cat(u16(1), u16(0x100), u16(1), u16(0), u16(0), u16(0), [1, 0x61, 0], u16(1), u16(1)));
/** As many questions as fit. */
export const manyQuestions = (n: number): FrameList =>
  datagrams('many questions', n, 53, () =>
    cat(u16(1), u16(0x100), u16(270), u16(0), u16(0), u16(0), times(270, Uint8Array.of(0, 0, 1, 0, 1))),
  );

/** ASN.1 that is nothing but depth. */
const DEEP = times(700, Uint8Array.of(0x30, 0x80));
export const deepSnmp = (n: number): FrameList => datagrams('deep SNMP', n, 161, () => DEEP);
export const deepSnmpSized = (n: number): FrameList =>
  datagrams('deep SNMP, with lengths', n, 161, () => cat(...Array.from({ length: 340 }, (_, k) => cat([0x30, 0x82], u16(1356 - 4 * k)))));
export const deepKerberos = (n: number): FrameList =>
  datagrams('deep Kerberos', n, 88, () =>
    cat(...Array.from({ length: 300 }, (_, k) => cat([k === 0 ? 0x6a : k % 2 === 0 ? 0xa1 : 0x30, 0x82], u16(1196 - 4 * k)))),
  );
export const deepLdap = (n: number): FrameList =>
  connection('deep LDAP', n, 389, () => [
    false,
    cat(
      [0x30, 0x82],
      u16(1200),
      [2, 1, 1, 0x63, 0x82],
      u16(1193),
      ...Array.from({ length: 297 }, (_, k) => cat([0xa0, 0x82], u16(1189 - 4 * k))),
    ),
  ]);
/** LDAP filters nested in `not`, behind the arguments that a search has. */
export const ldapFilters = (n: number): FrameList =>
  connection('LDAP filters', n, 389, () => {
    const filter = cat(...Array.from({ length: 300 }, (_, k) => cat([0xa2, 0x82], u16(1200 - 4 - 4 * k))), [0x87, 0]);
    const search = cat([4, 0, 0x0a, 1, 0, 0x0a, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0], filter, [0x30, 0]);
    return [false, cat([0x30, 0x82], u16(search.length + 7), [2, 1, 1, 0x63, 0x82], u16(search.length), search)];
  });

/** Option 82 in option 82, and overloaded options. */
export const nestedDhcp = (n: number): FrameList =>
  datagrams('nested DHCP options', n, 67, () =>
    cat(
      [1, 1, 6, 0],
      u32(1),
      new Uint8Array(28),
      new Uint8Array(192).fill(52),
      [0x63, 0x82, 0x53, 0x63, 52, 1, 3],
      ...Array.from({ length: 4 }, () => cat([82, 250], times(125, Uint8Array.of(1, 0)))),
      [255],
    ),
  );
export const nestedDhcpv6 = (n: number): FrameList =>
  datagrams('nested DHCPv6 relays', n, 547, () =>
    cat(...Array.from({ length: 30 }, (_, k) => cat([12, k], new Uint8Array(32), u16(9), u16(38 * (29 - k)))), [1, 0, 0, 0]),
  );

/** Arrays of RESP, lists of bencode, and elements of XMPP in each other. */
export const deepResp = (n: number): FrameList => connection('deep RESP', n, 6379, () => [true, times(300, '*1\r\n')]);
export const deepBencode = (n: number): FrameList => datagrams('deep bencode', n, 6881, () => `d1:a${'l'.repeat(1300)}`);
export const deepXmpp = (n: number): FrameList =>
  connection('deep XMPP', n, 5222, (i) => [
    false,
    i === 0 ? "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='a'>" : '<a>'.repeat(450),
  ]);
/** Mail whose parts have parts, and a message without end. */
export const mail = (n: number): FrameList =>
  connection('endless mail', n, 25, (i) =>
    i === 0
      ? [true, '220 a ESMTP\r\n']
      : i === 1
        ? [false, 'DATA\r\n']
        : i === 2
          ? [true, '354 go\r\n']
          : i === 3
            ? [false, 'Content-Type: multipart/mixed; boundary=a\r\n\r\n']
            : [false, '--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(20)],
  );
export const endlessCommand = (n: number): FrameList =>
  connection('endless FTP line', n, 21, (i) => [false, i === 0 ? 'USER ' : 'x'.repeat(1000)]);
export const literals = (n: number): FrameList =>
  connection('IMAP literals', n, 143, (i) => [false, i === 0 ? 'a LOGIN {4000000000}\r\n' : 'x'.repeat(1000)]);
/** Announcements of data connections, all different. */
export const announcements = (n: number): FrameList =>
  connection('FTP announcements', n, 21, (i) => [
    true,
    `227 Entering Passive Mode (10,0,0,${i & 255},${(i >> 8) & 255},${i & 255}).\r\n`.repeat(10),
  ]);
/** Media announced by SIP, all different. */
export const mediaSetups = (n: number): FrameList =>
  datagrams('SIP media', n, 5060, (i) => {
    const sdp = `v=0\r\no=a 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.${i & 255}.1\r\nt=0 0\r\n${Array.from({ length: 20 }, (_, k) => `m=audio ${1024 + ((i * 20 + k) % 60_000)} RTP/AVP 0\r\n`).join('')}`;
    return `INVITE sip:a@b SIP/2.0\r\nCall-ID: ${i}\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
  });
/** QUIC connections that are begun only, and handshake bytes with holes. */
export const quicFlood = (n: number): FrameList =>
  listOf('QUIC flood', n, (i) =>
    eth(
      0x800,
      ip4(17, udp(1024 + (i % 60_000), 443, cat([0xc0], u32(1), [8], u32(i), u32(7), [0, 0, 0x44, 0x40], new Uint8Array(1088).fill(i)))),
    ),
  );
/** Telnet options, and nothing else. */
export const telnet = (n: number): FrameList => connection('telnet options', n, 23, () => [true, times(450, Uint8Array.of(255, 251, 1))]);
/** PostgreSQL rows of no columns, MySQL packets of no bytes, MQTT pings. */
export const pings = (n: number): FrameList => connection('MQTT pings', n, 1883, () => [false, times(600, Uint8Array.of(0xc0, 0))]);
export const smallSmb = (n: number): FrameList =>
  connection('NetBIOS keep-alives', n, 139, () => [false, times(350, Uint8Array.of(0x85, 0, 0, 0))]);
export const bgp = (n: number): FrameList =>
  connection('BGP keep-alives', n, 179, () => [false, times(70, cat(times(16, Uint8Array.of(255)), [0, 19, 4]))]);
/** SCTP of chunks without content, SNMP with empty variables. */
export const sctp = (n: number): FrameList =>
  listOf('SCTP chunks', n, () => eth(0x800, ip4(132, cat(u16(1), u16(2), u32(1), u32(0), times(340, Uint8Array.of(0, 3, 0, 4))))));
/** IPv6 extension headers in a row, VLAN tags in a row, MPLS labels in a row. */
export const extensions = (n: number): FrameList =>
  listOf('IPv6 extensions', n, () =>
    eth(0x86dd, ip6(60, cat(times(170, Uint8Array.of(60, 0, 1, 4, 0, 0, 0, 0)), [59, 0, 1, 4, 0, 0, 0, 0]))),
  );
export const tags = (n: number): FrameList =>
  listOf('VLAN tags', n, () => cat(new Uint8Array(12), times(340, Uint8Array.of(0x81, 0, 0, 1)), [8, 0]));
export const labels = (n: number): FrameList => listOf('MPLS labels', n, () => eth(0x8847, times(340, Uint8Array.of(0, 1, 0, 64))));
