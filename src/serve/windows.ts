/**
 * Windows of browser mode. Each page that connects has a host session of its own, with its own engine process. A page that goes away (a
 * reload, a closed lid) leaves its session behind for a while; the next page takes it over, so a reload keeps what is open and a running
 * capture goes on. `window` in the address of the socket names a session; without it a page takes the one that was left last.
 */
import type { WebSocket } from 'ws';
import { checkIncoming } from '../host/schemas.ts';
import { HostSession, type SharedServices } from '../host/session.ts';
import type { Answer, EngineEvents, FromBackend, HostEvents } from '../messages.ts';
import { failureOf } from '../system/failure.ts';
import { decode, encode } from './codec.ts';
import type { Transfers } from './transfers.ts';

/** Windows at a time: each has an engine process. */
export const WINDOW_LIMIT = 8;
/** A session without a page is kept this long. */
const KEEP_MS = 10 * 60_000;
/** With so much waiting to be sent, events are held back: only the newest of each kind matters. */
const SLOW_BYTES = 1 << 20;

interface Window {
  id: string;
  readonly session: HostSession;
  socket: WebSocket | null;
  lastUsed: number;
  expiry: NodeJS.Timeout | null;
  readonly held: Map<string, FromBackend>;
  heldTimer: NodeJS.Timeout | null;
}

export class Windows {
  readonly #shared: SharedServices;
  readonly #transfers: Transfers;
  readonly #ownPackets: () => string | null;
  readonly #windows = new Map<string, Window>();
  #made = 0;

  /** @param ownPackets what pages and server say to each other, as a capture filter */
  constructor(shared: SharedServices, transfers: Transfers, ownPackets: () => string | null) {
    this.#shared = shared;
    this.#transfers = transfers;
    this.#ownPackets = ownPackets;
  }

  /** Opens a file in a session that waits for the first page. */
  async openFirst(file: string): Promise<Answer<null>> {
    const window = this.#make(`first-${++this.#made}`);
    try {
      await window.session.open(file);
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, failure: failureOf(error, file) };
    }
  }

  /** Joins a page's socket to a session. Answers false if there are too many windows. */
  attach(socket: WebSocket, wanted: string | null): boolean {
    const window = this.#sessionFor(wanted);
    if (window === null) return false;
    window.socket?.close(4000, 'This capture was opened in another window.');
    window.socket = socket;
    window.lastUsed = Date.now();
    if (window.expiry !== null) clearTimeout(window.expiry);
    window.expiry = null;
    socket.on('message', (data, binary) => {
      if (window.socket !== socket) return;
      window.lastUsed = Date.now();
      if (binary) socket.close(1003, 'Text was expected.');
      else this.#receive(window, socket, String(data));
    });
    socket.on('close', () => {
      if (window.socket !== socket) return;
      window.socket = null;
      window.held.clear();
      this.#expire(window);
    });
    window.session.tellAll();
    return true;
  }

  /** The session that an upload without a name belongs to: the one whose page spoke last. */
  get lastUsed(): HostSession | null {
    const used = [...this.#windows.values()].filter((window) => window.socket !== null).sort((a, b) => b.lastUsed - a.lastUsed);
    return used[0]?.session ?? null;
  }

  byId(id: string): HostSession | null {
    return this.#windows.get(id)?.session ?? null;
  }

  async closeAll(): Promise<void> {
    const windows = [...this.#windows.values()];
    this.#windows.clear();
    for (const window of windows) window.socket?.close(1001, 'Sevenfold was ended.');
    await Promise.all(windows.map((window) => window.session.close()));
  }

  #sessionFor(wanted: string | null): Window | null {
    if (wanted !== null) {
      const known = this.#windows.get(wanted);
      if (known !== undefined) return known;
    }
    // A session that was left behind, or that waits with the file of the command line. One that another page gave a name stays its own, unless it
    // captures: nobody else could see or stop that, where the tab was closed for good.
    const left = [...this.#windows.values()]
      .filter((window) => window.socket === null && (wanted === null || window.id.startsWith('first-') || window.session.capturing))
      .sort((a, b) => b.lastUsed - a.lastUsed)[0];
    if (left !== undefined) {
      if (wanted === null) return left;
      this.#windows.delete(left.id);
      left.id = wanted;
      this.#windows.set(wanted, left);
      return left;
    }
    if (this.#windows.size >= WINDOW_LIMIT) return null;
    return this.#make(wanted ?? `page-${++this.#made}`);
  }

  #make(id: string): Window {
    const window: Window = {
      id,
      session: new HostSession(this.#shared, {
        askOpen: async () => 'unavailable',
        askSave: (suggestion) => this.#transfers.prepare(suggestion),
        hostEvent: (name, value) => this.#event(window, 'host', name, value),
        engineEvent: (name, value) => this.#event(window, 'engine', name, value),
        engineStarted: () => {},
        ownPackets: this.#ownPackets,
      }),
      socket: null,
      lastUsed: Date.now(),
      expiry: null,
      held: new Map(),
      heldTimer: null,
    };
    this.#windows.set(id, window);
    return window;
  }

  /** Ends a session that nobody comes back to. A running capture is waited for: its user may have closed the lid on purpose. */
  #expire(window: Window): void {
    window.expiry = setTimeout(() => {
      if (window.session.capturing) {
        this.#expire(window);
        return;
      }
      this.#windows.delete(window.id);
      void window.session.close();
    }, KEEP_MS).unref();
  }

  #receive(window: Window, socket: WebSocket, text: string): void {
    let message: unknown;
    try {
      message = decode(text);
    } catch {
      socket.close(1007, 'The message cannot be read.');
      return;
    }
    const checked = checkIncoming(message);
    if (checked === null) {
      socket.close(1008, 'The message has no known shape.');
      return;
    }
    if ('failure' in checked) {
      this.#send(socket, { kind: 'answer', id: checked.id, answer: { ok: false, failure: checked.failure } });
      return;
    }
    const { to, id, name, args } = checked.request;
    const answered = (answer: Answer<unknown>): void => this.#send(socket, { kind: 'answer', id, answer });
    if (to === 'engine') window.session.askEngine(name, args, answered);
    else void window.session.handle(name, args).then(answered);
  }

  #event(window: Window, from: 'host', name: keyof HostEvents, value: unknown): void;
  #event(window: Window, from: 'engine', name: keyof EngineEvents, value: unknown): void;
  #event(window: Window, from: 'engine' | 'host', name: string, value: unknown): void {
    const socket = window.socket;
    if (socket === null) return;
    const event: FromBackend = { kind: 'event', from, name, value };
    if (socket.bufferedAmount < SLOW_BYTES && window.held.size === 0) {
      this.#send(socket, event);
      return;
    }
    window.held.set(`${from}:${name}`, event);
    window.heldTimer ??= setInterval(() => this.#sendHeld(window), 50);
  }

  #sendHeld(window: Window): void {
    const socket = window.socket;
    if (socket !== null && socket.bufferedAmount >= SLOW_BYTES) return;
    const held = [...window.held.values()];
    window.held.clear();
    if (window.heldTimer !== null) clearInterval(window.heldTimer);
    window.heldTimer = null;
    if (socket !== null) for (const event of held) this.#send(socket, event);
  }

  #send(socket: WebSocket, message: FromBackend): void {
    if (socket.readyState === socket.OPEN) socket.send(encode(message));
  }
}
