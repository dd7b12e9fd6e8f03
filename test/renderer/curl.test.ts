/** Requests copied as curl: the command is run by a shell, and what curl sends is what was captured. */
import { spawn, spawnSync } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { curlCommand, quoted } from '../../renderer/http/curl.ts';
import type { ExchangeDetail } from '../../src/messages.ts';

/** A command without a shell. */
const commandOf = (asked: Asked): string => curlCommand(exchange(asked, 'server.example'), true) ?? '';

it.each(['file:///etc/passwd', 'gopher://127.0.0.1:6379/_FLUSHALL', 'dict://127.0.0.1/'])(
  'speaks HTTP with the server of the capture, not %s',
  (target) => {
    const command = commandOf({ method: 'GET', target, headers: [] });
    expect(command).toContain('curl http://server.example/ ');
    expect(command).toContain(`--request-target ${target} `);
  },
);

const able = spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
  readonly version?: string;
}

/** The exchange as the engine gives it, at a server. */
function exchange({ method, target, headers, body = '', version = 'HTTP/1.1' }: Asked, host: string): ExchangeDetail {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const url = target.startsWith('/') ? `http://${host}${target}` : target;
  const encoding = headers.find(([name]) => /^content-encoding$/i.test(name))?.[1] ?? '';
  return {
    summary: { method, url, host, server: host, version },
    request: {
      headers: [['Host', host] as const, ...headers].map(([name, value]) => ({ name, value })),
      ...{ contentEncoding: encoding, bodyBytes: bytes.length, decodedBytes: bytes.length, body: bytes, bodyCut: false },
    },
    response: null,
  } as unknown as ExchangeDetail;
}

/** What curl sends when a shell runs the command: start line, headers, body. */
async function sent(asked: Asked): Promise<{ start: string; headers: string[]; body: Buffer }> {
  const parts: Buffer[] = [];
  const server = net.createServer((socket) => {
    socket.on('data', (part) => {
      parts.push(part);
      const all = Buffer.concat(parts);
      const end = all.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(all.subarray(0, end + 2).toString('latin1'))?.[1] ?? 0);
      if (end >= 0 && all.length >= end + 4 + length) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const command = curlCommand(exchange(asked, host), true);
  if (command === null) throw new Error('no command');
  const shell = spawn('bash', ['-c', `${command} -s --noproxy '*' --max-time 60 -o /dev/null`], { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise((resolve) => shell.on('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  const all = Buffer.concat(parts);
  const end = all.indexOf('\r\n\r\n');
  const [start = '', ...headers] = all.subarray(0, end).toString().split('\r\n');
  return { start, headers: headers.filter((line) => !/^(host|content-length):/i.test(line)).sort(), body: all.subarray(end + 4) };
}

const cases: Record<string, Asked> = {
  'a plain one': {
    method: 'GET',
    target: '/a?b=c&d=%20e',
    headers: [
      ['User-Agent', 'curl/8'],
      ['Accept', '*/*'],
    ],
  },
  'one without the headers that curl has of its own': { method: 'GET', target: '/', headers: [] },
  'odd characters in its URL': { method: 'GET', target: "/a[1]{b,c}/it's/$HOME/`id`/!?q=a|b;c&*", headers: [['Accept', '*/*']] },
  'dots in its path': { method: 'GET', target: '/a/../../etc/passwd', headers: [] },
  'a target that is no path': { method: 'OPTIONS', target: '*', headers: [] },
  'quotes, dollars and backslashes in headers': {
    method: 'GET',
    target: '/',
    headers: [
      ['X-Quote', `"it's" $HOME \`id\` \\ \\n !! %s`],
      ['X-Empty', ''],
      ['X-Twice', '1'],
      ['X-Twice', '2'],
      ['X-Wide', 'Grüße 안녕'],
      ['Cookie', 'a=1; b="2"'],
    ],
  },
  'a range of codings': {
    method: 'GET',
    target: '/',
    headers: [
      ['Accept-Encoding', 'gzip;q=0.5, zstd'],
      ['Accept', 'a/b'],
    ],
  },
  'a form': {
    method: 'POST',
    target: '/form',
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: "a=it%27s&b='&c=@file&d=%",
  },
  'a body without a type': { method: 'POST', target: '/', headers: [], body: '@not-a-file' },
  'a body of parts': {
    method: 'POST',
    target: '/up',
    headers: [['Content-Type', 'multipart/form-data; boundary=x']],
    body: `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nit's \\n \t 2\u000b8\u007f9\r\n--x--\r\n`,
  },
  'a long body': { method: 'PUT', target: '/long', headers: [['Content-Type', 'text/plain']], body: 'line of text\n'.repeat(2000) },
  'a body that begins with a byte order mark': { method: 'PATCH', target: '/', headers: [], body: '\ufeff{"ä": "\u0085"}' },
  'GET with a body': { method: 'GET', target: '/search', headers: [['Content-Type', 'application/json']], body: '{"q": 1}' },
  'a method of its own': { method: 'PROPFIND', target: '/dav/', headers: [['Depth', '1']] },
  'an older version': { method: 'GET', target: '/', headers: [], version: 'HTTP/1.0' },
};

describe.skipIf(!able)('a request copied as curl and run', () => {
  for (const [name, asked] of Object.entries(cases)) {
    it(`says again what ${name} said`, async () => {
      const { start, headers, body } = await sent(asked);
      expect(start).toBe(`${asked.method} ${asked.target} ${asked.version ?? 'HTTP/1.1'}`);
      expect(headers).toEqual(asked.headers.map(([key, value]) => `${key}: ${value}`.trimEnd()).sort());
      expect(body.toString()).toBe(asked.body ?? '');
    });
  }

  it('asks with HEAD, and sends an empty body as one', async () => {
    expect((await sent({ method: 'HEAD', target: '/', headers: [] })).start).toBe('HEAD / HTTP/1.1');
    const { start, body } = await sent({ method: 'POST', target: '/', headers: [['Content-Length', '0']] });
    expect([start, body.length]).toEqual(['POST / HTTP/1.1', 0]);
  });

  it('carries any octets in a body', async () => {
    const every = Uint8Array.from({ length: 1024 }, (_, k) => (k * 7) & 0xff);
    const starts = ['-n %s %% \\n \\047 \'"$HOME`id`!!', '\0', '--'].map((text) => Buffer.from(text));
    const asked = (body: Uint8Array): Asked => ({ method: 'POST', target: '/', headers: [['Content-Type', 'image/png']], body });
    for (const body of [every, ...starts.map((start) => Buffer.concat([start, every]))]) {
      const got = await sent(asked(body));
      expect(got.body.equals(body)).toBe(true);
      expect(got.headers).toEqual(['Content-Type: image/png']);
    }
  });

  it('puts a header over several lines into one', async () => {
    const { headers } = await sent({ method: 'GET', target: '/', headers: [['X-Long', 'one\r\n  two']] });
    expect(headers).toEqual(['X-Long: one two']);
  });
});

it('is not offered for a body that is not there as it was sent', () => {
  const of = (body: string | Uint8Array, headers: [string, string][] = [], method = 'POST'): string | null =>
    curlCommand(exchange({ method, target: '/', headers, body }, 'shop.example'), true);
  // What is shown is decoded, but the header says coded.
  expect(of('text', [['Content-Encoding', 'gzip']])).toBeNull();
  expect(of('', [], 'CONNECT')).toBeNull();
});

it('writes out what a terminal would take for keys', () => {
  expect(quoted("a\r\nb'\u001b[A\\")).toBe("$'a\\r\\nb\\'\\033[A\\\\'");
});
