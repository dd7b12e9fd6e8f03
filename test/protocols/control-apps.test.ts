import { describe, expect, it } from 'vitest';
import { dccp } from '../../src/protocols/dccp.ts';
import { egd } from '../../src/protocols/egd.ts';
import { iec104 } from '../../src/protocols/iec104.ts';
import { rmcp } from '../../src/protocols/rmcp.ts';
import { sctp } from '../../src/protocols/sctp.ts';
import { dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { hex, le32, stackOf, survivesEveryCut, tcpFrom, udpFrom } from './every-cut.ts';

describe('Ethernet Global Data', () => {
  const head = [13, 1, 9, 0, 192, 168, 8, 77, ...le32(123), ...le32(1_700_000_000), ...le32(500), ...le32(0), ...le32(0), ...le32(0)];
  const message = Uint8Array.from([...head, 1, 2, 3]);
  it('reads who produced what and when', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), egd, message, udpFrom(18246));
    expect(d.protocolNames).toBe('egd:data');
    expect(values(d, 'egd.exid')).toEqual([123]);
    expect(values(d, 'egd.time')).toEqual([{ sec: 1_700_000_000, nsec: 500 }]);
  });
  it('refuses another kind of message', () => expect(egd.accepts?.(hex('0e01'), 0, 2, 2)).toBe(false));
  it('survives being cut and turned', () => survivesEveryCut(egd, message, udpFrom(18246)));
});

describe('RMCP', () => {
  const ipmi = hex('0600ff07 00 00000000 00000001 09 2018c88100388e04b5');
  it('shows the session of IPMI and its message', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), rmcp, ipmi, udpFrom(623));
    expect(d.protocolNames).toBe('rmcp:ipmi_session:data');
    expect(values(d, 'ipmi_session.msg.len')).toEqual([9]);
  });
  it('shows a ping of ASF', () => expect(stackOf(rmcp, hex('0600ff06 000011be 80 00 00 00'), udpFrom(623))).toBe('rmcp:asf'));
  it('has nothing behind an acknowledgement', () => expect(stackOf(rmcp, hex('06000186 000011be'), udpFrom(623))).toBe('rmcp'));
  it('survives being cut and turned', () => survivesEveryCut(rmcp, ipmi, udpFrom(623)));
});

describe('IEC 60870-5-104', () => {
  const supervisory = hex('6804 0100 42b9');
  const information = hex('680e 2c7e 42b9 2401 0300 1429 cbb202 00');
  it('reads data units of information alone', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), iec104, join(supervisory, information), tcpFrom(2404));
    expect(d.protocolNames).toBe('iec60870_104:iec60870_asdu');
    expect(values(d, 'iec60870_asdu.typeid')).toEqual([36]);
    expect(values(d, 'iec60870_asdu.ioa')).toEqual([0x02b2cb]);
  });
  it('cuts units the same however the stream is cut', () => {
    const stream = join(information, supervisory);
    const whole = carriedCuts(iec104, sides(new TestCapture())[0], stream, stream.length);
    expect(whole).toEqual([16, 22]);
    expect(carriedCuts(iec104, sides(new TestCapture())[0], stream, 3)).toEqual(whole);
  });
  it('survives being cut and turned', () => survivesEveryCut(iec104, join(supervisory, information), tcpFrom(2404)));
});

describe('DCCP', () => {
  const packet = hex('1389 1388 06 00 0000 09 00 000000000007 0000 000000000003');
  it('shows what a data packet with an acknowledgement carries', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), dccp, join(packet, hex('0102')), null);
    expect(d.protocolNames).toBe('dccp:data');
    expect(values(d, 'dccp.seq_raw')).toEqual([7n]);
    expect(values(d, 'dccp.ack_raw')).toEqual([3n]);
  });
  it('survives being cut and turned', () => survivesEveryCut(dccp, join(packet, hex('0102')), null));
});

describe('SCTP', () => {
  const head = hex('0b59 0b5a 00000001 00000000');
  const m3uaMessage = hex('01 00 01 01 00000010 0200 0008 00000000');
  const whole = join(hex('00 03 0020 00000001 0001 0000 00000003'), m3uaMessage);
  const selective = hex('03 00 0010 00000001 00010000 0000 0000');
  it('takes every chunk, and a message of MTP3 in a whole data chunk', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), sctp, join(head, selective, whole), null);
    expect(d.protocolNames).toBe('sctp:m3ua');
    expect(values(d, 'sctp.chunk_type')).toEqual([3, 0]);
    expect(values(d, 'm3ua.parameter_tag')).toEqual([0x0200]);
  });
  it('does not give a fragment of a message on', () => {
    const first = Uint8Array.from(whole);
    first[1] = 2;
    expect(stackOf(sctp, join(head, first), null)).toBe('sctp');
  });
  it('survives being cut and turned', () => survivesEveryCut(sctp, join(head, selective, whole), null));
});
