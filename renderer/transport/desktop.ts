/** Transport of the desktop app: host requests through the preload bridge, engine requests through a MessagePort. */
import {
  type Answer,
  type DesktopBridge,
  type EngineRequests,
  type HostRequests,
  PORT_MESSAGE,
  type Transport,
} from '../../src/messages.ts';
import { Line } from './line.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop app; absent in browser mode. */
    readonly sevenfold?: DesktopBridge;
  }
}

/**
 * Makes the transport. The port closes with its engine, of which the host tells (`engineGone`). A new one may arrive at any time (the engine was started
 * again): what was asked meanwhile is sent then, and the capture state is asked for anew.
 */
export function desktopTransport(bridge: DesktopBridge): Transport {
  const line = new Line();
  /** Null while there is no engine. */
  let port: MessagePort | null = null;
  let ports = 0;

  window.addEventListener('message', (event) => {
    const arrived = event.ports[0];
    if (event.source !== window || event.data !== PORT_MESSAGE || arrived === undefined) return;
    const again = ports++ > 0;
    if (port !== null) line.disconnect(true);
    port?.close();
    port = arrived;
    arrived.onmessage = (message) => line.receive(message.data);
    arrived.addEventListener('close', () => {
      if (port !== arrived) return;
      port = null;
      line.disconnect(true);
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
    // The page lives no longer than the app.
    onClosed: () => () => {},
    openFile: (file) => host('openPath', { path: bridge.pathOf(file) }),
  };
}
