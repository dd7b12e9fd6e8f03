import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopTransport } from '../../../renderer/transport/desktop.ts';
import { type DesktopBridge, type FromBackend, PORT_MESSAGE, type ToBackend, type Transport } from '../../../src/messages.ts';

/** The page's end of an engine's port; the test is the engine. */
class StandInPort extends EventTarget {
  readonly sent: ToBackend[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  postMessage(message: ToBackend): void {
    this.sent.push(message);
  }
  start(): void {}
  close(): void {}
  /** Answers what was asked last. */
  answer(value: unknown): void {
    const data: FromBackend = { kind: 'answer', id: this.sent.at(-1)?.id ?? -1, answer: { ok: true, value } };
    this.onmessage?.({ data });
  }
  /** The process at the other end has ended. */
  end(): void {
    this.dispatchEvent(new Event('close'));
  }
}

let page: EventTarget;
let transport: Transport;
let tell: Parameters<DesktopBridge['onHostEvent']>[0];

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('window', page);
  transport = desktopTransport({
    host: async () => ({ ok: true, value: null }),
    onHostEvent: (listener) => {
      tell = listener;
      return () => {};
    },
    pathOf: () => '/a.pcap',
  });
});
afterEach(() => vi.unstubAllGlobals());

function give(port: StandInPort, more: Record<string, unknown> = {}): void {
  page.dispatchEvent(Object.assign(new Event('message'), { source: page, data: PORT_MESSAGE, ports: [port], ...more }));
}

describe("the desktop app's line to its engine", () => {
  it('sends what was asked before the port was there', async () => {
    const asked = transport.engine('facets', {});
    const port = new StandInPort();
    give(port);
    expect(port.sent.map(({ name }) => name)).toEqual(['facets']);
    port.answer([]);
    expect(await asked).toEqual({ ok: true, value: [] });
  });

  it('takes a port from its own page only', () => {
    const port = new StandInPort();
    give(port, { source: new EventTarget() });
    give(port, { data: 'another message' });
    void transport.engine('facets', {});
    expect(port.sent).toEqual([]);
  });

  it('goes on with the next engine after one has ended, and is never told of as closed', async () => {
    const closed: string[] = [];
    const gone: unknown[] = [];
    transport.onClosed((reason) => closed.push(reason));
    transport.onHost('engineGone', (failure) => gone.push(failure));
    const [first, second] = [new StandInPort(), new StandInPort()];
    give(first);
    const waiting = transport.engine('facets', {});
    first.end();
    tell('engineGone', { code: 'internal', message: 'The process that reads the capture has ended.' });
    expect((await waiting).ok).toBe(false);
    const states: unknown[] = [];
    transport.onEngine('state', (state) => states.push(state));
    void transport.engine('minimap', { view: 1, buckets: 10 });
    give(second);
    expect(second.sent.map(({ name }) => name)).toEqual(['minimap', 'state']);
    second.answer({ capture: { capture: 7 }, view: null });
    await expect.poll(() => states).toEqual([{ capture: 7 }]);
    expect([closed, gone]).toEqual([[], [{ code: 'internal', message: 'The process that reads the capture has ended.' }]]);
  });
});
