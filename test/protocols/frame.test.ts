import { expect, test, vi } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { difference } from '../../src/protocols/frame.ts';
import { arpFrame } from './link-frames.ts';
import { captureOf, fieldsOf } from './network-packets.ts';

test('the frame layer says what the record says', () => {
  const bytes = arpFrame();
  const capture = captureOf([bytes, { bytes: bytes.slice(0, 30), wireLength: bytes.length }]);
  const d = dissectPacket(capture, 1);
  expect(
    fieldsOf(
      d,
      'frame.number',
      'frame.time_epoch',
      'frame.time_delta',
      'frame.time_relative',
      'frame.len',
      'frame.cap_len',
      'frame.encap_type',
      'frame.interface_name',
      'frame.marked',
      'frame.protocols',
    ),
  ).toEqual({
    'frame.number': '2',
    'frame.time_epoch': '1001.500000000',
    'frame.time_delta': '1.000000000',
    'frame.time_relative': '1.000000000',
    'frame.len': '42',
    'frame.cap_len': '30',
    'frame.encap_type': '1',
    'frame.interface_name': 'test0',
    'frame.marked': '0',
    'frame.protocols': 'eth:ethertype:arp',
  });
  expect(d.layers[0]).toMatchObject({ protocol: 'frame', osi: '1', pdu: 'Bits', hue: 'raw', headerLength: 0 });
  expect(d.layers[0]?.fields.find((node) => node.abbrev === 'frame.time')?.display).toBe('Jan  1, 1970 00:16:41.500000000 UTC');
});

test('a packet says how it came and what was wrong with it, where the file does', () => {
  const capture = captureOf([arpFrame()]);
  capture.flagsOf = () => 0x0100_0089;
  const d = dissectPacket(capture, 0);
  expect(
    fieldsOf(
      d,
      'frame.packet_flags',
      'frame.packet_flags_direction',
      'frame.packet_flags_reception_type',
      'frame.packet_flags_fcs_length',
      'frame.packet_flags_crc_error',
      'frame.packet_flags_symbol_error',
      'frame.p2p_dir',
    ),
  ).toEqual({
    'frame.packet_flags': '0x01000089',
    'frame.packet_flags_direction': '0x00000001',
    'frame.packet_flags_reception_type': '2',
    'frame.packet_flags_fcs_length': '4',
    'frame.packet_flags_crc_error': '1',
    'frame.packet_flags_symbol_error': '0',
    'frame.p2p_dir': '1',
  });
});

test.each([
  ['UTC', 'Jul 14, 2017 02:40:00.000000001 UTC'],
  ['Europe/Berlin', 'Jul 14, 2017 04:40:00.000000001 CEST'],
  ['Asia/Kolkata', 'Jul 14, 2017 08:10:00.000000001 IST'],
  ['America/Sao_Paulo', 'Jul 13, 2017 23:40:00.000000001 -03'],
])('times are printed as calendar times in the zone of the computer: %s', async (zone, text) => {
  const before = process.env.TZ;
  process.env.TZ = zone;
  vi.resetModules();
  try {
    const { calendarText, fieldText } = await import('../../src/dissect/display.ts');
    const time = { sec: 1_500_000_000, nsec: 1 };
    expect(fieldText({ abbrev: 'frame.time', label: 'Arrival Time', type: 'abstime' }, time)).toBe(text);
    expect(calendarText(time)).toBe('Jul 14, 2017 02:40:00.000000001 UTC');
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test('a packet cut by the capture is short, one cut on the wire is malformed', () => {
  const bytes = arpFrame().slice(0, 30);
  expect(dissectPacket(captureOf([{ bytes, wireLength: 42 }]), 0).columns.info).toContain('[Packet size limited during capture]');
  expect(dissectPacket(captureOf([bytes]), 0).columns.info).toContain('[Malformed Packet: ARP]');
});

test('time differences have nanoseconds from 0 up', () => {
  expect(difference({ sec: 5, nsec: 100 }, { sec: 4, nsec: 200 })).toEqual({ sec: 0, nsec: 999_999_900 });
  expect(difference({ sec: 4, nsec: 200 }, { sec: 5, nsec: 100 })).toEqual({ sec: -1, nsec: 100 });
});
