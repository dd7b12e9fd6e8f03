/**
 * The fields of certificates, which our own reader of DER finds with their places, against the platform's parser: serial number, times,
 * names, alternative names and key of every certificate of the fixtures, and of the public corpus where it is (see test/conformance).
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RowFilter } from '../../src/engine/row-filter.ts';
import { compileFilter } from '../../src/filter/index.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readCertificates } from '../../src/tls/certificate.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { corpus } from '../corpus.ts';
import { readAll } from '../golden/table.ts';

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'tls');
const present = existsSync(path.join(corpus, 'captures', 'core'));

function all(nodes: readonly FieldNode[], wanted: (node: FieldNode) => boolean): FieldNode[] {
  return nodes.flatMap((node) => [...(wanted(node) ? [node] : []), ...all(node.children, wanted)]);
}
const named = (node: FieldNode, abbrev: string): FieldNode[] => all(node.children, (each) => each.abbrev === abbrev);
const hex = (value: unknown): string => Buffer.from(value as Uint8Array).toString('hex');

interface Facts {
  readonly serial: string;
  readonly times: readonly string[];
  readonly subject: readonly string[];
  readonly issuer: readonly string[];
  readonly names: readonly string[];
  readonly key: string;
}

/** Of a number in hexadecimal, what counts. */
const number = (text: string): string => text.toLowerCase().replace(/^0+/, '');
const moment = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** What the tree below a certificate says. */
function ours(certificate: FieldNode): Facts {
  const one = (abbrev: string): FieldNode => {
    const [node] = named(certificate, abbrev);
    if (node === undefined) throw new Error(`no ${abbrev}`);
    return node;
  };
  const time = (node: FieldNode): string => {
    const [value] = all(node.children, ({ abbrev }) => /^x509af\.(utcTime|generalizedTime)$/.test(abbrev)).map((each) => each.value);
    return typeof value === 'string'
      ? new Date(`${value.slice(0, 19).replace(' ', 'T')}Z`).toISOString()
      : moment((value as { sec: number }).sec);
  };
  const parts = (node: FieldNode): string[] =>
    named(node, 'x509if.RelativeDistinguishedName_item_element').map((item) => {
      const [text] = all(item.children, ({ value }) => typeof value === 'string').map(({ value }) => value);
      return String(text ?? '');
    });
  const alternatives = all(
    certificate.children,
    ({ abbrev, display }) => abbrev === 'x509af.Extension_element' && display.includes('subjectAltName'),
  );
  return {
    serial: number(hex(one('x509af.serialNumber').value)),
    times: [time(one('x509af.notBefore')), time(one('x509af.notAfter'))],
    subject: parts(one('x509af.subject')),
    issuer: parts(one('x509af.issuer')),
    names: alternatives.flatMap((node) => named(node, 'x509ce.dNSName').map(({ value }) => String(value))),
    key: hex(one('x509af.subjectPublicKey').value),
  };
}

/** What the platform's parser says, with the parts of a name that it cannot show as text left out. */
function theirs(certificate: X509Certificate, key: string): Facts {
  const parts = (name: string | undefined): string[] =>
    (name ?? '')
      .split(/\n| \+ (?=[A-Za-z0-9.]+=)/)
      .filter((part) => part !== '')
      .map((part) => part.slice(part.indexOf('=') + 1).replace(/\\([^0-9A-Fa-f])/g, '$1'));
  let spki = key;
  try {
    const exported = hex(certificate.publicKey.export({ format: 'der', type: 'spki' }));
    if (!exported.endsWith(key)) spki = exported;
  } catch {
    // A kind of key that the platform does not know says nothing.
  }
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? String(JSON.parse(name)) : name,
  );
  return {
    serial: number(certificate.serialNumber),
    times: [certificate.validFrom, certificate.validTo].map((text) => new Date(text).toISOString()),
    subject: parts(certificate.subject),
    issuer: parts(certificate.issuer),
    names,
    key: spki,
  };
}

interface Outcome {
  certificates: number;
  readonly unread: string[];
  readonly different: string[];
}

async function compare(file: string, outcome: Outcome, keyLog?: string): Promise<void> {
  const log = new KeyLog();
  if (keyLog !== undefined) log.feed(readFileSync(keyLog));
  log.end();
  const found = await readAll(file, keyLog === undefined ? undefined : { log });
  if (found === null) return;
  const { capture } = found;
  const compiled = compileFilter('x509af');
  if (!compiled.ok) throw new Error(compiled.error.message);
  const rows = new RowFilter(capture, compiled.filter);
  for (let row = 0; row < capture.packets.length; row++) {
    if (rows.columns(row) === false) continue;
    for (const layer of dissectPacket(capture, row).layers) {
      for (const node of all(
        layer.fields,
        ({ abbrev, value }) => /^d?tls\.handshake\.certificate$/.test(abbrev) && value instanceof Uint8Array,
      )) {
        const place = `${path.basename(file)} ${row + 1}`;
        outcome.certificates++;
        const [said] = readCertificates([node.value as Uint8Array], 0, '');
        if (said?.facts == null) {
          outcome.unread.push(place);
          continue;
        }
        try {
          const mine = ours(node);
          const platform = theirs(new X509Certificate(node.value as Uint8Array), mine.key);
          for (const key of Object.keys(mine) as (keyof Facts)[])
            if (JSON.stringify(mine[key]) !== JSON.stringify(platform[key]))
              outcome.different.push(`${place}: ${key} is ${JSON.stringify(mine[key])}, by the platform ${JSON.stringify(platform[key])}`);
        } catch (error) {
          outcome.different.push(`${place}: ${String(error)}`);
        }
      }
    }
  }
}

it('holds the fields of every certificate of the fixtures against the platform’s parser', async () => {
  const outcome: Outcome = { certificates: 0, unread: [], different: [] };
  for (const name of readdirSync(folder).filter((each) => /\.pcap(ng)?$/.test(each))) {
    const keys = path.join(folder, name.replace(/\.pcap(ng)?$/, '.keys'));
    await compare(path.join(folder, name), outcome, existsSync(keys) ? keys : undefined);
  }
  expect(outcome.different).toEqual([]);
  expect(outcome.unread).toEqual([]);
  expect(outcome.certificates).toBeGreaterThan(20);
});

describe.skipIf(!present)('The public corpus', () => {
  it('has certificates whose fields are those that the platform’s parser finds', { timeout: 900_000 }, async () => {
    const outcome: Outcome = { certificates: 0, unread: [], different: [] };
    const core = path.join(corpus, 'captures', 'core');
    for (const name of readdirSync(core).sort()) await compare(path.join(core, name), outcome);
    console.log(`${outcome.certificates} certificates; not read: ${outcome.unread.join(', ')}\n${outcome.different.join('\n')}`);
    expect(outcome.different).toEqual([]);
    expect(outcome.certificates).toBeGreaterThan(500);
  });
});
