import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { KeyLog, keyLogFlaws, Secret } from '../../src/tls/keylog.ts';
import { KeyLogFile } from '../../src/tls/keylog-file.ts';
import { TlsSecrets } from '../../src/tls/secrets.ts';

const random = (n: number): string => n.toString(16).padStart(64, '0');
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const master = 'ab'.repeat(48);
const traffic = 'cd'.repeat(32);

function logOf(text: string): KeyLog {
  const log = new KeyLog();
  log.feed(Buffer.from(text, 'latin1'));
  log.end();
  return log;
}

const wholeText = [
  '# made by a program',
  `CLIENT_RANDOM ${random(1)} ${master}`,
  '',
  `CLIENT_HANDSHAKE_TRAFFIC_SECRET ${random(2)} ${traffic}`,
  `SERVER_HANDSHAKE_TRAFFIC_SECRET ${random(2)} ${traffic}`,
  `CLIENT_TRAFFIC_SECRET_0 ${random(2)} ${master}`,
  `EXPORTER_SECRET ${random(2)} ${traffic}`,
].join('\n');

describe('a key log', () => {
  it('gives the secrets of a connection by the random of its ClientHello', () => {
    const log = logOf(wholeText);
    expect(log).toMatchObject({ connections: 2, secrets: 4, unknown: 0, damaged: 0 });
    expect(log.find(bytesOf(random(1)))?.[Secret.Master]).toEqual(bytesOf(master));
    expect(log.find(bytesOf(random(2)))?.[Secret.ClientHandshake]).toEqual(bytesOf(traffic));
    expect(log.find(bytesOf(random(2)))?.[Secret.ServerTraffic]).toBeUndefined();
    expect(log.find(bytesOf(random(3)))).toBeUndefined();
    expect(keyLogFlaws(log)).toBe('');
  });

  it('is read with any line ends, with a mark of the byte order, in capitals, and without a last line end', () => {
    const log = logOf(
      `\xef\xbb\xbfCLIENT_RANDOM ${random(0xabc).toUpperCase()}\t${master.toUpperCase()}  \r\nCLIENT_RANDOM ${random(2)} ${master}`,
    );
    expect(log).toMatchObject({ connections: 2, damaged: 0 });
    expect(log.find(bytesOf(random(0xabc)))?.[Secret.Master]).toEqual(bytesOf(master));
  });

  it('is the same however it is cut into pieces', () => {
    for (let cut = 1; cut < wholeText.length; cut += 7) {
      const log = new KeyLog();
      for (let at = 0; at < wholeText.length; at += cut) log.feed(Buffer.from(wholeText.slice(at, at + cut), 'latin1'));
      log.end();
      expect(log).toMatchObject({ connections: 2, secrets: 4, damaged: 0 });
    }
  });

  it('counts what it cannot read, and says so', () => {
    const log = logOf(
      [
        `CLIENT_RANDOM ${random(1)} ${master}`,
        `CLIENT_RANDOM ${random(2)} ${master.slice(2)}`,
        `CLIENT_RANDOM ${random(2).slice(2)} ${master}`,
        'nonsense',
        'x'.repeat(5000),
        `SOMETHING_NEW ${random(3)} ${master}`,
        `RSA 0011223344556677 ${master}`,
      ].join('\n'),
    );
    expect(log).toMatchObject({ connections: 1, secrets: 1, damaged: 4, unknown: 1 });
    expect(keyLogFlaws(log)).toBe('4 lines of the key log cannot be read; 1 line has a label that is not known.');
    expect(keyLogFlaws(logOf('hello'))).toBe('1 line of the key log cannot be read; there is no secret of TLS in it.');
  });

  it('keeps no more than a bounded number of connections', () => {
    const log = new KeyLog();
    for (let n = 0; n < 200_010; n++) log.feed(Buffer.from(`CLIENT_TRAFFIC_SECRET_0 ${random(n)} ${traffic}\n`));
    expect(log).toMatchObject({ connections: 200_000, dropped: 10 });
  });

  it('stands any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
        const log = new KeyLog();
        for (const piece of pieces) log.feed(piece);
        log.end();
        expect(log.connections).toBe(0);
      }),
    );
  });
});

describe('a key log in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-keys-'));
  const file = path.join(folder, 'keys.log');
  afterEach(() => rmSync(file, { force: true }));

  it('is read again while a program writes to it', async () => {
    writeFileSync(file, `CLIENT_RANDOM ${random(1)} ${master}\nCLIENT_RANDOM ${random(2)} ${master.slice(0, 40)}`);
    const loaded = await KeyLogFile.load(file);
    if ('code' in loaded) throw new Error(loaded.message);
    const secrets = new TlsSecrets();
    secrets.use(loaded);
    expect(secrets.find(bytesOf(random(1)))).toBeDefined();
    expect(secrets.find(bytesOf(random(2)))).toBeUndefined();
    appendFileSync(file, `${master.slice(40)}\n`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(secrets.find(bytesOf(random(2)))?.[Secret.Master]).toEqual(bytesOf(master));
    expect(loaded.log.damaged).toBe(0);
  });

  it('that is not there is said', async () => {
    expect(await KeyLogFile.load(path.join(folder, 'none'))).toMatchObject({ code: 'not-found' });
  });
});
