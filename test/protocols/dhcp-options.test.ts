import { describe, expect, it } from 'vitest';
import { dhcp } from '../../src/protocols/dhcp.ts';
import { dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';
import { notesOf } from './notes-of.ts';

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

describe('Notes on DHCP', () => {
  const capture = new TestCapture();
  const read = (bytes: Uint8Array) => dissect(capture, capture.row(), dhcp, bytes, udpFrom(68));
  const notes = (...options: Uint8Array[]): string[] => notesOf(read(message(...options)));

  it('say nothing of options as they should be', () => {
    expect(notesOf(read(all))).toEqual([]);
    expect(notes(option(1, 'ffffff00'), option(3, '0a00000100000000'), option(51, '00000e10'), option(52, '00'))).toEqual([]);
  });

  it('tell of lengths that an option cannot have, and show no value of it', () => {
    expect(notes(option(1, 'ffff'))).toEqual(["length isn't 4"]);
    expect(notes(option(51, '0e10'))).toEqual(["length isn't 4"]);
    expect(notes(option(57, '05dc00'))).toEqual(["length isn't 2"]);
    expect(notes(option(19, '0000'))).toEqual(["length isn't 1"]);
    expect(notes(option(3, '0a0000010a'))).toEqual(["Option length isn't a multiple of 4"]);
    expect(notes(option(33, '0a00000100'))).toEqual(["Option length isn't a multiple of 8"]);
    expect(notes(option(93, '000700'))).toEqual(["Option length isn't a multiple of 2"]);
    expect(notes(option(81, '0500'))).toEqual(["length isn't >= 3"]);
    expect(notes(option(117, '000600'))).toEqual(["length (3) isn't even number"]);
    expect(values(read(message(option(51, '0e10'))), 'dhcp.option.ip_address_lease_time')).toEqual([]);
  });

  it('tell of suboptions that are longer than there is room', () => {
    const noRoom = (code: number, what: string): string => `Suboption ${code}: no room left in option for suboption ${what}`;
    expect(notes(option(82, '01'))).toEqual([noRoom(1, 'length')]);
    expect(notes(option(82, '010361'))).toEqual([noRoom(1, 'value')]);
    expect(notes(option(82, '010161 0504c0a805'))).toEqual([noRoom(5, 'value')]);
    expect(notes(option(82, '0503c0a805'))).toEqual(["length isn't 4"]);
    expect(notes(option(125, '00000009 03 010561'))).toEqual([noRoom(1, 'value')]);
  });

  it('tell of services, masks, kinds of clients and texts that are not what they should be', () => {
    expect(notes(option(117, '0006 0007'))).toEqual([
      'Invalid Name Service (7). RFC 2937 defines only 0, 6, 41, 44, and 65 as possible values.',
    ]);
    expect(notes(option(121, '21 0a0000010a000001'))).toEqual(['Mask width (33) > 32']);
    expect(notes(option(93, '0009'))).toEqual(['Client Architecture ID 9 is often incorrectly used for EFI x64']);
    // iPXE sends its name without a length.
    expect(notes(option(77, '69505845'))).toEqual(['Non standard compliant option data']);
    expect(notes(option(77, '04 69505845'))).toEqual([]);
    expect(notes(option(120, '02 0a000001'))).toEqual(['RFC 3361 defines only 0 and 1 for Encoding byte (Encoding = 2).']);
    expect(notes(option(120, '01 0a000001'))).toEqual([]);
    expect(notes(option(99, '01 5553 01 05 41'))).toEqual(['Error with CAType']);
  });

  it('call an option that breaks off malformed, and go on behind it', () => {
    const d = read(message(option(119, '0161'), option(12, '616263')));
    expect(values(d, 'dhcp.option.hostname')).toEqual(['abc']);
    expect(d.damaged.length).toBe(1);
  });

  it('tell that the end is missing', () => {
    const whole = message(option(12, '616263'));
    expect(notesOf(read(whole))).toEqual([]);
    expect(notesOf(read(whole.subarray(0, -1)))).toEqual(['End option missing']);
  });

  it('take seconds of whole multiples of 256 for such in the wrong order', () => {
    const at = (first: number, second: number) => {
      const bytes = message().slice();
      bytes[8] = first;
      bytes[9] = second;
      return read(bytes);
    };
    expect([values(at(4, 0), 'dhcp.secs'), notesOf(at(4, 0))]).toEqual([[4], ['Seconds elapsed appears to be encoded as little-endian']]);
    expect([values(at(0, 4), 'dhcp.secs'), notesOf(at(0, 4))]).toEqual([[4], []]);
    expect([values(at(4, 1), 'dhcp.secs'), notesOf(at(4, 1))]).toEqual([[0x401], []]);
  });

  const withNames = (overload: number, server: string, file: string): Uint8Array => {
    const bytes = message(option(52, overload.toString(16).padStart(2, '0'))).slice();
    bytes.set(hex(server), 44);
    bytes.set(hex(file), 108);
    return bytes;
  };
  it('read options in the names of the header where an option says so', () => {
    const both = read(withNames(3, '0c03 616263 ff', '0f03 646566 ff'));
    expect(values(both, 'dhcp.option.hostname')).toEqual(['abc']);
    expect(values(both, 'dhcp.option.domain_name')).toEqual(['def']);
    expect(values(both, 'dhcp.server')).toEqual([]);
    const server = 'Server name option overloaded by DHCP';
    expect(notesOf(both)).toEqual([server, 'Boot file name option overloaded by DHCP']);
    const one = read(withNames(2, '0c03 616263', '626f6f74'));
    expect(values(one, 'dhcp.file')).toEqual(['boot']);
    expect(notesOf(one)).toEqual([server, 'sname overload end option missing']);
  });
  it('read them once, and no further than the name has room', () => {
    const d = read(withNames(3, '0c70 616263', '3401 03 0c03 616263 ff'));
    expect(values(d, 'dhcp.option.hostname')).toEqual(['abc']);
    expect(d.damaged.length).toBe(1);
    survivesEveryCut(dhcp, withNames(3, '0c70 616263', '3401 03 ff'), udpFrom(68));
  });
});
