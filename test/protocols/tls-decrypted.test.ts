/** TLS of real programs, decrypted, against what tshark prints of it with the same key log (test/fixtures/tls/make.sh). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { RowFilter } from '../../src/engine/row-filter.ts';
import { compileFilter } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { tlsPlain } from '../../src/protocols/tls-plain.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { KeyLogFile } from '../../src/tls/keylog-file.ts';
import { tlsSecrets } from '../../src/tls/secrets.ts';
import { check, HARMLESS } from '../fuzz/check.ts';
import { framesOf } from '../fuzz/files.ts';
import { type FrameList, indexed, MemoryReader } from '../fuzz/memory-capture.ts';
import { mutateList } from '../fuzz/mutate.ts';
import { Random } from '../fuzz/random.ts';
import { type Difference, differences, printFields, readAll } from '../golden/table.ts';
import { valuesOf } from './network-packets.ts';

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'tls');
const captures = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

function keysOf(name: string): KeyLog {
  const log = new KeyLog();
  log.feed(readFileSync(path.join(folder, name)));
  log.end();
  return log;
}

async function read(name: string, log?: KeyLog): Promise<Capture> {
  const found = await readAll(path.join(folder, name), log === undefined ? undefined : { log });
  if (found === null) throw new Error(`${name} could not be opened`);
  return found.capture;
}

/** A capture in memory, with a key log. */
async function listOf(name: string, keyLog: KeyLog): Promise<FrameList> {
  const list = await framesOf(path.join(folder, `${name}.pcap`), 1000);
  if (list === null) throw new Error(`${name} could not be opened`);
  return { ...list, keyLog };
}

function rowsOf(capture: Capture, text: string): number[] {
  const compiled = compileFilter(text);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const { filter } = compiled;
  const rows = new RowFilter(capture, filter);
  return Array.from({ length: capture.packets.length }, (_, row) => row).filter(
    (row) => rows.columns(row) ?? filter.matches(dissectPacket(capture, row)),
  );
}

/** Where tshark knows less, and why. */
function isBetter({ field, expected, frame }: Difference, untilClose: readonly number[]): boolean {
  // Of requests sent before the first was answered, tshark loses the second.
  if (field === 'http.request_in') return expected === '';
  // A body that ends with the connection is whole where TLS says that it ends; tshark shows nothing of it.
  return (
    untilClose.includes(frame) && (field === 'frame.protocols' ? expected.endsWith(':tls') : field.startsWith('http.') && expected === '')
  );
}

