import { describe, expect, test } from 'vitest';
import { fieldsOf, join, MAC_A, MAC_B, u16 } from './network-packets.ts';
import { ofFrames } from './talk.ts';

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const name = (text: string, type: number) => join(ascii(text.padEnd(15)), [type]);
const smb = join([0xff], ascii('SMB'), [0x72], new Uint8Array(27), [0, 0, 0]);
/** In a frame of IEEE 802.3 under the SAP of NetBIOS. */
const frame = (control: readonly number[], ...parts: (Uint8Array | readonly number[])[]) => {
  const payload = join([0xf0, 0xf0], control, ...parts);
  return join(MAC_B, MAC_A, u16(payload.length), payload);
};
const named = (command: number, ...rest: Uint8Array[]) =>
  frame([3], [44, 0, 0xff, 0xef, command, 0, 0, 0, 1, 0, 2, 0], name('GROUP', 0x1d), name('HOST', 0), ...rest);
const numbered = (command: number, ...rest: (Uint8Array | readonly number[])[]) =>
  frame([0, 2], [14, 0, 0xff, 0xef, command, 0x0c, 0, 0, 3, 0, 4, 0, 7, 9], ...rest);
const stackOf = (bytes: Uint8Array) => ofFrames(bytes).stacks[0];

describe('NetBIOS over LLC', () => {
  test('reads names of a query, and the numbers of a session', () => {
    const query = ofFrames(named(0x0a));
    expect(query.stacks).toEqual(['eth:llc:netbios']);
    expect(fieldsOf(query.at(0), 'netbios.command', 'netbios.nb_name', 'netbios.nb_name_type', 'netbios.resp_corrl')).toEqual({
      'netbios.command': '0x0a',
      'netbios.nb_name': 'GROUP,HOST',
      'netbios.nb_name_type': '0x1d,0x00',
      'netbios.resp_corrl': '0x0002',
    });
    expect(fieldsOf(ofFrames(numbered(0x14)).at(0), 'netbios.remote_session', 'netbios.local_session', 'netbios.nb_name')).toEqual({
      'netbios.remote_session': '0x07',
      'netbios.local_session': '0x09',
      'netbios.nb_name': '',
    });
  });

  test('carries SMB in datagrams and in whole messages of a session, else data', () => {
    expect(stackOf(named(0x08, smb))).toBe('eth:llc:netbios:smb');
    expect(stackOf(numbered(0x16, smb))).toBe('eth:llc:netbios:smb');
    expect(stackOf(numbered(0x15, smb))).toBe('eth:llc:netbios:data');
    expect(stackOf(numbered(0x16, [1, 2, 3]))).toBe('eth:llc:netbios:data');
    expect(stackOf(numbered(0x14, [1, 2, 3]))).toBe('eth:llc:netbios');
  });

  test('cut at any length or with another delimiter, both depths agree', () => {
    for (const bytes of [named(0x08, smb), numbered(0x16, smb)])
      for (let length = 17; length < bytes.length; length++) ofFrames(join(bytes.slice(0, 12), u16(length - 14), bytes.slice(14, length)));
    const other = named(0x08, smb);
    other[19] = 0;
    expect(stackOf(other)).toBe('eth:llc:netbios');
  });
});
