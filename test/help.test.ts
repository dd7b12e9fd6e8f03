import { expect, it } from 'vitest';
import { allProtocols } from '../src/dissect/protocol.ts';
import { byField, fieldHelp, helpFiles } from '../src/help/load.ts';
import '../src/protocols/index.ts';

/** The protocols whose header fields all have help. Extension headers of IPv6 are protocols of their own. */
const EXPLAINED = /^(eth|vlan|arp|ip|ipv6(\..+)?|icmp|icmpv6|tcp|udp|udplite|dns|http|tls)$/;

/** What stands in the packet and is shown: not what is computed, nor an expert note, which is a sentence itself. */
const headerFields = [
  ...new Set(
    allProtocols()
      .filter((protocol) => EXPLAINED.test(protocol.name))
      .flatMap((protocol) => protocol.fields)
      .filter((field) => field.generated !== true && field.severity === undefined)
      .map((field) => field.abbrev),
  ),
];

it('explains every header field of the protocols that a beginner meets, in both languages', async () => {
  expect(headerFields.length).toBeGreaterThan(600);
  const without: string[] = [];
  for (const abbrev of headerFields) if ((await fieldHelp(abbrev)) === null) without.push(abbrev);
  expect(without).toEqual([]);
});

it('has no help for a field that does not exist', async () => {
  const known = new Set(allProtocols().flatMap((protocol) => protocol.fields.map((field) => field.abbrev)));
  for (const load of Object.values(helpFiles)) {
    const unknown = [...byField((await load()).help).keys()].filter((abbrev) => !known.has(abbrev));
    expect(unknown).toEqual([]);
  }
});

it('explains each field once, and in the file of its protocol', async () => {
  for (const [family, load] of Object.entries(helpFiles)) {
    const abbrevs = Object.values((await load()).help).flatMap((fields) => Object.keys(fields).flatMap((key) => key.split(' ')));
    expect(abbrevs.filter((abbrev, i) => abbrevs.indexOf(abbrev) !== i)).toEqual([]);
    if (family === 'dtls') continue;
    const elsewhere = abbrevs.filter((abbrev) => helpFiles[abbrev.split('.', 1)[0] ?? ''] !== load);
    expect(elsewhere.filter((abbrev) => !abbrev.startsWith('dtls.'))).toEqual([]);
  }
});

it('writes English in sentences, and Korean in the polite form', async () => {
  for (const load of Object.values(helpFiles)) {
    for (const [abbrev, { text }] of byField((await load()).help)) {
      expect(text.en, abbrev).toMatch(/^[A-Z0-9].*\.$/);
      expect(text.en, abbrev).not.toMatch(/[\u3131-\ud7a3]/);
      for (const sentence of text.ko.split(/(?<=\.) /)) expect(sentence, abbrev).toMatch(/니다(\([^)]*\))?\.$/);
    }
  }
});

it('names the document for all that stands in a packet', async () => {
  for (const abbrev of headerFields) {
    const help = await fieldHelp(abbrev);
    expect(help?.source, abbrev).toMatch(/^(RFC \d+|IEEE 802(\.\d+Q?)?|FIPS 188|draft-[a-z]|Chromium|ping\(8\)|UPnP Device Architecture)/);
  }
});

it('knows nothing of a field of another protocol, and says so', async () => {
  expect(await fieldHelp('smb2.cmd')).toBeNull();
  expect(await fieldHelp('constructor.name')).toBeNull();
  expect((await fieldHelp('tcp.flags.syn'))?.source).toBe('RFC 9293, 3.1');
});
