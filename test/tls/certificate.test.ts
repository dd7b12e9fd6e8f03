/** What is said of certificates: read by the platform's parser, held against the time, the host and each other. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_CERTIFICATES, readCertificates } from '../../src/tls/certificate.ts';
import { certificateKey, certificateRemarks, certificateSpan } from '../../src/words/certificate-words.ts';
import { speak } from '../../src/words/language.ts';
import { certificate, name, tlv } from './der.ts';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [root, middle, leaf] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), ec(), ec()];
const rootName = name(['C', 'DE'], ['O', 'Roots, and more'], ['CN', 'Root']);
const middleName = name(['CN', 'Middle']);
const leafName = name(['O', 'Example'], ['CN', 'www.example.test']);

const rootDer = certificate({ subject: rootName, issuer: rootName, publicKey: root.publicKey, signer: root.privateKey, authority: true });
const middleDer = certificate({
  subject: middleName,
  issuer: rootName,
  publicKey: middle.publicKey,
  signer: root.privateKey,
  authority: true,
});
const leafDer = certificate({
  subject: leafName,
  issuer: middleName,
  publicKey: leaf.publicKey,
  signer: middle.privateKey,
  serial: 0x4d,
  names: ['www.example.test', '*.wild.test', tlv(0x87, [192, 0, 2, 7]), tlv(0x81, Buffer.from('a@example.test'))],
});
/** In the middle of their years. */
const THEN = Date.UTC(2025, 5, 1) / 1000;
const said = (ders: readonly Uint8Array[], time = THEN, host = '') => readCertificates(ders, time, host);
const factsOf = (der: Uint8Array) => said([der])[0]?.facts ?? null;

afterEach(() => speak('en'));

