import { describe, expect, it } from 'vitest';
import { faultsWhenCut, fieldsOf, IP6_A, IP6_B, join, u16, u32 } from './network-packets.ts';
import { notesOf } from './notes-of.ts';
import { octets, ofFrames, udpFrame } from './talk.ts';

const option = (code: number, ...value: (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = join(...value);
  return join(u16(code), u16(bytes.length), bytes);
};
const client = option(1, u16(1), u16(1), u32(0), [2, 0, 0, 0, 0, 1]);
const address = option(5, IP6_A, u32(100), u32(200), option(13, u16(0), octets('fine')));
const solicit = join(
  [1, 1, 2, 3],
  client,
  option(3, [9, 9, 9, 9], u32(1), u32(2), address),
  option(8, u16(5)),
  option(6, u16(23), u16(24)),
);
const read = (bytes: Uint8Array) => ofFrames(udpFrame(546, 547, bytes)).at(0);

describe('DHCPv6', () => {
  it('reads options within options', () => {
    const d = read(solicit);
    expect(fieldsOf(d, 'dhcpv6.xid', 'dhcpv6.duidllt.link_layer_addr', 'dhcpv6.duidllt.time', 'dhcpv6.iaid', 'dhcpv6.iaaddr.ip')).toEqual({
      'dhcpv6.xid': '0x010203',
      'dhcpv6.duidllt.link_layer_addr': '02:00:00:00:00:01',
      'dhcpv6.duidllt.time': 'Jan  1, 2000 00:00:00.000000000 UTC',
      'dhcpv6.iaid': '09090909',
      'dhcpv6.iaaddr.ip': '2001:db8::1',
    });
    expect(fieldsOf(d, 'dhcpv6.elapsed_time', 'dhcpv6.requested_option_code', 'dhcpv6.status_msg')).toEqual({
      'dhcpv6.elapsed_time': '50',
      'dhcpv6.requested_option_code': '23,24',
      'dhcpv6.status_msg': 'fine',
    });
  });

  it('reads the message in a relay message, and names', () => {
    const names = option(24, [1, 97, 1, 98, 0, 1, 99, 0]);
    const d = read(join([12, 1], IP6_A, IP6_B, option(9, [7, 0, 0, 1], names, option(39, [1, 2, 111, 107]))));
    expect(fieldsOf(d, 'dhcpv6.msgtype', 'dhcpv6.hopcount', 'dhcpv6.search_list_entry', 'dhcpv6.client_domain')).toEqual({
      'dhcpv6.msgtype': '12,7',
      'dhcpv6.hopcount': '1',
      'dhcpv6.search_list_entry': 'a.b.,c.',
      'dhcpv6.client_domain': 'ok',
    });
  });

  it('marks lengths that cannot be, and stops at relays without end', () => {
    expect(fieldsOf(read(join([1, 0, 0, 1], option(7, [1, 2]))), 'dhcpv6.malformed_option', 'dhcpv6.option_preference')).toEqual({
      'dhcpv6.malformed_option': '1',
      'dhcpv6.option_preference': '',
    });
    let nested: Uint8Array = join([7, 0, 0, 1]);
    for (let i = 0; i < 40; i++) nested = join([12, i], IP6_A, IP6_B, option(9, nested));
    expect(read(nested).layers.at(-1)?.protocol).toBe('dhcpv6');
  });

  const notes = (...options: Uint8Array[]): string[] => notesOf(read(join([1, 0, 0, 1], ...options)));

  it('says which option has a length that it cannot have, and reads those behind it', () => {
    expect(notes(client, option(8, u16(5)), option(23, IP6_A, IP6_B), option(32, u32(5)))).toEqual([]);
    expect(notes(option(3, u32(1), u32(2)))).toEqual(['IA_NA: malformed option']);
    expect(notes(option(23, IP6_A, [1]))).toEqual(['DNS servers address: malformed option']);
    expect(notes(option(12, IP6_A, [1]))).toEqual(['UNICAST: malformed option']);
    expect(fieldsOf(read(join([1, 0, 0, 1], option(1, [0]), option(8, u16(5)))), 'dhcpv6.elapsed_time')).toEqual({
      'dhcpv6.elapsed_time': '50',
    });
  });

  it('tells of a name whose update is both wanted and not wanted (RFC 4704, section 4.1)', () => {
    const name = [1, 97, 1, 98, 0];
    expect([1, 4].map((flags) => notes(option(39, [flags, ...name])))).toEqual([[], []]);
    expect(notes(option(39, [5, ...name]))).toEqual(['ERROR: When the N-bit is set, the S-bit must be reset']);
  });

  it('stands being cut anywhere', () => expect(faultsWhenCut(udpFrame(546, 547, solicit))).toEqual([]));
});
