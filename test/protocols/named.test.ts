import { describe, expect, it } from 'vitest';
import { igmp } from '../../src/protocols/igmp.ts';
import { lisp, lispTcp } from '../../src/protocols/lisp.ts';
import { memcache } from '../../src/protocols/memcache.ts';
import { dvmrp, mndp, ndp, pimVersion1 } from '../../src/protocols/named.ts';
import { tls } from '../../src/protocols/tls.ts';
import { dissect, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { hex, stackOf, survivesEveryCut, tcpFrom, udpFrom } from './every-cut.ts';

describe('Protocols that are named, with the fields at their head', () => {
  const hello = hex('0a000001 000115 83 0c 02 00');
  it('reads who sends a hello of the Nortel Discovery Protocol', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), ndp, hello, null);
    expect(values(d, 'ndp.segmentident')).toEqual([0x115]);
    expect(values(d, 'ndp.ipaddress')).toEqual([[10, 0, 0, 1]]);
    expect(d.columns.info).toBe('Heartbeat');
  });
  it('survives a hello that is cut and turned', () => survivesEveryCut(ndp, hello, null));

  it('tells LISP messages by the first four bits', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), lisp, hex('30000101 0000000000000000'), udpFrom(4342));
    expect(d.columns.info).toBe('Map-Register');
  });
  it('cuts messages of LISP over TCP by their length', () => {
    const stream = hex('0014000f00000000 0000009facade9 0014000f00000001 0000009facade9');
    expect(carriedCuts(lispTcp, sides(new TestCapture())[0], stream, 4)).toEqual([15, 30]);
    survivesEveryCut(lispTcp, stream, tcpFrom(4342));
  });
  it('survives a neighbour discovery of Mikrotik that is cut and turned', () =>
    survivesEveryCut(mndp, hex('00000001 00010006 020000000001'), udpFrom(5678)));
});

describe('Routing protocols in IGMP', () => {
  it('are DVMRP and PIM version 1, by the type', () => {
    expect(stackOf(igmp, hex('1307 0000 0000 0303'), null)).toBe('igmp:dvmrp');
    expect(stackOf(igmp, hex('1404 0000 1000 0000'), null)).toBe('igmp:pim');
  });
  it('survive being cut and turned', () => {
    survivesEveryCut(dvmrp, hex('1307 0000 0000 0303 0a000001'), null);
    survivesEveryCut(pimVersion1, hex('1404 0000 1000 0000 ef7b7b7b'), null);
  });
});

describe('A port of TLS', () => {
  const accepts = (text: string) => tls.accepts?.(new TextEncoder().encode(text), 0, text.length, text.length);
  it('is not taken by what begins with four printable characters', () => {
    expect(accepts('220-FileZilla Server')).toBe(false);
    expect(accepts('PROXY TCP4 ')).toBe(false);
    expect(accepts('\u0016\u0003\u0001\u0000\u0005hello')).toBe(true);
    expect(accepts('PWD\r\n')).toBe(true);
  });
  it('is where the rest of a record that was not captured goes', () => expect(accepts('abcd')).toBe(true));
});

describe('memcached', () => {
  it('is shown by its first line', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), memcache, new TextEncoder().encode('set a 0 0 3\r\nabc\r\n'), tcpFrom(11211));
    expect(d.protocolNames).toBe('memcache');
    expect(d.columns.info).toBe('set a 0 0 3');
  });
  it('survives being cut and turned', () => survivesEveryCut(memcache, new TextEncoder().encode('get a\r\n'), tcpFrom(11211)));
});
