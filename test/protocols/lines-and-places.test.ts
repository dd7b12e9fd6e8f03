/** How a packet's tree is built: what stands below what, in which order, where, and in which words. */
import { describe, expect, it } from 'vitest';
import { treeText } from '../../src/cli/packet-text.ts';
import type { Dissection } from '../../src/dissect/dissection.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import '../../src/protocols/index.ts';
import { be16, hex } from './every-cut.ts';
import { captureOf, dissectOne, eth, ip4, ip6, join, u16 } from './network-packets.ts';
import { ofFrames, overTcp, tcpFrames, udpFrame } from './talk.ts';

const linesOf = (d: Dissection): string[] => treeText(d).split('\n');
/** The lines below the first one that begins so, without their indent. */
function below(d: Dissection, start: string): string[] {
  const all = linesOf(d);
  const at = all.findIndex((line) => line.trim().startsWith(start));
  const depth = (line: string): number => line.length - line.trimStart().length;
  const found: string[] = [];
  for (let i = at + 1; at >= 0 && i < all.length && depth(all[i] as string) > depth(all[at] as string); i++)
    found.push((all[i] as string).trim());
  return found;
}
function nodeOf(d: Dissection, wanted: (node: FieldNode) => boolean): FieldNode {
  const find = (nodes: readonly FieldNode[]): FieldNode | undefined => {
    for (const node of nodes) {
      const found = wanted(node) ? node : find(node.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const layer of d.layers) {
    const found = find(layer.fields);
    if (found !== undefined) return found;
  }
  throw new Error('no such field');
}
const placeOf = (d: Dissection, label: string): number[] => {
  const node = nodeOf(d, (each) => each.label === label);
  return [node.offset, node.length];
};

/** A ClientHello with these extensions in a record of TLS. */
function clientHello(...extensions: readonly (readonly number[])[]): Uint8Array {
  const all = extensions.flat();
  const body = [3, 3, ...new Array(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, ...be16(all.length), ...all];
  const message = [1, 0, ...be16(body.length), ...body];
  return Uint8Array.from([22, 3, 1, ...be16(message.length), ...message]);
}
const extension = (type: number, ...data: readonly number[]): number[] => [...be16(type), ...be16(data.length), ...data];

describe('the tree of a TLS handshake', () => {
  const hello = clientHello(
    extension(0, 0, 4, 0, 0, 1, 0x61),
    extension(51, 0, 6, 0, 29, 0, 2, 1, 2),
    extension(65281, 0),
    extension(35),
    extension(35, 1, 2, 3),
  );
  const d = overTcp(443, ['>', hello]).at(0);
  it('has each key share below the group that it is of', () => {
    const shares = below(d, 'Key Share extension');
    expect(shares).toEqual([
      'Client Key Share Length: 6',
      'Key Share Entry: Group: x25519, Key Exchange length: 2',
      'Group: x25519 (29)',
      'Key Exchange Length: 2',
      'Key Exchange: 0102',
    ]);
    const entry = nodeOf(d, (node) => node.label === 'Key Share Entry');
    expect([entry.length, entry.children.length]).toEqual([6, 3]);
  });
  it('has names and renegotiation below lines of their own', () => {
    expect(below(d, 'Server Name Indication extension')).toContain('Server Name: a');
    expect(below(d, 'Renegotiation Info extension')).toEqual(['Renegotiation info extension length: 0']);
  });
  it('tells the length of a ticket, not its octets', () => {
    expect(
      linesOf(d)
        .filter((line) => line.includes(' Data: '))
        .map((line) => line.trim()),
    ).toEqual(['Data: 0 bytes', 'Data: 3 bytes']);
  });
  it('names the ciphers of SSL 2.0, and those of TLS that are asked for with them', () => {
    const specs = hex('010080 000039');
    const old = join([0x80, 9 + specs.length + 16, 1, 3, 1], u16(specs.length), u16(0), u16(16), specs, new Uint8Array(16));
    const shown = linesOf(overTcp(443, ['>', old]).at(0)).join('\n');
    expect(shown).toContain('Cipher Spec: SSL2_RC4_128_WITH_MD5 (0x010080)');
    expect(shown).toContain('Cipher Spec: TLS_DHE_RSA_WITH_AES_256_CBC_SHA (0x000039)');
  });
});

describe('the tree of DNS', () => {
  it('marks the octets of each section', () => {
    const d = ofFrames(
      udpFrame(53, 5000, hex('1234818000010001000000000161000001 0001 c00c 0001 0001 00000000 0004 01020304'.replaceAll(' ', ''))),
    ).at(0);
    expect(placeOf(d, 'Queries')).toEqual([54, 7]);
    expect(placeOf(d, 'Answers')).toEqual([61, 16]);
  });
});

describe('the tree of HTTP', () => {
  const head = 'HTTP/1.1 200 OK\r\netag: "x"\r\naccept-ranges: none\r\nTRANSFER-encoding: chunked\r\n\r\n';
  it('calls headers as they were sent', () => {
    const lines = linesOf(overTcp(80, ['<', `${head}0\r\n\r\n`]).at(0)).map((line) => line.trim());
    expect(lines).toContain('etag: "x"');
    expect(lines).toContain('TRANSFER-encoding: chunked');
    expect(
      linesOf(overTcp(80, ['>', 'GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n']).at(0)).map((line) => line.trim()),
    ).toContain('Accept-Encoding: gzip');
  });
  it('marks chunks with the ends of their lines, and has trailers among them', () => {
    const d = overTcp(80, ['<', `${head}2\r\nab\r\n0\r\n\r\n`]).at(0);
    const at = 54 + head.length;
    expect(placeOf(d, 'Data chunk (2 octets)')).toEqual([at, 7]);
    expect(placeOf(d, 'End of chunked encoding')).toEqual([at + 7, 5]);
    const trailed = overTcp(80, ['<', `${head}0\r\nx: 1\r\n\r\n`]).at(0);
    expect(placeOf(trailed, 'End of chunked encoding')).toEqual([at, 3]);
    expect(below(trailed, 'HTTP chunked response').at(-2)).toMatch(/^trailer-part: x: 1/);
  });
  it('knows the headers of a notification for neither a request nor a response', () => {
    const d = ofFrames(udpFrame(5000, 1900, 'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: a\r\n\r\n')).at(0);
    expect(nodeOf(d, (node) => node.abbrev === 'http.unknown_header').label).toBe('NT');
    expect(() => nodeOf(d, (node) => node.abbrev === 'http.request.line')).toThrow();
    expect(nodeOf(d, (node) => node.abbrev === 'http.host').label).toBe('HOST');
  });
  it.each(['NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE'])('takes %s for a notification, and a search for a request', (method) => {
    const of = (said: string) => ofFrames(udpFrame(5000, 1900, `${said} * HTTP/1.1\r\nNT: a\r\n\r\n`)).at(0);
    expect(nodeOf(of(method), (node) => node.abbrev === 'http.notification')).toBeDefined();
    expect(() => nodeOf(of(method), (node) => node.abbrev === 'http.request')).toThrow();
    expect(nodeOf(of('M-SEARCH'), (node) => node.abbrev === 'http.request')).toBeDefined();
  });
});

describe('the trees of TCP and UDP', () => {
  it('tell the round trip of an ACK before that of the handshake', () => {
    const said = [
      ['>', 'a'],
      ['<', 'b'],
    ] as const;
    const capture = captureOf(tcpFrames(9, said));
    const names = nodeOf(dissectPacket(capture, 4), (node) => node.abbrev === 'tcp.analysis').children.map(({ abbrev }) => abbrev);
    expect(names.slice(0, 3)).toEqual(['tcp.analysis.acks_frame', 'tcp.analysis.ack_rtt', 'tcp.analysis.initial_rtt']);
  });
  it('have the status of a checksum that is not there below it', () => {
    const d = ofFrames(udpFrame(1, 2, 'x')).at(0);
    expect(nodeOf(d, (node) => node.abbrev === 'udp.checksum').children.map(({ abbrev }) => abbrev)).toEqual(['udp.checksum.status']);
  });
});

describe('the words of', () => {
  it('Enhanced GRE leave its flag out of the reserved bits', () => {
    const enhanced = dissectOne(eth(0x0800, ip4([0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 2], { proto: 47 })));
    expect(linesOf(enhanced).map((line) => line.trim())).toContain('Flags (Reserved): 0');
    const plain = dissectOne(eth(0x0800, ip4([0x00, 0x80, 0x08, 0x00], { proto: 47 })));
    expect(linesOf(plain).map((line) => line.trim())).toContain('Flags (Reserved): 16');
    expect(linesOf(plain).map((line) => line.trim())).toContain('Protocol Type: IP (0x0800)');
  });
  it('an IPv6 address tell the IPv4 address that a translator reaches by it', () => {
    const packet = Uint8Array.from(ip6([], 59));
    packet.set(hex('0064ff9b0000000000000000c0000201'), 24);
    const lines = linesOf(dissectOne(eth(0x86dd, packet))).map((line) => line.trim());
    expect(lines).toContain('[Embedded IPv4 Prefix: 0064ff9b0000000000000000]');
    expect(lines).toContain('[Destination Embedded IPv4: 192.0.2.1]');
    packet[28] = 1;
    expect(linesOf(dissectOne(eth(0x86dd, packet))).join('\n')).not.toContain('Embedded');
  });
  it('DHCP say which names are not given', () => {
    const message = new Uint8Array(240);
    message.set([1, 1, 6, 0]);
    message[108] = 0x66;
    message.set([0x63, 0x82, 0x53, 0x63], 236);
    const d = ofFrames(udpFrame(68, 67, join(message, [55, 2, 1, 28, 255]))).at(0);
    const lines = linesOf(d).map((line) => line.trim());
    expect(lines).toContain('Server host name not given');
    expect(lines).toContain('Boot file name: f');
    expect(lines).toContain('Parameter Request List Item: (28) Broadcast Address');
  });
  it('DHCPv6 have the name of an option over all of it', () => {
    const d = ofFrames(
      eth(0x86dd, ip6(join(u16(546), u16(547), u16(18), u16(1), hex('01000001 0008 0002 0000'.replaceAll(' ', ''))), 17)),
    ).at(0);
    const option = nodeOf(d, (node) => node.abbrev === 'dhcpv6.option.type_str');
    expect([option.label, option.length, option.hidden, option.value]).toEqual(['Elapsed time', 6, false, 'Elapsed time']);
  });
});