describe('The facts of a certificate', () => {
  it('are its names, its time, its key and its fingerprint', () => {
    expect(factsOf(leafDer)).toMatchObject({
      name: 'www.example.test',
      subject: 'CN=www.example.test, O=Example',
      issuer: 'CN=Middle',
      issuerName: 'Middle',
      serial: '4d',
      from: Date.UTC(2020, 0, 1) / 1000,
      to: Date.UTC(2030, 0, 1) / 1000,
      names: ['www.example.test', '*.wild.test', '192.0.2.7', 'email:a@example.test'],
      namesInAll: 4,
      key: { type: 'ec', bits: null, curve: 'prime256v1' },
      authority: false,
    });
    const facts = factsOf(rootDer);
    expect(facts).toMatchObject({ subject: 'CN=Root, O=Roots\\, and more, C=DE', key: { type: 'rsa', bits: 2048 }, authority: true });
    expect(facts?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('have a name where the subject has no common one: the first alternative name', () => {
    const keys = ec();
    const wanted = { subject: name(['O', 'Example']), issuer: middleName, publicKey: keys.publicKey, signer: keys.privateKey };
    expect(factsOf(certificate({ ...wanted, names: ['only.test'] }))?.name).toBe('only.test');
    expect(factsOf(certificate(wanted))?.name).toBe('O=Example');
  });

  it('are not taken apart by a comma or a quote in a name', () => {
    const keys = ec();
    const names = ['a, DNS:forged.test', 'b"c', 'plain.test'];
    const der = certificate({ subject: leafName, issuer: middleName, publicKey: keys.publicKey, signer: keys.privateKey, names });
    expect(factsOf(der)?.names).toEqual(names);
  });

  it('are bounded: names are counted, and listed up to a hundred; a long one is clipped', () => {
    const keys = ec();
    const names = Array.from({ length: 1000 }, (_, k) => `host-${k}.test`);
    const subject = name(['CN', 'x'.repeat(60)], ['O', 'y'.repeat(20_000)]);
    const facts = factsOf(certificate({ subject, issuer: middleName, publicKey: keys.publicKey, signer: keys.privateKey, names }));
    expect(facts?.namesInAll).toBe(1000);
    expect(facts?.names).toHaveLength(100);
    expect(facts?.subject.length).toBeLessThan(400);
  });
});

describe('A certificate that is none', () => {
  it('is said to be unreadable, with its length, at every length that it is cut to', () => {
    for (let length = 0; length < leafDer.length; length++) {
      const [one] = said([leafDer.subarray(0, length)]);
      expect(one).toMatchObject({ octets: length, problem: 'unreadable', facts: null, issued: null, host: null });
    }
  });

  it('never throws, whatever octet is wrong', () => {
    let unread = 0;
    for (let at = 0; at < leafDer.length; at += 2) {
      for (const wrong of [0xff, (leafDer[at] as number) ^ 1]) {
        const der = Buffer.from(leafDer);
        der[at] = wrong;
        const all = said([der, middleDer], THEN, 'www.example.test');
        expect(all).toHaveLength(2);
        if (all[0]?.facts === null) unread++;
        else if (!der.equals(leafDer)) expect(all[0]?.issued).not.toBe('next');
      }
    }
    expect(unread).toBeGreaterThan(50);
  });

  it('is not read where it is longer than 64 KB', () => {
    expect(said([Buffer.alloc(70_000, 0x30)])[0]).toMatchObject({ octets: 70_000, problem: 'too-long', facts: null });
  });

  it('is not looked for behind the eighth of a message', () => {
    expect(said(Array.from({ length: 50 }, () => leafDer))).toHaveLength(MOST_CERTIFICATES);
  });
});

describe('Of the certificates of a message', () => {
  it('each is signed by the next one, and the last by itself', () => {
    expect(said([leafDer, middleDer, rootDer]).map(({ issued, by }) => [issued, by])).toEqual([
      ['next', 1],
      ['next', 2],
      ['self', 2],
    ]);
  });

  it('one in the wrong place is signed by another, and one whose issuer is not there by none', () => {
    expect(said([leafDer, rootDer, middleDer]).map(({ issued, by }) => [issued, by])).toEqual([
      ['elsewhere', 2],
      ['self', 1],
      ['elsewhere', 1],
    ]);
    expect(said([leafDer])[0]).toMatchObject({ issued: 'absent', by: null });
  });

  it('one that names the next as its issuer, but was signed with another key, is not signed by it', () => {
    const forged = certificate({ subject: leafName, issuer: middleName, publicKey: leaf.publicKey, signer: leaf.privateKey });
    expect(said([forged, middleDer])[0]).toMatchObject({ issued: 'not-signed', by: 1 });
    // Nor is one signed by itself that only says so.
    const selfless = certificate({ subject: leafName, issuer: leafName, publicKey: leaf.publicKey, signer: middle.privateKey });
    expect(said([selfless])[0]?.issued).toBe('absent');
  });
});

describe('A certificate is held against', () => {
  it('the time of the packet: before, within and after its years', () => {
    const at = (time: number) => said([leafDer], time)[0]?.validity;
    expect(at(Date.UTC(2019, 11, 31, 23, 59, 59) / 1000)).toBe('early');
    expect(at(Date.UTC(2020, 0, 1) / 1000)).toBe('valid');
    expect(at(Date.UTC(2030, 0, 1) / 1000)).toBe('valid');
    expect(at(Date.UTC(2030, 0, 1, 0, 0, 1) / 1000)).toBe('expired');
  });

  it('the host that the client asked for: its names, one with a star, an address; the first one only', () => {
    const host = (asked: string) => said([leafDer, middleDer], THEN, asked).map((each) => each.host);
    expect(host('www.example.test')).toEqual([true, null]);
    expect(host('WWW.Example.Test')).toEqual([true, null]);
    expect(host('a.wild.test')).toEqual([true, null]);
    expect(host('a.b.wild.test')).toEqual([false, null]);
    expect(host('192.0.2.7')).toEqual([true, null]);
    expect(host('example.test')).toEqual([false, null]);
    expect(host('')).toEqual([null, null]);
    expect(host('www.example.test\0.evil.test')[0]).not.toBe(true);
  });
});

describe('In words', () => {
  const remarks = (ders: readonly Uint8Array[], time: number, host: string) =>
    readCertificates(ders, time, host).map((each) => certificateRemarks(each, time, host).map(({ tone, text }) => `${tone}: ${text}`));

  it('it is said how it stands to the time, the host and the others', () => {
    expect(remarks([leafDer, middleDer, rootDer], THEN, 'www.example.test')).toEqual([
      ['good: valid when captured', 'good: names www.example.test', 'good: signed by the next one'],
      ['good: valid when captured', 'good: signed by the next one'],
      ['good: valid when captured', 'neutral: signed by itself'],
    ]);
    expect(remarks([leafDer], Date.UTC(2030, 0, 4) / 1000, 'other.test')).toEqual([
      [
        'warn: expired 3 d before it was captured',
        'warn: does not name other.test, which the client asked for',
        'neutral: its issuer is not here',
      ],
    ]);
    expect(remarks([Buffer.from('none')], THEN, '')).toEqual([
      ['warn: These 4 bytes cannot be read as an X.509 certificate; what there is of its fields is below.'],
    ]);
  });

  it('its time and its key', () => {
    const [facts, rsa] = [factsOf(leafDer), factsOf(rootDer)];
    if (facts === null || rsa === null) throw new Error('not read');
    expect(certificateSpan(facts)).toBe('2020-01-01 to 2030-01-01 (UTC)');
    expect(certificateKey(facts)).toBe('EC, prime256v1');
    expect(certificateKey(rsa)).toBe('RSA, 2,048 bits');
    speak('ko');
    expect(certificateKey(rsa)).toBe('RSA, 2,048비트');
    expect(remarks([leafDer], THEN, 'other.test')[0]?.join()).toMatch(/클라이언트가 요청한 other\.test에 맞는 이름이 없음/);
  });
});
