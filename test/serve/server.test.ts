import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { AbilityProbe } from '../../src/host/ability.ts';
import { RecentFiles } from '../../src/host/recent-files.ts';
import { SettingsStore } from '../../src/host/settings.ts';
import { SpoolStore } from '../../src/host/spool.ts';
import type { FromBackend, ToBackend } from '../../src/messages.ts';
import { decode, encode } from '../../src/serve/codec.ts';
import { ServeServer } from '../../src/serve/server.ts';
import { StandInChild } from '../host/stand-in-child.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let server: ServeServer;
let engines: StandInChild[];
let port: number;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-serve-'));
  await mkdir(path.join(folder, 'renderer', 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'renderer', 'index.html'), '<!doctype html><title>window</title>');
  await writeFile(path.join(folder, 'renderer', 'assets', 'main.js'), 'export {};');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await symlink(path.join(folder, 'secret.txt'), path.join(folder, 'renderer', 'link.txt'));
  await writeFile(path.join(folder, 'capture.pcap'), 'bytes');
  engines = [];
  const startCapture = (): StandInChild => new StandInChild(() => null);
  server = new ServeServer({
    shared: {
      mode: 'browser',
      settings: new SettingsStore(path.join(folder, 'config')),
      recent: new RecentFiles(path.join(folder, 'config')),
      spool: new SpoolStore(path.join(folder, 'spool')),
      ability: new AbilityProbe(startCapture, 'node'),
      startEngine: () => {
        const engine = new StandInChild(({ name, args }) => {
          if (name !== 'save') return { ok: true, value: null };
          writeFileSync((args as { path: string }).path, 'saved bytes');
          return { ok: true, value: { whole: true, count: 3, bytes: 11, left: 0, note: null } };
        });
        engines.push(engine);
        return engine;
      },
      startCapture,
    },
    renderer: path.join(folder, 'renderer'),
    temporary: path.join(folder, 'temporary'),
    port: 0,
  });
  await server.listen();
  port = Number(new URL(server.newAddress()).port);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A raw request: fetch would not let the test choose the Host header, and would tidy up the path. */
function ask(method: string, target: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path: target, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function cookie(): Promise<string> {
  const address = new URL(server.newAddress());
  const reply = await ask('GET', `${address.pathname}${address.search}`);
  return (reply.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

interface Page {
  readonly socket: WebSocket;
  readonly received: FromBackend[];
  ask(to: 'engine' | 'host', name: string, args?: unknown): Promise<FromBackend & { kind: 'answer' }>;
}

let nextId = 1;

/** Resolves with the refusal's status where the server does not let the page in. */
async function page(session: string, query = '', headers: Record<string, string> = {}): Promise<Page | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, {
    headers: { origin: `http://127.0.0.1:${port}`, cookie: session, ...headers },
  });
  sockets.push(socket);
  const received: FromBackend[] = [];
  const waiting = new Map<number, (message: FromBackend & { kind: 'answer' }) => void>();
  socket.on('message', (data) => {
    const message = decode(String(data)) as FromBackend;
    received.push(message);
    if (message.kind === 'answer') waiting.get(message.id)?.(message);
  });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({
        socket,
        received,
        ask: (to, name, args = {}) =>
          new Promise((answered) => {
            const message: ToBackend = { kind: 'request', to, id: nextId++, name, args };
            waiting.set(message.id, answered);
            socket.send(encode(message));
          }),
      }),
    );
  });
}

async function openPage(session: string, query = ''): Promise<Page> {
  const opened = await page(session, query);
  if (typeof opened === 'number') throw new Error(`refused: ${opened}`);
  return opened;
}

const closing = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.on('close', resolve));

