import { describe, expect, it } from 'vitest';
import { vrrp } from '../../src/protocols/vrrp.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut } from './every-cut.ts';

const read = (text: string) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), vrrp, hex(text), null);
};

describe('VRRP', () => {
  // The checksum is that of Wireshark's own reading of these octets.
  const version2 = '21 01 64 01 00 01 ba52 c0a80001 0000000000000000';
  it('says which router, how often, and which addresses', () => {
    const d = read(version2);
    expect(values(d, 'vrrp.version')).toEqual([2]);
    expect(values(d, 'vrrp.virt_rtr_id')).toEqual([1]);
    expect(values(d, 'vrrp.prio')).toEqual([100]);
    expect(values(d, 'vrrp.adver_int')).toEqual([1]);
    expect(values(d, 'vrrp.ip_addr')).toEqual([[192, 168, 0, 1]]);
    expect(values(d, 'vrrp.checksum.status')).toEqual([1]);
    expect(d.columns.info).toBe('Advertisement');
  });
  it('notes a checksum that does not fit', () => {
    const d = read(version2.replace('ba52', 'ba53'));
    expect(values(d, 'vrrp.checksum.status')).toEqual([0]);
    expect(values(d, 'vrrp.checksum_bad.expert')).toHaveLength(1);
  });
  it('reads the password of RFC 2338', () => {
    const d = read('21 01 ff 02 01 01 0000 c0a80001 c0a80002 7365637265740000');
    expect(values(d, 'vrrp.auth_string')).toEqual(['secret']);
    expect(values(d, 'vrrp.ip_addr')).toHaveLength(2);
  });
  it("finds Cisco's digest at the end, behind what else is there", () => {
    const d = read('21 01 64 01 fe 01 0000 c0a80001 ffffffff 000102030405060708090a0b0c0d0e0f');
    expect(values(d, 'vrrp.md5_auth_data')).toEqual([Array.from({ length: 16 }, (_, i) => i)]);
  });
  it('has intervals of hundredths of a second in version 3, and no authentication', () => {
    const d = read('31 02 64 01 0064 0000 c0a80001');
    expect(values(d, 'vrrp.short_adver_int')).toEqual([100]);
    expect(values(d, 'vrrp.auth_type')).toEqual([]);
  });
  it('stops where it counts more addresses than there are', () => {
    const d = read('21 01 64 ff 00 01 0000 c0a80001');
    expect(values(d, 'vrrp.ip_addr')).toHaveLength(1);
    expect(d.layers[0]?.status).toBe('malformed');
  });
  it('survives being cut and turned', () => {
    survivesEveryCut(vrrp, hex(version2), null);
    survivesEveryCut(vrrp, hex('21 01 ff 01 fe 01 0000 c0a80001 000102030405060708090a0b0c0d0e0f'), null);
    survivesEveryCut(vrrp, hex('31 02 64 01 0064 0000 c0a80001'), null);
  });
});
