/**
 * The capture process: the only one with native code and with the right to open an interface. A child of the host, which it obeys by
 * messages and files (see ./messages.ts); it ends with its capture, or when its host is gone.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import os from 'node:os';
import type { LiveBackend } from '../messages.ts';
import { failureOf } from '../system/failure.ts';
import type { ProbedInterface } from '../system/interface-state.ts';
import { reasons } from './choice.ts';
import { findDumpcap, probeDumpcap } from './dumpcap.ts';
import { LiveCapture } from './live-capture.ts';
import { loadCap } from './load-cap.ts';
import type { CaptureOptions, FromCapture, ProbedBackend, ProbeResult, ToCapture } from './messages.ts';
import { openSource } from './open-source.ts';

/** Electron's utility processes have this instead of process.send; its messages come wrapped. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** Nice value while capturing. */
const PRIORITY = -10;
/** capability(7): CAP_NET_RAW. */
const NET_RAW = 13n;

const parentPort = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort;
let capture: LiveCapture | null = null;
let starting = false;
/** Asked to stop while the interfaces are being opened. */
let unwanted = false;

function say(message: FromCapture, then: () => void = () => {}): void {
  if (parentPort !== undefined) {
    parentPort.postMessage(message);
    // There is no word when it has been delivered.
    setTimeout(then, 50);
  } else if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
}

function hear(message: ToCapture): void {
  if (message.kind === 'probe') void probe().then((result) => say({ kind: 'probed', result }));
  else if (message.kind === 'stop') stop(false);
  else if (capture === null && !starting) void start(message.options);
}

function stop(hurry: boolean): void {
  unwanted = true;
  if (capture !== null) capture.stop(hurry);
  else if (hurry || !starting) process.exit(0);
}

async function start(options: CaptureOptions): Promise<void> {
  starting = true;
  try {
    // Before the programs that make the traffic: who reads too late loses packets. Only root may; others go on as they are.
    os.setPriority(PRIORITY);
  } catch {
    // As before.
  }
  try {
    const { source, reason } = await openSource(options);
    const described = (why: string): LiveBackend => {
      const { backend, version, clock, drops } = source;
      return { backend, version, reason: why, clock, drops };
    };
    capture = new LiveCapture(source, options, {
      ended: (ended) => {
        say(ended, () => process.exit(0));
        // A host that does not listen must not keep this process.
        setTimeout(() => process.exit(0), 400);
      },
      grown: () => say({ kind: 'grown' }),
      file: (path, number, before) => say({ kind: 'file', path, number, before }),
      changed: () => say({ kind: 'changed', with: described(reasons.relayed) }),
    });
    say({ kind: 'started', with: described(reason) });
    if (unwanted) capture.stop();
  } catch (error) {
    say({ kind: 'failed', failure: failureOf(error, options.interfaces.join(', ')) }, () => process.exit(1));
  }
}

async function probe(): Promise<ProbeResult> {
  const [viaDumpcap, viaCap] = await Promise.all([probeDumpcap(findDumpcap()), Promise.resolve(probeCap())]);
  return {
    cap: viaCap.backend,
    dumpcap: viaDumpcap.backend,
    interfaces: viaCap.interfaces ?? viaDumpcap.interfaces,
    runtime: process.execPath,
  };
}

function probeCap(): { backend: ProbedBackend; interfaces: readonly ProbedInterface[] | null } {
  const loaded = loadCap();
  if (!loaded.ok) return { backend: loaded.result, interfaces: null };
  try {
    const interfaces = loaded.addon.deviceList().map((device) => ({
      name: device.name,
      description: device.description ?? null,
      addresses: device.addresses.flatMap((address) => (address.addr === undefined ? [] : [address.addr])),
      loopback: device.flags === 'PCAP_IF_LOOPBACK',
    }));
    return { backend: { found: true, version: loaded.version, permitted: permitted(), path: null }, interfaces };
  } catch (error) {
    return { backend: { found: false, reason: 'no-library', message: failureOf(error, 'libpcap').message }, interfaces: null };
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
  stop(false);
});
// Ctrl+C in a terminal reaches every process of the group; the host decides.
process.on('SIGINT', () => {});
// The host is about to kill: what is here is written, nothing is waited for.
process.on('SIGTERM', () => stop(true));
