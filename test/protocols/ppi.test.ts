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
  const mac = [...le32(0x47), ...le32(0x1234), 3];
  it("shows the extensions of 802.11n: the MAC's, and each antenna's signal", () => {
    const short = show(frame(105, ACK, field(3, [...mac, 0, 0, 0])));
    expect(values(short, 'ppi.80211n-mac.flags.ht20_40')).toEqual([true]);
    expect(values(short, 'ppi.80211n-mac.flags.agg')).toEqual([false]);
    expect(values(short, 'ppi.80211n-mac.ampdu_id')).toEqual([0x1234]);
    const radio = [7, 2, 40, 30, 31, 32, 33, 20, 21, 22, 23, ...le16(2412), ...le16(0xe0), 0xd8, 0xa0, 0xd7, 0xa1, 0xd6, 0xa2, 0xd5, 0xa3];
    const long = show(frame(105, ACK, field(4, [...mac, ...radio, ...le32(1), ...le32(2), ...le32(3), ...le32(4)])));
    expect(values(long, 'ppi.80211n-mac-phy.mcs')).toEqual([7]);
    expect(values(long, 'ppi.80211n-mac-phy.rssi.ant3ext')).toEqual([23]);
    expect(values(long, 'ppi.80211-mac-phy.ext-chan.freq')).toEqual([2412]);
    expect(values(long, 'ppi.80211n-mac-phy.dbmant3.signal')).toEqual([-43]);
    expect(values(long, 'ppi.80211n-mac-phy.evm3')).toEqual([4]);
    expect(values(show(frame(105, ACK, field(4, mac))), 'ppi.invalid_length')).toHaveLength(1);
  });
  const tag = (present: number, ...rest: number[]): number[] => [2, 0, ...le16(8 + rest.length), ...le32(present), ...rest];
  const place = tag(
    0x3e6,
    ...le32(Math.round((52.5163 + 180) * 1e7)),
    ...le32(Math.round((-70.25 + 180) * 1e7)),
    ...le32(1700000000),
    ...le32(123456),
    ...le32(2_500_000),
    ...le32(3_500_000),
    ...le32(1000),
  );
  it('shows where and when a frame was captured, and names that on the stack at both depths', () => {
    const bytes = frame(105, ACK, field(30002, place));
    expect(stackOf(ppi, bytes, null)).toBe('ppi:ppi_gps:wlan_radio:wlan');
    const d = show(bytes);
    expect(values(d, 'ppi_gps.lat')).toEqual([52.5163]);
    expect(values(d, 'ppi_gps.lon')).toEqual([-70.25]);
    expect(values(d, 'ppi_gps.gpstime')).toEqual([{ sec: 1700000000, nsec: 123456 }]);
    expect(values(d, 'ppi_gps.epv')).toEqual([3.5]);
    expect(values(d, 'ppi_gps.ept')).toEqual([0.000001]);
    expect(values(d, 'ppi_gps.present.alt')).toEqual([false]);
  });
  it('shows the antenna', () => {
    const name = [...'Model X'].map((letter) => letter.charCodeAt(0));
    const d = show(frame(105, ACK, field(30005, tag(0x08000023, ...le32(0x10001), 9, ...le16(0xab), ...name, ...new Array(25).fill(0)))));
    expect(d.protocolNames).toBe('ppi:ppi_antenna:wlan_radio:wlan');
    expect(values(d, 'ppi_antenna.antennaflags.steer_elec')).toEqual([true]);
    expect(values(d, 'ppi_antenna.gaindb')).toEqual([9]);
    expect(values(d, 'ppi_antenna.beamid')).toEqual([0xab]);
    expect(values(d, 'ppi_antenna.modelname')).toEqual(['Model X']);
  });
  it('says which values of a tag are unknown, and where it ends before them', () => {
    const unknown = show(frame(105, ACK, field(30002, tag(0x402, ...le32(1800000000)))));
    expect(values(unknown, 'ppi_gps.present.unknown_bit')).toHaveLength(1);
    expect(values(unknown, 'ppi_gps.lat')).toEqual([0]);
    const cut = show(frame(105, ACK, field(30002, tag(0x6, ...le32(1800000000), 1))));
    expect(values(cut, 'ppi_gps.length.invalid')).toHaveLength(1);
    expect(values(cut, 'ppi_gps.lon')).toEqual([]);
    expect(cut.protocolNames).toBe('ppi:ppi_gps:wlan_radio:wlan');
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
        field(30002, place),
        field(3, [...mac, 0, 0, 0]),
        field(4, [...mac, ...new Array(39).fill(1)]),
      ),
      null,
    ));
});
