/** `sevenfold account`: the sentences of the window, each with the packets that prove it. */
import { expect, it } from 'vitest';
import { runAccount } from '../../src/cli/account.ts';
import { runConnections } from '../../src/cli/connections.ts';
import { fixture, printed } from './run.ts';

const loss = fixture('rough/loss.pcap');

it('says what happened on a connection, with the packets that prove it', async () => {
  const { status, out } = await printed(() => runAccount({ file: loss, stream: 'tcp:0', json: false }));
  expect(status).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toBe('The client opened the connection; the server answered the SYN after 47.5 ms.  [1 2 3]');
  expect(lines.at(-1)).toBe('The client closed first, 343 µs after the last data; the server closed 71.6 ms later.  [8 10]');
});

it('says what happened on an exchange of the connection', async () => {
  const { out } = await printed(() => runAccount({ file: loss, stream: 'tcp:0', exchange: '1', json: false }));
  expect(out).toContain('A connection was opened for it; the handshake took 47.5 ms.  [1 2 3]\n');
  expect(out).toContain('200 with 185 bytes of text/html (3,770 when gzip is undone).  [6]\n');
});

it('gives the facts behind the sentences as JSON', async () => {
  const { out } = await printed(() => runAccount({ file: loss, stream: 'tcp:0', json: true }));
  const facts = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(facts[0]).toMatchObject({ kind: 'opened', tone: 'neutral', frames: [1, 2, 3], values: { answered: 0.047486 } });
  expect(facts[0].text).toBe('The client opened the connection; the server answered the SYN after 47.5 ms.');
});

it('says what is wrong with what was asked for', async () => {
  const none = await printed(() => runAccount({ file: loss, stream: 'tcp:99', json: false }));
  expect(none).toMatchObject({ status: 1, out: '' });
  expect(none.complaint).toContain('has no TCP connection 99.');
  const position = await printed(() => runAccount({ file: loss, stream: 'tcp:0', exchange: '7', json: false }));
  expect(position.status).toBe(1);
  expect(position.complaint).toContain('has no HTTP exchange 7.');
  expect((await printed(() => runAccount({ file: loss, stream: 'udp:0', json: false }))).status).toBe(2);
  expect((await printed(() => runAccount({ file: loss, stream: 'tcp:0', exchange: '0', json: false }))).status).toBe(2);
});

it('says whose certificate a TLS server showed', async () => {
  const { out } = await printed(() => runAccount({ file: fixture('tls/tls12.pcap'), stream: 'tcp:0', json: false }));
  expect(out).toContain(
    'The server’s certificate is for tls.example, which the client asked for, signed by itself; it was valid, until 2126-10-28.  [6]\n',
  );
});

it('has the certificates of a connection as JSON, null where there are none to read', async () => {
  const options = { file: fixture('tls/tls12.pcap'), filter: '', json: true, certificates: true };
  const { out } = await printed(() => runConnections(options));
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows[0].certificates).toMatchObject({ frame: 6, serverName: 'tls.example', inAll: 1 });
  expect(rows[0].certificates.list[0]).toMatchObject({ validity: 'valid', issued: 'self', host: true });
  expect(rows[0].certificates.list[0].facts).toMatchObject({ names: ['tls.example'], key: { type: 'rsa', bits: 2048 } });
  const encrypted = await printed(() => runConnections({ ...options, file: fixture('tls/tls13.pcap') }));
  expect(JSON.parse(encrypted.out.split('\n')[0] ?? '').certificates).toBeNull();
  expect((await printed(() => runConnections({ ...options, json: false }))).status).toBe(2);
});
