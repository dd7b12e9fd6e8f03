import { describe, expect, test } from 'vitest';
import { arpFrame } from './link-frames.ts';
import {
  captureOf,
  dissectOne,
  eth,
  faultsWhenCut,
  fieldsOf,
  hex,
  indexedStack,
  ip4,
  join,
  MAC_A,
  MAC_B,
  stackOf,
  u16,
} from './network-packets.ts';

describe('Ethernet II', () => {
  test('names what switches of Realtek say to each other', () => {
    const frame = eth(0x8899, hex('2580 0000 020000000001'));
    expect(fieldsOf(dissectOne(frame), 'frame.protocols')).toEqual({ 'frame.protocols': 'eth:ethertype:realtek' });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('is taken apart', () => {
    const d = dissectOne(eth(0x0800, ip4(new Uint8Array(40))));
    expect(fieldsOf(d, 'eth.dst', 'eth.src', 'eth.addr', 'eth.type', 'eth.dst.lg', 'eth.ig', 'frame.protocols')).toEqual({
      'eth.dst': '02:00:00:00:00:0b',
      'eth.src': '02:00:00:00:00:0a',
      'eth.addr': '02:00:00:00:00:0b,02:00:00:00:00:0a',
      'eth.type': '0x0800',
      'eth.dst.lg': '1',
      'eth.ig': '0,0',
      'frame.protocols': 'eth:ethertype:ip:data',
    });
    expect(d.layers.map((layer) => [layer.protocol, layer.offset, layer.headerLength])).toEqual([
      ['frame', 0, 0],
      ['eth', 0, 14],
      ['ip', 14, 20],
      ['data', 34, 0],
    ]);
  });

  test('shows zeros behind a short packet as padding', () => {
    const d = dissectOne(join(eth(0x0800, ip4([1, 2])), new Uint8Array(24)));
    expect(fieldsOf(d, 'eth.padding', 'eth.trailer', 'eth.fcs', 'data.data')).toEqual({
      'eth.padding': '00'.repeat(24),
      'eth.trailer': '',
      'eth.fcs': '',
      'data.data': '0102',
    });
  });

  test('shows what is not zero behind a short packet as a trailer', () => {
    const d = dissectOne(join(eth(0x0800, ip4([1, 2])), new Uint8Array(24).fill(7)));
    expect(fieldsOf(d, 'eth.padding', 'eth.trailer', 'eth.padding_bad')).toEqual({
      'eth.padding': '',
      'eth.trailer': '07'.repeat(24),
      'eth.padding_bad': '1',
    });
  });

  test('takes the last four bytes of a longer frame for its check sequence', () => {
    const d = dissectOne(join(eth(0x0800, ip4(new Uint8Array(30))), hex('deadbeef')));
    expect(fieldsOf(d, 'eth.fcs', 'eth.trailer', 'eth.fcs.status')).toEqual({
      'eth.fcs': '0xdeadbeef',
      'eth.trailer': '',
      'eth.fcs.status': '2',
    });
  });

  test('takes a type of zero for a type that nobody has, not for the length of an empty frame', () => {
    const frame = eth(0, new Uint8Array(50));
    expect(fieldsOf(dissectOne(frame), 'eth.type', 'eth.len', 'frame.protocols')).toEqual({
      'eth.type': '0x0000',
      'eth.len': '',
      'frame.protocols': 'eth:ethertype:data',
    });
    expect(indexedStack(captureOf([frame]), 0)).toBe('eth:ethertype:data');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('keeps an unknown type and shows its payload as data', () => {
    const d = dissectOne(eth(0xabcd, [1, 2, 3]));
    expect(fieldsOf(d, 'eth.type', 'frame.protocols', 'data.data')).toEqual({
      'eth.type': '0xabcd',
      'frame.protocols': 'eth:ethertype:data',
      'data.data': '010203',
    });
  });

  test('says so when the source is a group address', () => {
    const d = dissectOne(join(MAC_B, hex('030000000001'), u16(0xabcd), [0]));
    expect(fieldsOf(d, 'eth.src_not_group')).toEqual({ 'eth.src_not_group': '1' });
  });
});

describe('IEEE 802.3', () => {
  const snap = join(MAC_B, MAC_A, u16(8 + 28), hex('aaaa03 000000 0806'), arpFrame().slice(14));

  test('carries SNAP, whose EtherType names the next protocol', () => {
    const d = dissectOne(snap);
    expect(fieldsOf(d, 'eth.len', 'llc.dsap', 'llc.control', 'llc.type', 'frame.protocols', 'eth.type')).toEqual({
      'eth.len': '36',
      'llc.dsap': '0xaa',
      'llc.control': '0x0003',
      'llc.type': '0x0806',
      'frame.protocols': 'eth:llc:arp',
      'eth.type': '',
    });
  });

  test('ends its payload where the length says', () => {
    const d = dissectOne(join(MAC_B, MAC_A, u16(4), hex('42420355'), new Uint8Array(42)));
    expect(fieldsOf(d, 'eth.padding', 'frame.protocols')).toEqual({ 'eth.padding': '00'.repeat(42), 'frame.protocols': 'eth:llc:stp' });
  });

  test('notes a length that goes past the end', () => {
    const d = dissectOne(join(MAC_B, MAC_A, u16(1000), hex('e0e003'), [1]));
    expect(fieldsOf(d, 'eth.len.past_end')).toEqual({ 'eth.len.past_end': '1' });
  });

  test('shows a value between length and type as neither', () => {
    const d = dissectOne(join(MAC_B, MAC_A, u16(1510), [1, 2]));
    expect(fieldsOf(d, 'eth.invalid_lentype', 'frame.protocols')).toEqual({
      'eth.invalid_lentype': '0x05e6',
      'frame.protocols': 'eth:data',
    });
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(snap)).toEqual([]);
  });
});

describe('tags and labels', () => {
  test('802.1Q is taken apart and leads to the inner type', () => {
    const d = dissectOne(eth(0x8100, u16(0xb064), u16(0x0800), ip4([1])));
    expect(fieldsOf(d, 'vlan.priority', 'vlan.dei', 'vlan.id', 'vlan.etype', 'frame.protocols')).toEqual({
      'vlan.priority': '5',
      'vlan.dei': '1',
      'vlan.id': '100',
      'vlan.etype': '0x0800',
      'frame.protocols': 'eth:ethertype:vlan:ethertype:ip:data',
    });
  });

  test('802.1ad goes before 802.1Q under its own name', () => {
    const frame = eth(0x88a8, u16(0x0007), u16(0x8100), u16(0x0008), u16(0x0806), arpFrame().slice(14));
    expect(fieldsOf(dissectOne(frame), 'ieee8021ad.id', 'vlan.id', 'frame.protocols')).toEqual({
      'ieee8021ad.id': '7',
      'vlan.id': '8',
      'frame.protocols': 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:arp',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('MPLS labels are read to the bottom of the stack', () => {
    const frame = eth(0x8847, hex('00064 0ff 000c8140'.replace(/ /g, '')), ip4([9]));
    const d = dissectOne(frame);
    expect(fieldsOf(d, 'mpls.label', 'mpls.bottom', 'mpls.ttl', 'frame.protocols')).toEqual({
      'mpls.label': '100,200',
      'mpls.bottom': '0,1',
      'mpls.ttl': '255,64',
      'frame.protocols': 'eth:ethertype:mpls:ip:data',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('a pseudowire carries Ethernet, behind a control word or without one', () => {
    const label = hex('000c8140');
    const word = eth(0x8847, label, hex('0000 0007'), arpFrame());
    expect(fieldsOf(dissectOne(word), 'pweth.cw.sequence_number', 'eth.dst', 'frame.protocols')).toEqual({
      'pweth.cw.sequence_number': '7',
      'eth.dst': '02:00:00:00:00:0b,02:00:00:00:00:0b',
      'frame.protocols': 'eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:arp',
    });
    const plain = eth(0x8847, label, eth(0x0800, ip4([9])));
    expect(stackOf(plain)).toBe('eth:ethertype:mpls:pwethheuristic:pwethnocw:eth:ethertype:ip:data');
    const zeros = eth(0x8847, label, new Uint8Array(6), MAC_A, u16(0x0800), ip4([9]));
    expect(stackOf(zeros)).toBe('eth:ethertype:mpls:pwethheuristic:pwethnocw:eth:ethertype:ip:data');
    for (const frame of [word, plain, zeros]) expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('a stack of labels without a bottom ends with the frame', () => {
    const d = dissectOne(eth(0x8847, new Uint8Array(40)));
    expect(d.layers.at(-1)?.status).toBe('malformed');
  });

  test('PPPoE leads into PPP and IP', () => {
    const packet = ip4([1, 2, 3]);
    const frame = eth(0x8864, [0x11, 0x00], u16(0x0abc), u16(2 + packet.length), u16(0x0021), packet);
    expect(stackOf(eth(0x8864, [0x11, 0x00], u16(0x0abc), u16(6), u16(0x00fd), [1, 2, 3, 4]))).toBe('eth:ethertype:pppoes:ppp:comp_data');
    expect(fieldsOf(dissectOne(frame), 'pppoe.session_id', 'ppp.protocol', 'ip.len', 'frame.protocols')).toEqual({
      'pppoe.session_id': '0x0abc',
      'ppp.protocol': '0x0021',
      'ip.len': '23',
      'frame.protocols': 'eth:ethertype:pppoes:ppp:ip:data',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('tags nested without end do not run the walk away', () => {
    const frame = eth(0x8100, ...Array.from({ length: 300 }, () => [...u16(1), ...u16(0x8100)]));
    const capture = captureOf([frame]);
    expect(capture.bugs).toBe(0);
    expect(indexedStack(capture, 0).split(':').length).toBeLessThanOrEqual(64);
    expect(dissectOne(frame).layers.length).toBeLessThanOrEqual(64);
  });
});