describe('decrypted TLS', () => {
  it('is there in every version and with every kind of suite', () => {
    expect(captures.length).toBe(15);
  });

  for (const name of captures) {
    it(`of ${name} is what tshark prints`, async () => {
      const inside = name.endsWith('pcapng');
      const capture = await read(name, inside ? undefined : keysOf(name.replace('.pcap', '.keys')));
      expect(capture.firstBug).toBe('');
      const [head, ...expected] = readFileSync(path.join(folder, name.replace(/\.pcap(ng)?$/, '.tsv')), 'utf8')
        .replace(/\n$/, '')
        .split('\n');
      const fields = (head as string).split('\t');
      const actual = printFields(capture, fields);
      expect(actual.length).toBe(expected.length);
      const untilClose = rowsOf(capture, 'http.response && tls.alert_message').map((row) => row + 1);
      const found = differences(fields, expected, actual);
      expect(found.filter((each) => !isBetter(each, untilClose))).toEqual([]);
      expect(capture.state(tlsPlain).size).toBeGreaterThan(5);
      await capture.reader.close();
    });
  }

  it('has its exchanges, with their addresses, of HTTP/1.1 and HTTP/2', async () => {
    const urls = async (name: string) => {
      const capture = await read(`${name}.pcap`, keysOf(`${name}.keys`));
      return Array.from({ length: exchangeCount(capture) }, (_, k) => exchangeRow(capture, k)).map(
        ({ method, url, status, decodedBytes }) => [method, url, status, decodedBytes],
      );
    };
    expect(await urls('tls-h2')).toEqual([
      ['GET', 'https://tls.example/small.txt', 200, 15],
      ['GET', 'https://tls.example/data.json', 200, 21],
      ['GET', 'https://tls.example/numbers.txt', 200, 1492],
      ['GET', 'https://tls.example/large.txt', 200, 43893],
      ['POST', 'https://tls.example/none', 404, 153],
    ]);
    expect((await urls('tls13')).slice(-3)).toEqual([
      ['POST', 'https://tls.example/none', 404, 153],
      ['GET', 'https://tls.example/large.txt', 200, 43893],
      ['GET', 'https://tls.example/small.txt', 200, 15],
    ]);
    // Both bodies that end with the connection, too.
    expect((await urls('tls-records')).slice(-2)).toEqual([
      ['GET', 'https://tls.example/until-close', 200, 14],
      ['GET', 'https://tls.example/until-close', 200, 14],
    ]);
    expect((await urls('tls-resumed')).map(([, url]) => url)).toEqual([
      '/small.txt',
      '/data.json',
      '/small.txt',
      '/data.json',
      '/small.txt',
      '/small.txt',
    ]);
  });

  it('is found by display filters', async () => {
    const capture = await read('tls13.pcap', keysOf('tls13.keys'));
    expect(rowsOf(capture, 'http.request.method == "GET"').length).toBe(8);
    expect(rowsOf(capture, 'http').length).toBe(18);
    expect(rowsOf(capture, 'tls && http.response.code == 404').length).toBe(1);
    expect(rowsOf(capture, 'tls.handshake.type == 20').length).toBe(10);
    const h2 = await read('tls-h2.pcap', keysOf('tls-h2.keys'));
    expect(rowsOf(h2, 'http2.headers.path == "/data.json"').length).toBe(1);
  });

  it('has its bytes in a buffer of their own', async () => {
    const capture = await read('tls13.pcap', keysOf('tls13.keys'));
    const [row = 0] = rowsOf(capture, 'http.request.uri == "/data.json"');
    const d = dissectPacket(capture, row);
    const source = d.sources.findIndex(({ name }) => name === 'Decrypted TLS');
    expect(Buffer.from(d.sources[source]?.bytes ?? []).toString()).toMatch(/^GET \/data\.json HTTP\/1\.1\r\nHost: tls\.example/);
    expect(d.layers.find(({ protocol }) => protocol === 'http')?.source).toBe(source);
    const handshake = dissectPacket(capture, rowsOf(capture, 'tls.handshake.type == 8')[0] ?? 0);
    expect(valuesOf(handshake).get('tls.handshake.extensions_alpn_str')).toEqual(['http/1.1']);
  });
});

describe('without the right keys, TLS', () => {
  it('stays encrypted, and costs the index nothing', async () => {
    const capture = await read('tls13.pcap');
    expect(rowsOf(capture, 'http')).toEqual([]);
    expect(capture.state(tlsPlain).size).toBe(0);
    expect(capture.state(tlsPlain).verdict(0)).toBeNull();
  });

  it('stays encrypted with the key log of other connections', async () => {
    const capture = await read('tls13.pcap', keysOf('tls12.keys'));
    expect(rowsOf(capture, 'http')).toEqual([]);
    expect(capture.state(tlsPlain).verdict(0)).toMatchObject({ verdict: 'missing', records: 0 });
  });

  it('stays encrypted with wrong secrets under the right name', async () => {
    const text = readFileSync(path.join(folder, 'tls13.keys'), 'latin1');
    const log = new KeyLog();
    log.feed(
      Buffer.from(
        text.replaceAll(/[0-9a-f]{2}$/gm, (octet) => (octet === '00' ? '01' : '00')),
        'latin1',
      ),
    );
    log.end();
    const capture = await read('tls13.pcap', log);
    expect(capture.state(tlsPlain).size).toBe(0);
    expect(capture.state(tlsPlain).verdict(0)).toMatchObject({ verdict: 'wrong' });
  });

  it('is read as far as the secrets go', async () => {
    const without = async (label: RegExp) => {
      const log = new KeyLog();
      log.feed(Buffer.from(readFileSync(path.join(folder, 'tls13.keys'), 'latin1').replaceAll(label, '#'), 'latin1'));
      log.end();
      return read('tls13.pcap', log);
    };
    const data = await without(/^(CLIENT|SERVER)_HANDSHAKE_TRAFFIC_SECRET/gm);
    expect(rowsOf(data, 'http').length).toBe(18);
    expect(rowsOf(data, 'tls.handshake.type == 8')).toEqual([]);
    expect(data.state(tlsPlain).verdict(0)).toMatchObject({ verdict: 'partly' });
    const handshake = await without(/^(CLIENT|SERVER)_TRAFFIC_SECRET_0/gm);
    expect(rowsOf(handshake, 'http')).toEqual([]);
    expect(rowsOf(handshake, 'tls.handshake.type == 8').length).toBe(5);
  });
});

