import { describe, expect, it } from 'vitest';
import { bfd, bfdEcho } from '../../src/protocols/bfd.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';

const read = (text: string, protocol = bfd) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), protocol, hex(text), udpFrom(3784));
};

describe('BFD', () => {
  /** A packet with this octet of diagnosis, of flags, and of length. */
  const control = (version: string, flags: string, length: string) =>
    `${version} ${flags} 03 ${length} 00000001 00000002 000f4240 000493e0 0000c350`;
  const texts = (d: ReturnType<typeof read>, abbrev: string) =>
    d.layers[0]?.fields.filter((field) => field.abbrev === abbrev).map((field) => field.display);
  const sha1 = `${control('20', 'c4', '34')} 04 1c 07 00 00000005 ${'ab'.repeat(20)}`;

  it('says how the session is, and how often packets come', () => {
    const d = read(control('21', '42', '18'));
    expect(values(d, 'bfd.version')).toEqual([1]);
    expect(values(d, 'bfd.sta')).toEqual([1]);
    expect(values(d, 'bfd.flags.d')).toEqual([true]);
    expect(values(d, 'bfd.flags.p')).toEqual([false]);
    expect(texts(d, 'bfd.flags')).toEqual(['0x42, Demand: Set']);
    expect(texts(d, 'bfd.detect_time_multiplier')).toEqual(['3 (= 3000 ms Detection time)']);
    expect(texts(d, 'bfd.required_min_rx_interval')).toEqual([' 300 ms (300000 us)']);
    expect(values(d, 'bfd.my_discriminator')).toEqual([1]);
    expect(d.columns.info).toBe('Diag: Control Detection Time Expired, State: Down, Flags: 0x02');
  });
  it('has other flags and no state in version 0', () => {
    const d = read(control('00', 'c0', '18'));
    expect(values(d, 'bfd.sta')).toEqual([]);
    expect(values(d, 'bfd.flags.h')).toEqual([true]);
    expect(values(d, 'bfd.flags.d')).toEqual([true]);
    expect(values(d, 'bfd.flags.a')).toEqual([]);
  });
  it('reads passwords and digests', () => {
    const password = read(`${control('20', 'c4', '21')} 01 09 07 736563726574`);
    expect(values(password, 'bfd.auth.key')).toEqual([7]);
    expect(values(password, 'bfd.auth.password')).toEqual(['secret']);
    const digest = read(sha1);
    expect(values(digest, 'bfd.auth.seq_num')).toEqual([5]);
    expect(values(digest, 'bfd.checksum')).toEqual([new Array(20).fill(0xab)]);
    expect(values(digest, 'bfd.auth.len.invalid')).toEqual([]);
  });
  it('notes a digest of the wrong length, and one that is not there', () => {
    const wrong = read(`${control('20', 'c4', '28')} 02 10 07 00 00000005 0001020304050607`);
    expect(values(wrong, 'bfd.auth.len.invalid')).toHaveLength(1);
    expect(values(wrong, 'bfd.checksum')).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    expect(values(read(control('20', 'c4', '18')), 'bfd.auth.no_data')).toHaveLength(1);
  });
  it('stops where a section says that it is longer than there is, or shorter than its own head', () => {
    expect(read(`${control('20', 'c4', '21')} 01 30 07 736563726574`).layers[0]?.status).toBe('malformed');
    expect(read(`${control('20', 'c4', '21')} 01 02 07 736563726574`).layers[0]?.status).toBe('malformed');
  });
  it('leaves what comes back in an echo as it is', () => {
    const d = read('010203', bfdEcho);
    expect(values(d, 'bfd_echo.packet')).toEqual([[1, 2, 3]]);
    expect(d.columns.info).toBe('Originator specific content');
  });
  it('survives being cut and turned', () => {
    survivesEveryCut(bfd, hex(control('21', '42', '18')), udpFrom(3784));
    survivesEveryCut(bfd, hex(sha1), udpFrom(3784));
    survivesEveryCut(bfdEcho, hex('010203'), udpFrom(3785));
  });
});
