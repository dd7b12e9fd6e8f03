/** Transport of browser mode: one WebSocket to the server that sent this page, uploads and downloads by HTTP. */
import type { Answer, EngineRequests, Failure, HostRequests, Transport } from '../../src/messages.ts';
import { decode, encode } from '../../src/serve/codec.ts';
import { words } from '../words.ts';
import { Line } from './line.ts';

const NAME_KEY = 'sevenfold-window';

/**
 * Name of this page's window: it finds its session again after a reload. The one-time token of the address never gets here: the
 * server takes it, gives a session cookie, and sends the browser on to an address without it.
 */
export function windowName(storage: Storage): string {
  const known = storage.getItem(NAME_KEY);
  if (known !== null) return known;
  const name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  storage.setItem(NAME_KEY, name);
  return name;
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string' && 'code' in value;
}

/** What the server says when it refuses an upload, or a sentence with its status. */
async function uploadFailure(response: Response): Promise<Answer<null>> {
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null && 'failure' in body && isFailure(body.failure))
      return { ok: false, failure: body.failure };
  } catch {
    // Not JSON: the status has to do.
  }
  return { ok: false, failure: { code: 'io', message: words.fileRefused(response.status) } };
}

export function browserTransport(location: Location, storage: Storage): Transport {
  const line = new Line();
  const closedListeners = new Set<(reason: string) => void>();
  const name = windowName(storage);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/ws?window=${name}`);
  let closed: string | null = null;

  socket.addEventListener('open', () => line.connect((message) => socket.send(encode(message))));
  socket.addEventListener('message', (event) => {
    if (typeof event.data !== 'string') return;
    let message: unknown;
    try {
      message = decode(event.data);
    } catch {
      // What cannot be read is no message; its request stays open until the line closes.
      return;
    }
    line.receive(message);
  });
  socket.addEventListener('close', (event) => {
    line.disconnect(false);
    closed = event.reason;
    for (const listener of closedListeners) listener(event.reason);
  });

  return {
    engine: (request, args) => line.request('engine', request, args) as Promise<Answer<EngineRequests[typeof request]['result']>>,
    host: (request, args) => line.request('host', request, args) as Promise<Answer<HostRequests[typeof request]['result']>>,
    onEngine: (event, listener) => line.on('engine', event, listener as (value: unknown) => void),
    onHost: (event, listener) => line.on('host', event, listener as (value: unknown) => void),
    onClosed: (listener) => {
      if (closed !== null) listener(closed);
      closedListeners.add(listener);
      return () => closedListeners.delete(listener);
    },
    openFile: async (file, signal) => {
      try {
        const response = await fetch(`upload?name=${encodeURIComponent(file.name)}&window=${name}`, {
          method: 'POST',
          body: file,
          signal,
          credentials: 'same-origin',
        });
        return response.ok ? { ok: true, value: null } : await uploadFailure(response);
      } catch {
        return { ok: false, failure: { code: 'io', message: `${file.name} could not be sent to the server.` } };
      }
    },
  };
}
