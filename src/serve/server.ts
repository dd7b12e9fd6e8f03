/** Browser mode: the window over HTTP and a WebSocket, on the loopback address only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MESSAGE_LIMIT } from '../host/schemas.ts';
import type { SharedServices } from '../host/session.ts';
import type { Answer, Failure } from '../messages.ts';
import { errorCode, fail, failureOf } from '../system/failure.ts';
import { Access, hostIsLoopback, originIsOwn } from './access.ts';
import { fileInside, sendFile, setSafeHeaders } from './static-files.ts';
import { Transfers } from './transfers.ts';
import { Windows } from './windows.ts';

export interface ServeOptions {
  readonly shared: SharedServices;
  /** Folder of the built window. */
  readonly renderer: string;
  /** For uploads and downloads. */
  readonly temporary: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A page that does not answer a ping for this long is gone, even if its connection was never closed. */
const PING_MS = 20_000;
/** A window's name in an address. */
const WINDOW_NAME = /^[\w-]{8,64}$/;

export class ServeServer {
  readonly #options: ServeOptions;
  readonly #access = new Access();
  readonly #transfers: Transfers;
  readonly #windows: Windows;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #answering = new WeakSet<WebSocket>();
  #ping: NodeJS.Timeout | null = null;
  #origin = '';
  #ownPackets: string | null = null;

  constructor(options: ServeOptions) {
    this.#options = options;
    this.#transfers = new Transfers(options.temporary);
    this.#windows = new Windows(options.shared, this.#transfers, () => this.#ownPackets);
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT, perMessageDeflate: false });
    this.#http = createServer({ requestTimeout: 0, headersTimeout: 20_000 }, (request, response) => {
      this.#request(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else plain(response, 500, failureOf(error, 'The request').message);
      });
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Begins to listen. Rejects with a HostError if the port cannot be had. */
  async listen(): Promise<void> {
    const { port } = this.#options;
    const address = await this.#listenOn('127.0.0.1', port)
      .catch((error: unknown) => {
        if (errorCode(error) === 'EADDRNOTAVAIL') return this.#listenOn('::1', port);
        throw error;
      })
      .catch((error: unknown) => {
        if (errorCode(error) === 'EADDRINUSE')
          throw fail('busy', `Port ${port} is in use by another program.`, 'Choose another port, or leave --port out.');
        if (errorCode(error) === 'EACCES')
          throw fail('permission', `Port ${port} may not be used by this user.`, 'Choose a port above 1023.');
        throw error;
      });
    this.#access.usePort(address.port);
    this.#ownPackets = `host ${address.address} and tcp port ${address.port}`;
    this.#ping = setInterval(() => this.#pingAll(), PING_MS).unref();
    this.#origin = address.family === 'IPv6' ? `http://[::1]:${address.port}` : `http://127.0.0.1:${address.port}`;
  }

  /** An address that opens the window once. */
  newAddress(): string {
    return `${this.#origin}/?token=${this.#access.newToken()}`;
  }

  /** Opens a file for the first page that comes. */
  openFirst(file: string): Promise<Answer<null>> {
    return this.#windows.openFirst(file);
  }

  /** Ends all windows and removes temporary files. */
  async close(): Promise<void> {
    if (this.#ping !== null) clearInterval(this.#ping);
    this.#http.close();
    await this.#windows.closeAll();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await this.#transfers.clear();
  }

  #pingAll(): void {
    for (const client of this.#sockets.clients) {
      if (!this.#answering.has(client)) {
        client.terminate();
        continue;
      }
      this.#answering.delete(client);
      client.ping();
    }
  }

  #listenOn(host: string, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, host, () => {
        this.#http.off('error', reject);
        resolve(this.#http.address() as AddressInfo);
      });
    });
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hostIsLoopback(request)) {
      plain(response, 421, 'This server answers to a loopback address only.');
      return;
    }
    setSafeHeaders(request, response);
    const url = targetOf(request);
    if (url === null) {
      plain(response, 400, 'This server is asked for paths only.');
      return;
    }
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const token = url.searchParams.get('token');
    if (reading && url.pathname === '/' && token !== null) {
      const cookie = this.#access.hasSession(request) ? '' : this.#access.spend(token);
      if (cookie === null) {
        plain(response, 403, USED);
        return;
      }
      if (cookie !== '') response.setHeader('Set-Cookie', cookie);
      response.writeHead(303, { Location: '/' }).end();
      return;
    }
    if (!this.#access.hasSession(request)) {
      plain(response, 403, USED);
      return;
    }
    if (reading && url.pathname.startsWith('/download/')) {
      if (request.method === 'HEAD' || !(await this.#transfers.send(url.pathname.slice('/download/'.length), response))) {
        plain(response, 404, 'This download was used already, or never existed. Save the capture again.');
      }
      return;
    }
    if (request.method === 'POST' && url.pathname === '/upload') {
      await this.#upload(request, response, url);
      return;
    }
    if (!reading) {
      response.setHeader('Allow', 'GET, HEAD');
      plain(response, 405, 'This server only sends files.');
      return;
    }
    const file = await fileInside(this.#options.renderer, url.pathname);
    if (file === null) plain(response, 404, url.pathname === '/' ? NOT_BUILT : 'There is no such file.');
    else await sendFile(request, response, file);
  }

  /** Body: the bytes of a capture file. Answers 200 once it is open in the window, else an `Answer` with the failure. */
  async #upload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!originIsOwn(request)) {
      plain(response, 403, 'Uploads are taken from the own page only.');
      return;
    }
    const named = url.searchParams.get('window');
    const session = named === null ? this.#windows.lastUsed : this.#windows.byId(named);
    if (session === null) {
      json(response, 409, { code: 'no-such', message: 'The window of this upload is gone.', advice: 'Load the page again.' });
      return;
    }
    const name = url.searchParams.get('name') ?? '';
    try {
      const file = await this.#transfers.receive(request, name);
      try {
        const discard = (): Promise<void> => this.#transfers.forget(file);
        await session.open(file, { remember: false, discard, ...(name === '' ? {} : { name: name.slice(0, 255) }) });
      } catch (error) {
        await this.#transfers.forget(file);
        throw error;
      }
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end('{"ok":true,"value":null}');
    } catch (error) {
      const failure = failureOf(error, name === '' ? 'The upload' : name);
      // A browser reads the answer only after it has sent everything.
      request.resume();
      json(response, failure.code === 'io' ? 507 : 422, failure);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = targetOf(request);
    const refused = !hostIsLoopback(request) || !originIsOwn(request) || !this.#access.hasSession(request);
    if (refused || url?.pathname !== '/ws') {
      socket.end(`HTTP/1.1 ${refused ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      this.#answering.add(client);
      client.on('pong', () => this.#answering.add(client));
      const named = url.searchParams.get('window');
      const window = named !== null && WINDOW_NAME.test(named) ? named : null;
      if (!this.#windows.attach(client, window)) client.close(1013, 'Too many windows are open.');
    });
  }
}

const USED = 'This address has been used, or is not complete. Sevenfold prints a new one in its terminal when you press Enter there.';
const NOT_BUILT = 'The window has not been built. Run "npm run build" in the folder of Sevenfold.';

/** What a request asks for; null if that is no path (origin-form, RFC 9112 section 3.2.1). Never throws: it comes from anyone who can reach the port. */
function targetOf({ url = '' }: IncomingMessage): URL | null {
  return url.startsWith('/') ? new URL(`http://loopback${url}`) : null;
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function json(response: ServerResponse, status: number, failure: Failure): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ ok: false, failure }));
}
