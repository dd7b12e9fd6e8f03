import { describe, expect, it } from 'vitest';
import { dhcp } from '../../src/protocols/dhcp.ts';
import { dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';

const option = (code: number, body: string) => join(Uint8Array.of(code, hex(body).length), hex(body));
const message = (...options: Uint8Array[]) =>
  join(
    hex('02010600 00001234 00000000'),
    new Uint8Array(16),
    hex('020304050607'),
    new Uint8Array(202),
    hex('63825363 350105'),
    ...options,
    Uint8Array.of(255),
  );
const all = message(
  option(2, 'fffff1f0'),
  option(33, '0a000001 0a000002'),
  option(61, 'ff 00000001 0001 0001 12345678 020304050607'),
  option(81, '05 00 00 04686f7374 026465 00'),
  option(82, '0103616263 0504c0a80500 0907 00000009 02 6162'),
  option(93, '0007'),
  option(97, '00 000102030405060708090a0b0c0d0e0f'),
  option(119, '017a076578616d706c6500 0179c002'),
  option(121, '18c0a805 0a000001 00 0a000001'),
  option(125, '00000009 04 01026162'),
);

describe('Options of DHCP', () => {
  const capture = new TestCapture();
  const d = dissect(capture, capture.row(), dhcp, all, udpFrom(68));

  it('gives numbers, addresses and routes', () => {
    expect(values(d, 'dhcp.option.time_offset')).toEqual([-3600]);
    expect(values(d, 'dhcp.option.static_route.router')).toEqual([[10, 0, 0, 2]]);
    expect(values(d, 'dhcp.option.client_system_architecture')).toEqual([7]);
  });
  it('writes classless routes as networks, of which only the octets under the mask are sent', () => {
    const shown = d.layers
      .flatMap((layer) => layer.fields.flatMap((node) => node.children))
      .filter((n) => n.abbrev.endsWith('static_route'));
    expect(shown.map((node) => node.display)).toEqual(['192.168.5.0/24-10.0.0.1', 'default-10.0.0.1']);
  });
  it('expands compressed names of the search list', () =>
    expect(values(d, 'dhcp.option.dhcp_dns_domain_search_list_fqdn')).toEqual(['z.example', 'y.example']));
  it('reads who a client says it is', () => {
    expect(values(d, 'dhcp.client_id.iaid')).toEqual(['00000001']);
    expect(values(d, 'dhcp.client_id.link_layer_address')).toEqual(['02:03:04:05:06:07']);
    expect(values(d, 'dhcp.client_id.uuid')).toEqual([[3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]]);
    expect(values(d, 'dhcp.fqdn.name')).toEqual(['host.de']);
  });
  it('reads what a relay agent adds', () => {
    expect(values(d, 'dhcp.option.agent_information_option.suboption')).toEqual([1, 5, 9]);
    expect(values(d, 'dhcp.option.agent_information_option.link_selection')).toEqual([[192, 168, 5, 0]]);
    expect(values(d, 'dhcp.option.agent_information_option.vi.enterprise')).toEqual([9]);
  });
  it('leaves a list that contradicts its length', () => {
    const bad = dissect(capture, capture.row(), dhcp, message(option(119, 'c0'), option(121, '20 0a'), option(82, '01ff61')), udpFrom(68));
    expect(values(bad, 'dhcp.option.classless_static_route')).toEqual([]);
    expect(values(bad, 'dhcp.option.agent_information_option.agent_circuit_id')).toEqual([[0x61]]);
    expect(bad.layers[0]?.status).toBe('whole');
  });
  it('survives being cut and turned', () => survivesEveryCut(dhcp, all, udpFrom(68)));
});
