import { describe, expect, it } from 'vitest';
import { ppi } from '../../src/protocols/ppi.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { le16, le32, stackOf, survivesEveryCut } from './every-cut.ts';
import { hex, join } from './network-packets.ts';

const ACK = hex('d4000000 020000000001');
const field = (type: number, value: readonly number[]): number[] => [...le16(type), ...le16(value.length), ...value];
const common = (flags: number): number[] =>
  field(2, [...le32(123456), ...le32(0), ...le16(flags), ...le16(22), ...le16(2437), ...le16(0xa0), 0, 0, 0xce, 0xa1]);
function frame(dlt: number, payload: Uint8Array, ...fields: number[][]): Uint8Array {
  return join([0, 0], le16(8 + fields.flat().length), le32(dlt), ...fields, payload);
}
const show = (bytes: Uint8Array) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), ppi, bytes, null);
};

describe('PPI', () => {
  it('shows how an 802.11 frame was heard', () => {
    const d = show(frame(105, join(ACK, [1, 2, 3, 4]), common(1)));
    expect(d.protocolNames).toBe('ppi:wlan_radio:wlan');
    expect(values(d, 'ppi.80211-common.tsft')).toEqual([123456n]);
    expect(values(d, 'ppi.80211-common.rate')).toEqual([11000]);
    expect(values(d, 'ppi.80211-common.chan.freq')).toEqual([2437]);
    expect(values(d, 'ppi.80211-common.dbm.antsignal')).toEqual([-50]);
    expect(values(d, 'ppi.80211-common.dbm.antnoise')).toEqual([-95]);
    expect(values(d, 'ppi.80211-common.chan.flags.cck')).toEqual([true]);
  });
  it('leads to what its link type says, and to no more where that is not known', () => {
    const arp = join(hex('02000000000a 02000000000b 0806'), new Uint8Array(28));
    expect(stackOf(ppi, frame(1, arp), null)).toBe('ppi:pcap_pktdata:eth:ethertype:arp');
    expect(stackOf(ppi, frame(999, ACK), null)).toBe('ppi:pcap_pktdata');
  });
  it('says where the length of a field is not that of its type', () => {
    expect(values(show(frame(105, ACK, field(2, [1, 2, 3]))), 'ppi.invalid_length')).toHaveLength(1);
  });
  it('goes no further where a field goes beyond the header', () => {
    const d = show(frame(105, ACK, [...le16(2), ...le16(200)]));
    expect(d.protocolNames).toBe('ppi');
    expect(d.layers.at(-1)?.status).toBe('malformed');
  });
  it('survives being cut and turned', () =>
    survivesEveryCut(
      ppi,
      frame(
        105,
        join(ACK, [1, 2, 3, 4]),
        common(1),
        field(8, le32(3)),
        field(9, [...le32(1), ...le32(5)]),
        field(5, [1]),
        field(30005, [7]),
      ),
      null,
    ));
});
