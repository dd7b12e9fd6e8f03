/**
 * The capture process: the only one with native code and with the right to open an interface. A child of the host, which it obeys by
 * messages and files (see ./messages.ts); it ends with its capture, or when its host is gone.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { failureOf } from '../host/failure.ts';
import { LiveCapture } from './live-capture.ts';
import { loadCap } from './load-cap.ts';
import type { FromCapture, ProbeResult, ToCapture } from './messages.ts';

/** Electron's utility processes have this instead of process.send; its messages come wrapped. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** capability(7): CAP_NET_RAW. */
const NET_RAW = 13n;

const parentPort = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort;
let capture: LiveCapture | null = null;

function say(message: FromCapture, then: () => void = () => {}): void {
  if (parentPort !== undefined) {
    parentPort.postMessage(message);
    // There is no word when it has been delivered.
    setTimeout(then, 50);
  } else if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
}

function hear(message: ToCapture): void {
  if (message.kind === 'probe') say({ kind: 'probed', result: probe() });
  else if (message.kind === 'stop') capture?.stop();
  else if (capture === null) start(message.options);
}

function start(options: (ToCapture & { kind: 'start' })['options']): void {
  const loaded = loadCap();
  if (!loaded.ok) {
    say({ kind: 'failed', failure: { code: 'unavailable', message: `Live capture is off: ${loaded.result.message}.` } }, () =>
      process.exit(1),
    );
    return;
  }
  try {
    capture = new LiveCapture(loaded.addon, options, (ended) => {
      say(ended, () => process.exit(0));
      // A host that does not listen must not keep this process.
      setTimeout(() => process.exit(0), 400);
    });
    say({ kind: 'started', linkType: capture.linkType });
  } catch (error) {
    say({ kind: 'failed', failure: failureOf(error, options.interface) }, () => process.exit(1));
  }
}

function probe(): ProbeResult {
  const loaded = loadCap();
  if (!loaded.ok) return loaded.result;
  try {
    const interfaces = loaded.addon.deviceList().map((device) => ({
      name: device.name,
      description: device.description ?? null,
      addresses: device.addresses.flatMap((address) => (address.addr === undefined ? [] : [address.addr])),
      loopback: device.flags === 'PCAP_IF_LOOPBACK',
    }));
    return { loaded: true, backend: loaded.version, interfaces, permitted: permitted() };
  } catch (error) {
    return { loaded: false, reason: 'no-library', message: failureOf(error, 'libpcap').message };
  }
}

function permitted(): boolean {
  if (process.platform === 'linux') {
    try {
      const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
      return effective === undefined || ((BigInt(`0x${effective}`) >> NET_RAW) & 1n) === 1n;
    } catch {
      return true;
    }
  }
  if (process.platform === 'darwin') {
    return ['/dev/bpf0', '/dev/bpf1', '/dev/bpf2', '/dev/bpf3'].some((device) => {
      try {
        accessSync(device, constants.R_OK | constants.W_OK);
        return true;
      } catch {
        return false;
      }
    });
  }
  return true;
}

if (parentPort !== undefined) parentPort.on('message', (event) => hear(event.data as ToCapture));
else process.on('message', (message) => hear(message as ToCapture));

// The host is gone: what was captured is on disk, and nobody would ever stop this.
process.on('disconnect', () => {
  if (capture === null) process.exit(0);
  capture.stop();
});
// Ctrl+C in a terminal reaches every process of the group; the host decides.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => (capture === null ? process.exit(0) : capture.stop()));
