/** Keys and records against the vectors of RFC 8448 section 3, and records of every kind of suite made here with Node's ciphers. */
import { createCipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterKeys, nextSecret, prf, type RecordKeys, suiteOf, trafficKeys } from '../../src/tls/key-schedule.ts';
import { openRecord } from '../../src/tls/open-record.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const suite = (name: string) => {
  const found = suiteOf(name);
  if (found === null) throw new Error(name);
  return found;
};
const AES_128 = suite('TLS_AES_128_GCM_SHA256');

describe('keys of TLS 1.3', () => {
  it('follow from traffic secrets as in RFC 8448', () => {
    const cases = [
      ['b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38', '3fce516009c21727d0f2e4e86ee403bc', '5d313eb2671276ee13000b30'],
      ['b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21', 'dbfaa693d1762c5b666af5d950258d01', '5bd3c71b836e0b76bb73265f'],
      ['9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5', '17422dda596ed5d9acd890e3c63f5051', '5b78923dee08579033e523d9'],
      ['a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643', '9f02283b6c9c07efc26bb9f2ac92e356', 'cf782b88dd83549aadf1e984'],
    ] as const;
    for (const [secret, key, iv] of cases) {
      const keys = trafficKeys(AES_128, hex(secret));
      expect([keys.key.toString('hex'), keys.iv.toString('hex')]).toEqual([key, iv]);
    }
  });

  it('open the application data of RFC 8448, under its number only', () => {
    const keys = trafficKeys(AES_128, hex('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5'));
    const record = hex(
      '17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f 2b 98 19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21 69 49 15 e4',
    );
    expect(openRecord(keys, 0, record, 0, record.length, null)).toEqual({
      type: 23,
      bytes: Buffer.from(Array.from({ length: 50 }, (_, k) => k)),
    });
    expect(openRecord(keys, 1, record, 0, record.length, null)).toBeNull();
  });

  it('change with every KeyUpdate', () => {
    const first = hex('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
    const info = Buffer.concat([hex('0020'), Buffer.from([17]), Buffer.from('tls13 traffic upd'), hex('0001')]);
    expect(nextSecret('sha256', first)).toEqual(createHmac('sha256', first).update(info).digest());
  });
});

describe('the PRF', () => {
  it('of TLS 1.2 gives the vector that its working group published', () => {
    const out = prf(0x0303, 'sha256', hex('9bbe436ba940f017b17652849a71db35'), 'test label', hex('a0ba9f936cda311827a6f796ffd5198c'), 100);
    expect(out.toString('hex')).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });

  it('of TLS 1.0 is that of MD5 and of SHA-1 together', () => {
    const [a, b] = [prf(0x0301, 'sha256', hex('0102'), 'x', hex('03'), 40), prf(0x0301, 'sha256', hex('0103'), 'x', hex('03'), 40)];
    expect(a).toHaveLength(40);
    expect(a.equals(b)).toBe(false);
  });
});

describe('the name of a cipher suite', () => {
  it('says how records are protected', () => {
    expect(suite('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384')).toMatchObject({ mode: 'cbc', keyLength: 32, mac: 'sha384', hash: 'sha384' });
    expect(suite('TLS_RSA_WITH_AES_128_CBC_SHA')).toMatchObject({ mode: 'cbc', keyLength: 16, mac: 'sha1', hash: 'sha256' });
    expect(suite('TLS_RSA_WITH_AES_256_CCM')).toMatchObject({ mode: 'ccm', tagLength: 16, keyLength: 32 });
    expect(suite('TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8')).toMatchObject({ mode: 'ccm', tagLength: 8 });
    expect(suite('TLS_RSA_WITH_3DES_EDE_CBC_SHA')).toMatchObject({ cipher: 'des-ede3-cbc', keyLength: 24, ivLength: 8 });
    expect(suite('TLS_CHACHA20_POLY1305_SHA256')).toMatchObject({ mode: 'chacha', ivLength: 12 });
    for (const name of ['TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_WITH_NULL_SHA', 'TLS_RSA_WITH_DES_CBC_SHA', ''])
      expect(suiteOf(name)).toBeNull();
  });
});

const SUITES = [
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_AES_128_CCM',
  'TLS_RSA_WITH_AES_256_CCM_8',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA',
];

const keysOf = (name: string, version: number, encryptThenMac: boolean): RecordKeys =>
  masterKeys(version, suite(name), Buffer.alloc(48, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3), encryptThenMac)[0];

/** A record as RFC 5246 section 6.2.3 makes it. `iv`: of CBC; of TLS 1.0 it is not in the record. */
function seal(keys: RecordKeys, number: number, contents: Buffer, iv: Buffer): Buffer {
  const { suite: how, version } = keys;
  const head = (length: number): Buffer => Buffer.from([23, version >> 8, version & 255, length >> 8, length & 255]);
  const pseudo = (length: number): Buffer => {
    const start = Buffer.alloc(8);
    start.writeUIntBE(number, 2, 6);
    return Buffer.concat([start, head(length)]);
  };
  if (how.mode !== 'cbc') {
    const explicit = how.mode === 'chacha' ? Buffer.alloc(0) : Buffer.from('0011223344556677', 'hex');
    const nonce = Buffer.concat([keys.iv, explicit]);
    if (how.mode === 'chacha') for (let k = 0; k < 4; k++) nonce[11 - k] = (nonce[11 - k] as number) ^ ((number >>> (8 * k)) & 255);
    const cipher = createCipheriv(how.cipher as 'aes-128-ccm', keys.key, nonce, { authTagLength: how.tagLength });
    cipher.setAAD(pseudo(contents.length), { plaintextLength: contents.length });
    const body = Buffer.concat([cipher.update(contents), cipher.final()]);
    const all = Buffer.concat([explicit, body, cipher.getAuthTag()]);
    return Buffer.concat([head(all.length), all]);
  }
  const mac = (data: Buffer): Buffer =>
    createHmac(how.mac ?? 'sha1', keys.macKey)
      .update(pseudo(data.length))
      .update(data)
      .digest();
  const shown = version > 0x0301 ? iv : Buffer.alloc(0);
  const inside = keys.encryptThenMac ? contents : Buffer.concat([contents, mac(contents)]);
  const pad = how.ivLength - (inside.length % how.ivLength);
  const cipher = createCipheriv(how.cipher, keys.key, iv).setAutoPadding(false);
  const body = Buffer.concat([shown, cipher.update(Buffer.concat([inside, Buffer.alloc(pad, pad - 1)])), cipher.final()]);
  const all = keys.encryptThenMac ? Buffer.concat([body, mac(body)]) : body;
  return Buffer.concat([head(all.length), all]);
}

describe('a record', () => {
  for (const name of SUITES) {
    for (const version of [0x0303, 0x0301]) {
      const cbc = suite(name).mode === 'cbc';
      if (!cbc && version !== 0x0303) continue;
      for (const encryptThenMac of cbc ? [false, true] : [false]) {
        it(`of ${name}, version ${version.toString(16)}${encryptThenMac ? ', encrypted first' : ''}, opens with its keys and its number`, () => {
          const keys = keysOf(name, version, encryptThenMac);
          const iv = version === 0x0301 ? keys.iv : Buffer.alloc(suite(name).ivLength, 9);
          for (const length of [0, 1, 15, 16, 300]) {
            const contents = Buffer.alloc(length, 5);
            const record = seal(keys, 300, contents, iv);
            expect(openRecord(keys, 300, record, 0, record.length, null)).toEqual({ type: 23, bytes: contents });
            expect(openRecord(keys, 301, record, 0, record.length, null)).toBeNull();
            for (let cut = 0; cut < record.length; cut += 3) expect(openRecord(keys, 300, record, 0, cut, null)).toBeNull();
            const bent = Buffer.from(record);
            bent[record.length - 1] = (bent[record.length - 1] as number) ^ 1;
            expect(openRecord(keys, 300, bent, 0, bent.length, null)).toBeNull();
          }
        });
      }
    }
  }

  it('of TLS 1.0 begins where the one before it ended', () => {
    const keys = keysOf('TLS_RSA_WITH_AES_128_CBC_SHA', 0x0301, false);
    const before = Buffer.alloc(16, 0x77);
    const record = seal(keys, 4, Buffer.from('hello'), before);
    expect(openRecord(keys, 4, record, 0, record.length, before)?.bytes.toString()).toBe('hello');
    expect(openRecord(keys, 4, record, 0, record.length, null)).toBeNull();
  });

  it('of any bytes is refused', () => {
    const all = [...SUITES.map((name) => keysOf(name, 0x0303, false)), trafficKeys(AES_128, Buffer.alloc(32))];
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.uint8Array({ minLength: 5, maxLength: 200 }), (keys, bytes) => {
        expect(openRecord(keys, 0, bytes, 0, bytes.length, null)).toBeNull();
      }),
    );
  });
});
