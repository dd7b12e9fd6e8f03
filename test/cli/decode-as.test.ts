/** "Decode as": reading choices, and what they do to a capture. */
import { afterEach, expect, it } from 'vitest';
import '../../src/protocols/index.ts';
import { runDissect } from '../../src/cli/dissect.ts';
import { applyDecodeAs, type DecodeAs, parseDecodeAs } from '../../src/dissect/decode-as.ts';
import { tables } from '../../src/dissect/tables.ts';
import { fixture, printed } from './run.ts';

afterEach(() => applyDecodeAs([]));

const protocolsOf = async (name: string, filter: string): Promise<string[]> => {
  const options = { file: fixture(name), filter, type: 'fields', field: ['frame.protocols'], option: [] };
  return (await printed(() => runDissect(options))).out.trim().split('\n');
};

it('reads what tshark -d takes: a table, a key or a range, a protocol', () => {
  expect(parseDecodeAs('tcp.port==8888,http')).toEqual({ table: 'tcp.port', from: 8888, to: 8888, protocol: 'http' });
  expect(parseDecodeAs('udp.port==5000-5010,dns')).toEqual({ table: 'udp.port', from: 5000, to: 5010, protocol: 'dns' });
  expect(parseDecodeAs('ethertype==0x9000,ip')).toMatchObject({ table: 'ethertype', from: 0x9000 });
});

it('says what is wrong with a choice', () => {
  expect(parseDecodeAs('8888=http')).toContain('tcp.port==8888,http');
  expect(parseDecodeAs('tcp.prt==1,http')).toContain('There is no table "tcp.prt"');
  expect(parseDecodeAs('tcp.port==1,no-such')).toContain('There is no protocol "no-such"');
  expect(parseDecodeAs('tcp.port==9-3,http')).toContain('no range');
  expect(parseDecodeAs('wtap_encap==0-4294967295,ip')).toContain('too wide');
});

it('takes a port for the protocol that was chosen, at both depths alike', async () => {
  expect(new Set(await protocolsOf('dns.pcap', 'dns && udp'))).toContain('eth:ethertype:ip:udp:dns');
  applyDecodeAs([parseDecodeAs('udp.port==53,data') as DecodeAs]);
  // The filter is answered from the index, the field by full depth.
  expect(await protocolsOf('dns.pcap', 'udp.port == 53 && dns')).toEqual(['']);
  expect(new Set(await protocolsOf('dns.pcap', 'ip && udp.port == 53 && data'))).toEqual(new Set(['eth:ethertype:ip:udp:data']));
});

it('stands above what the stream was recognised as', async () => {
  const filter = 'tcp.len > 0';
  expect((await protocolsOf('http.pcap', filter)).some((stack) => stack.includes(':http'))).toBe(true);
  applyDecodeAs([parseDecodeAs('tcp.port==1-65535,data') as DecodeAs]);
  expect(new Set(await protocolsOf('http.pcap', filter))).toEqual(new Set(['eth:ethertype:ip:tcp:data']));
});

it('can be taken back', () => {
  const before = tables.tcpPort.lookup(80);
  applyDecodeAs([parseDecodeAs('tcp.port==80,data') as DecodeAs]);
  expect(tables.tcpPort.lookup(80)?.name).toBe('data');
  applyDecodeAs([]);
  expect(tables.tcpPort.lookup(80)).toBe(before);
  expect(tables.tcpPort.hasChosen).toBe(false);
});