describe('the way in', () => {
  it('exchanges the token for a cookie that scripts and other sites cannot use', async () => {
    const address = new URL(server.newAddress());
    const reply = await ask('GET', `/${address.search}`);
    expect(reply.status).toBe(303);
    expect(reply.headers.location).toBe('/');
    expect(reply.headers['set-cookie']?.[0]).toMatch(/^sevenfold-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('takes a token once', async () => {
    const address = new URL(server.newAddress());
    expect((await ask('GET', `/${address.search}`)).status).toBe(303);
    const second = await ask('GET', `/${address.search}`);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('refuses a wrong token and a request without a session', async () => {
    expect((await ask('GET', '/?token=guess')).status).toBe(403);
    expect((await ask('GET', '/')).status).toBe(403);
    expect((await ask('GET', '/assets/main.js')).status).toBe(403);
    expect((await ask('GET', '/', { cookie: `sevenfold-${port}=guess` })).status).toBe(403);
  });

  it('refuses a host name that is not loopback, even with the session', async () => {
    const session = await cookie();
    for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, '10.0.0.1', '0.0.0.0']) {
      expect((await ask('GET', '/', { cookie: session, host })).status, host).toBe(421);
    }
    expect((await ask('GET', '/', { cookie: session, host: `localhost:${port}` })).status).toBe(200);
  });

  it('sends the page with a policy that allows own scripts only', async () => {
    const reply = await ask('GET', '/', { cookie: await cookie() });
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('window');
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.headers['referrer-policy']).toBe('no-referrer');
  });
});

describe('files', () => {
  it('are sent from the folder of the window only', async () => {
    const session = await cookie();
    expect((await ask('GET', '/assets/main.js', { cookie: session })).headers['content-type']).toContain('text/javascript');
    for (const target of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..\\secret.txt',
      '/link.txt',
      '/%00',
      '/%',
      '//etc/passwd',
    ]) {
      const reply = await ask('GET', target, { cookie: session });
      expect(reply.status, target).toBe(404);
      expect(reply.body).not.toContain('secret\n');
    }
  });

  it('are not changed: other methods are refused', async () => {
    const session = await cookie();
    for (const method of ['PUT', 'DELETE', 'POST']) expect((await ask(method, '/index.html', { cookie: session })).status).toBe(405);
  });
});

describe('the socket', () => {
  it('is refused to a page of another origin, another host, and without a session', async () => {
    const session = await cookie();
    expect(await page(session, '', { origin: 'http://evil.example' })).toBe(403);
    expect(await page(session, '', { origin: `http://localhost:${port}` })).toBe(403);
    expect(await page(session, '', { host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    expect(await page('', '')).toBe(403);
  });

  it.each(['//', '///', '//[', '//user@[/ws', 'http://[', '*', 'ws'])(
    'is refused to whoever asks for %s, and the server goes on',
    async (target) => {
      const upgrade = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': btoa('0123456789abcdef'),
      };
      const session = await cookie();
      const asking: Record<string, string>[] = [{ origin: 'http://evil.example' }, { origin: `http://127.0.0.1:${port}`, cookie: session }];
      for (const headers of asking) {
        const { status } = await ask('GET', target, { ...upgrade, ...headers });
        expect([400, 403, 404]).toContain(status);
      }
      expect((await ask('GET', target, { cookie: session })).status).toBeLessThan(500);
      expect((await ask('GET', '/', { cookie: session })).status).toBe(200);
    },
  );

  it('carries requests to the host and to the engine', async () => {
    const one = await openPage(await cookie());
    expect((await one.ask('host', 'info')).answer).toMatchObject({ ok: true, value: { mode: 'browser' } });
    expect((await one.ask('engine', 'rows', { view: 1, from: 0, count: 10 })).answer).toEqual({ ok: true, value: null });
    expect(engines[0]?.heard.at(-1)).toMatchObject({ to: 'engine', name: 'rows' });
  });

  it('never lets a page reach what only the host may ask of the engine', async () => {
    const one = await openPage(await cookie());
    for (const name of ['open', 'follow', 'save', 'close', 'constructor', '__proto__']) {
      expect((await one.ask('engine', name, { path: '/etc/passwd', capture: 1, name: 'x' })).answer.ok, name).toBe(false);
    }
    expect(engines[0]?.heard.filter((request) => request.name !== 'state')).toEqual([]);
  });

  it('answers wrong arguments with a failure and keeps the line', async () => {
    const one = await openPage(await cookie());
    const wrong = await one.ask('engine', 'rows', { view: 1, from: 0, count: 100_000 });
    expect(wrong.answer).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    expect((await one.ask('host', 'info')).answer.ok).toBe(true);
  });

  it('closes on what is no message', async () => {
    const session = await cookie();
    for (const [text, code] of [
      ['{', 1007],
      ['{"kind":"request"}', 1008],
      ['[]', 1008],
      ['{"kind":"request","to":"shell","id":1,"name":"rm","args":{}}', 1008],
    ] as const) {
      const one = await openPage(session);
      const closed = closing(one.socket);
      one.socket.send(text);
      expect(await closed, text).toBe(code);
    }
  });

  it('closes on a message that is too long', async () => {
    const one = await openPage(await cookie());
    const closed = closing(one.socket);
    one.socket.send('x'.repeat(2 << 20));
    expect(await closed).toBe(1009);
  });

  it('gives a second page an engine of its own, and a page that comes back its old one', async () => {
    const session = await cookie();
    const first = await openPage(session, '?window=window-1');
    await openPage(session, '?window=window-2');
    expect(engines).toHaveLength(2);
    await first.ask('host', 'openPath', { path: path.join(folder, 'capture.pcap') });
    first.socket.close();
    await closing(first.socket);
    const back = await openPage(session, '?window=window-1');
    await back.ask('engine', 'facets');
    expect(engines).toHaveLength(2);
    expect(engines[0]?.heard.map((request) => request.name)).toEqual(['open', 'facets']);
  });

  it('gives the file of the command line to the first page', async () => {
    expect(await server.openFirst(path.join(folder, 'capture.pcap'))).toEqual({ ok: true, value: null });
    const one = await openPage(await cookie());
    await one.ask('engine', 'state');
    expect(engines).toHaveLength(1);
    expect(engines[0]?.heard[0]).toMatchObject({ name: 'open', args: { path: path.join(folder, 'capture.pcap'), name: 'capture.pcap' } });
  });

  it('says in words why a file cannot be opened', async () => {
    const one = await openPage(await cookie());
    const answer = (await one.ask('host', 'openPath', { path: path.join(folder, 'nowhere.pcap') })).answer;
    expect(answer).toMatchObject({ ok: false, failure: { code: 'not-found' } });
    expect(JSON.stringify(answer)).not.toContain('at ');
  });
});

describe('transfers', () => {
  const own = (): Record<string, string> => ({ origin: `http://127.0.0.1:${port}` });

  it('open an uploaded file in the window and remove it when the next one is opened', async () => {
    const session = await cookie();
    const one = await openPage(session);
    const reply = await ask('POST', '/upload?name=..%2F..%2Fmy%20trace.pcap', { cookie: session, ...own() }, 'packet bytes');
    expect(reply.status).toBe(200);
    const opened = { path: '', ...(engines[0]?.heard.find((request) => request.name === 'open')?.args as object) };
    expect(path.basename(opened.path)).toBe('my trace.pcap');
    expect(opened.path.startsWith(path.join(folder, 'temporary'))).toBe(true);
    await one.ask('host', 'openPath', { path: path.join(folder, 'capture.pcap') });
    const left = (await readdir(path.join(folder, 'temporary'), { recursive: true })).filter((name) => name.endsWith('.pcap'));
    expect(left).toEqual([]);
  });

  it('refuse an upload from elsewhere', async () => {
    const session = await cookie();
    await openPage(session);
    expect((await ask('POST', '/upload?name=a.pcap', { cookie: session, origin: 'http://evil.example' }, 'x')).status).toBe(403);
    expect((await ask('POST', '/upload?name=a.pcap', { cookie: session }, 'x')).status).toBe(403);
    expect((await ask('POST', '/upload?name=a.pcap', own(), 'x')).status).toBe(403);
    expect(engines[0]?.heard).toEqual([]);
  });

  it('give a saved capture out once', async () => {
    const session = await cookie();
    const one = await openPage(session);
    await one.ask('host', 'openPath', { path: path.join(folder, 'capture.pcap') });
    const { answer } = await one.ask('host', 'save', { what: 'packets', format: 'pcapng', only: 'all' });
    expect(answer).toMatchObject({ ok: true, value: { saved: true, path: null } });
    const download = answer.ok ? (answer.value as { download: string }).download : '';
    const reply = await ask('GET', download, { cookie: session });
    expect(reply.body).toBe('saved bytes');
    expect(reply.headers['content-disposition']).toContain('capture.pcapng');
    expect((await ask('GET', download, { cookie: session })).status).toBe(404);
  });

  it('give what else is saved out under the name that the window suggests, made safe', async () => {
    const session = await cookie();
    const one = await openPage(session);
    await one.ask('host', 'openPath', { path: path.join(folder, 'capture.pcap') });
    const content = { what: 'stream', target: { kind: 'tcp', stream: 0 } };
    const { answer } = await one.ask('host', 'save', { ...content, name: '../../etc/a"b.bin' });
    expect(answer).toMatchObject({ ok: true, value: { saved: true, count: 3 } });
    const download = answer.ok ? (answer.value as { download: string }).download : '';
    expect((await ask('GET', download, {})).status).toBe(403);
    const reply = await ask('GET', download, { cookie: session });
    expect(reply.body).toBe('saved bytes');
    expect(reply.headers['content-disposition']).toBe(`attachment; filename="a_b.bin"; filename*=UTF-8''a_b.bin`);
  });

  it('leave nothing behind at the end', async () => {
    const session = await cookie();
    await openPage(session);
    await ask('POST', '/upload?name=a.pcap', { cookie: session, ...own() }, 'x');
    await server.close();
    expect(await readdir(path.join(folder, 'temporary'))).toEqual([]);
  });
});