describe('a key log that is being written', () => {
  for (const name of ['tls12', 'tls13']) {
    it(`is read on, so that a connection of ${name} whose secrets come late is decrypted from there on`, async () => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'sevenfold-keys-')), 'keys.log');
      writeFileSync(file, '# nothing yet\n');
      const given = await KeyLogFile.load(file);
      if ('code' in given) throw new Error(given.message);
      const list = await listOf(name, new KeyLog());
      const requests = rowsOf(indexed({ ...list, keyLog: keysOf(`${name}.keys`) }).capture, 'http.request');
      // The secrets come between the two requests of the last connection that has two.
      const late = name === 'tls12' ? (requests.at(-1) as number) : (requests[1] as number);
      const capture = new Capture(new MemoryReader(list.frames, list.linkType));
      capture.state(tlsSecrets).use(given);
      let row = 0;
      (capture.reader as MemoryReader).deliver({
        packet(...record) {
          if (row++ === late) {
            writeFileSync(file, `# nothing yet\n${readFileSync(path.join(folder, `${name}.keys`), 'latin1')}`);
            // The file is looked at a few times a second.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
          }
          capture.packet(...record);
        },
      });
      expect(rowsOf(capture, 'http.request')).toEqual(requests.filter((request) => request >= late));
      rmSync(path.dirname(file), { recursive: true });
    });
  }
});

describe('decrypted TLS of a damaged capture', () => {
  it('goes on behind packets that are missing', async () => {
    for (const name of ['tls12', 'tls13']) {
      const list = await listOf(name, keysOf(`${name}.keys`));
      const whole = indexed(list).capture;
      const requests = rowsOf(whole, 'http.request');
      // The first request of the last connection, and its answer.
      const last = requests.at(-2) ?? 0;
      const { capture } = indexed({ ...list, frames: list.frames.filter((_, row) => row < last || row > last + 1) });
      expect(rowsOf(capture, 'http.request').length).toBe(requests.length - 1);
    }
  });

  it('makes nobody throw, and both depths agree, whatever was done to it', async () => {
    const random = new Random(11);
    for (const name of captures.filter((one) => one.endsWith('.pcap')).map((one) => one.replace('.pcap', ''))) {
      const list = await listOf(name, keysOf(`${name}.keys`));
      expect(check(list), name).toMatchObject(HARMLESS);
      for (let round = 0; round < 3; round++) expect(check(mutateList(random, list, [], 1)), `${name} ${round}`).toMatchObject(HARMLESS);
    }
  });

  it('makes nobody throw where every packet is cut short', async () => {
    const list = await listOf('tls13', keysOf('tls13.keys'));
    for (const length of [60, 80, 120, 400]) {
      const frames = list.frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, length) }));
      expect(check({ ...list, frames }), String(length)).toMatchObject(HARMLESS);
    }
  });
});
