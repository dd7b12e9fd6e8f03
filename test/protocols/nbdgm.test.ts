import { describe, expect, it } from 'vitest';
import { faultsWhenCut, fieldsOf, join, u16 } from './network-packets.ts';
import { octets, ofFrames, udpFrame } from './talk.ts';

/** First-level encoding (RFC 1001 section 14.1) of a name of fifteen characters and a type. */
function coded(name: string, type: number): Uint8Array {
  const text = [...octets(name.padEnd(15)), type].map((c) => String.fromCharCode(65 + (c >> 4), 65 + (c & 15))).join('');
  return join([32], octets(text), [0]);
}
const datagram = join([17, 2], u16(7), [192, 0, 2, 1], u16(138), u16(68), u16(0), coded('ONE', 0x20), coded('GROUP', 0x1e), [1, 2]);

describe('the NetBIOS datagram service', () => {
  it('names sender and group', () => {
    const d = ofFrames(udpFrame(138, 138, datagram)).at(0);
    expect(fieldsOf(d, 'nbdgm.type', 'nbdgm.first', 'nbdgm.src.ip', 'nbdgm.source_name', 'nbdgm.destination_name')).toEqual({
      'nbdgm.type': '17',
      'nbdgm.first': '1',
      'nbdgm.src.ip': '192.0.2.1',
      'nbdgm.source_name': 'ONE<20>',
      'nbdgm.destination_name': 'GROUP<1e>',
    });
  });

  it('stands being cut anywhere', () => expect(faultsWhenCut(udpFrame(138, 138, datagram))).toEqual([]));
});
