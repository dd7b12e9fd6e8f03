/** Transport of the desktop app: host requests through the preload bridge, engine requests through a MessagePort. */
import type { Answer, DesktopBridge, EngineRequests, HostRequests, Transport } from '../../src/messages.ts';
import { Line } from './line.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop app; absent in browser mode. */
    readonly sevenfold?: DesktopBridge;
  }
}

const PORT_MESSAGE = 'sevenfold-engine-port';

/** Makes the transport. A new engine port may arrive at any time (the engine was started again): the capture state is asked for anew then. */
export function desktopTransport(bridge: DesktopBridge): Transport {
  const line = new Line();
  const closedListeners = new Set<(reason: string) => void>();
  let port: MessagePort | null = null;

  window.addEventListener('message', (event) => {
    const arrived = event.ports[0];
    if (event.source !== window || event.data !== PORT_MESSAGE || arrived === undefined) return;
    const again = port !== null;
    if (again) line.disconnect(true);
    port?.close();
    port = arrived;
    arrived.onmessage = (message) => line.receive(message.data);
    arrived.addEventListener('close', () => {
      if (port !== arrived) return;
      line.disconnect(true);
      for (const listener of closedListeners) listener('');
    });
    arrived.start();
    line.connect((message) => arrived.postMessage(message));
    if (again) {
      void line.request('engine', 'state', {}).then((answer) => {
        if (!answer.ok) return;
        const state = answer.value as EngineRequests['state']['result'];
        line.emit('engine', 'state', state.capture);
        if (state.view !== null) line.emit('engine', 'view', state.view);
      });
    }
  });

  bridge.onHostEvent((name, value) => line.emit('host', name, value));

  const host: Transport['host'] = async (name, args) => {
    try {
      return (await bridge.host(name, args)) as Answer<HostRequests[typeof name]['result']>;
    } catch (error) {
      return { ok: false, failure: { code: 'internal', message: error instanceof Error ? error.message : String(error) } };
    }
  };
  return {
    engine: (name, args) => line.request('engine', name, args) as Promise<Answer<EngineRequests[typeof name]['result']>>,
    host,
    onEngine: (name, listener) => line.on('engine', name, listener as (value: unknown) => void),
    onHost: (name, listener) => line.on('host', name, listener as (value: unknown) => void),
    onClosed: (listener) => {
      closedListeners.add(listener);
      return () => closedListeners.delete(listener);
    },
    openFile: (file) => host('openPath', { path: bridge.pathOf(file) }),
  };
}
