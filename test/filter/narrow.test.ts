import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Wanted } from '../../src/dissect/wanted.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { View } from '../../src/engine/view.ts';
import { compileFilter, fieldRegistry } from '../../src/filter/index.ts';
import { dissectFor, dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';
import { narrowDifferencesIn } from './narrow.ts';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');
const files = ['.', 'rough', 'tls', 'web'].flatMap((folder) =>
  readdirSync(path.join(fixtures, folder))
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => path.join(folder, name)),
);

/** What may be asked for of packets that do not have it. */
const OTHERS = ['http.host', 'http.response.code', 'tls.handshake.type', 'dns.qry.name', 'data.len', 'tcp.port', 'ip.ttl', 'frame', 'eth'];

async function capture(name: string) {
  const read = await readAll(path.join(fixtures, name));
  if (read === null) throw new Error(`${name} cannot be read`);
  return read.capture;
}

function wantedOf(text: string): Wanted | null {
  const result = compileFilter(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.filter.wanted;
}

describe('a dissection for a filter', () => {
  it.each(files)('gives for each field of %s what that of the whole packet gives', async (name) => {
    expect(await narrowDifferencesIn(path.join(fixtures, name), 15, OTHERS)).toEqual([]);
  });

  it('makes no field that is not asked for', async () => {
    const http = await capture('http.pcap');
    const row = Array.from({ length: http.packets.length }, (_, i) => i).find((i) =>
      dissectPacket(http, i).protocolNames.endsWith('tcp:http'),
    );
    const d = dissectFor(http, row as number, wantedOf('http.request.method == "GET"'));
    const names = d.layers.flatMap((layer) => layer.fields.map((field) => field.abbrev));
    expect(names.filter((each) => each !== 'http.request.method')).toEqual([]);
  });

  it('does not go above the last protocol that is asked for, nor below TCP where nothing is asked for there', async () => {
    const http = await capture('http.pcap');
    const row = Array.from({ length: http.packets.length }, (_, i) => i).find((i) =>
      dissectPacket(http, i).protocolNames.endsWith('tcp:http'),
    );
    const layers = (text: string) => dissectFor(http, row as number, wantedOf(text)).layers.map((layer) => layer.protocol);
    expect(layers('ip.ttl < 5')).toEqual(['eth', 'ip']);
    expect(layers('frame.time_delta > 1')).toEqual(['frame']);
    expect(layers('http.host')).toEqual(['tcp', 'http']);
    expect(layers('tcp.window_size < 5 && http.host')).toEqual(['eth', 'ip', 'tcp', 'http']);
  });

  it('is asked for only of packets that may have the field', async () => {
    const http = await capture('http.pcap');
    const dns = await capture('dns.pcap');
    const asked = (text: string, of: typeof http): number => {
      const result = compileFilter(text);
      if (!result.ok) throw new Error(result.error.message);
      const view = new View(1, of, result.filter, new FilterMemory(of));
      while (view.advance());
      return view.dissected;
    };
    // The index knows of DTLS and QUIC what they carry, but nothing of that is in HTTP or DNS.
    for (const of of [http, dns]) expect(asked('tls.handshake.type == 1', of)).toBe(0);
    expect(asked('dhcp.option.type == 53', dns)).toBe(0);
    // The content of a message may be anything.
    expect(asked('json.key', http)).toBeGreaterThan(0);
  });

  it('is one of the whole packet where the filter asks what is wrong with it', () => {
    for (const text of ['_ws.malformed', '_ws.expert.severity == "Error"', 'frame.protocols contains "http"', 'ip.ttl == 1 || _ws.short'])
      expect([text, wantedOf(text)]).toEqual([text, null]);
  });

  it('looks for fields in every header that can have them', () => {
    const names = (field: string) =>
      fieldRegistry()
        .get(field)
        ?.protocols.map(({ name }) => name);
    expect(names('ipv6.opt.padn')).toEqual(expect.arrayContaining(['ipv6.hopopts', 'ipv6.dstopts']));
    expect(names('eth.padding')).toEqual(expect.arrayContaining(['eth', 'vlan', 'ieee8021ad', 'sll']));
  });

  it('has for several filters what each of them asks for', () => {
    const joined = Wanted.join([wantedOf('ip.ttl == 1'), wantedOf('tcp.port == 80')]);
    expect([...(joined as Wanted).fields].sort()).toEqual(['ip.ttl', 'tcp.port']);
    expect(Wanted.join([wantedOf('ip.ttl == 1'), null])).toBeNull();
  });
});
