/** `sevenfold capture`: packets of an interface into a pcapng file, or a ring of files. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CaptureFiles } from '../capture/messages.ts';
import { CaptureController } from '../host/capture-controller.ts';
import { startNodeCapture } from '../host/node-services.ts';
import type { BackendName, CaptureLimits, LiveBackend, LiveStatus, RingOptions } from '../messages.ts';
import { failureOf } from '../system/failure.ts';
import { complain } from './complain.ts';

/** As the command line has them. */
export interface CaptureArguments {
  /** At least one. */
  readonly interface: readonly string[];
  readonly filter: string;
  readonly write?: string | undefined;
  readonly count?: number | undefined;
  /** 'duration:SECONDS', 'filesize:KB'. */
  readonly autostop: readonly string[];
  /** 'filesize:KB', 'duration:SECONDS', 'files:N'. */
  readonly ring: readonly string[];
  readonly backend: string;
}

const BACKENDS: readonly string[] = ['auto', 'cap', 'dumpcap'] satisfies readonly (BackendName | 'auto')[];

/** Least time between two progress lines on a terminal. */
const PROGRESS_MS = 250;
/** As in dumpcap: a kB has 1000 bytes. */
const KILOBYTE = 1000;

/** Runs until a limit, SIGINT or SIGTERM. Exit status: 0 done, 1 the capture failed (what came before is in the file), 2 wrong usage. */
export async function runCapture(args: CaptureArguments): Promise<number> {
  const limits = limitsOf(args);
  if (typeof limits === 'string') {
    process.stderr.write(`sevenfold: ${limits}\n`);
    return 2;
  }
  // Asking twice for one interface would write every packet twice.
  const interfaces = [...new Set(args.interface)];
  const names = interfaces.join(', ');
  const file = path.resolve(args.write ?? defaultName(interfaces.join('-'), new Date()));
  if ((await stat(path.dirname(file)).catch(() => null))?.isDirectory() !== true) {
    process.stderr.write(`sevenfold: there is no folder ${path.dirname(file)}.\n`);
    return 1;
  }
  const found = await stat(file).catch(() => null);
  // Opening a pipe waits for who reads it, and blocks of the file are written at their places.
  if (found?.isFIFO() === true || found?.isSocket() === true) {
    process.stderr.write(`sevenfold: ${file} is a pipe. A capture is written to a file.\n`);
    return 1;
  }
  const control = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-'));
  const files: CaptureFiles = { spool: file, progress: path.join(control, 'progress'), stop: path.join(control, 'stop') };
  const terminal = process.stderr.isTTY === true;
  let told = 0;
  const controller = new CaptureController(startNodeCapture, {
    status: (status) => {
      if (!terminal || status.phase !== 'capturing' || Date.now() - told < PROGRESS_MS) return;
      told = Date.now();
      process.stderr.write(`\r${progressLine(status)}\u001b[K`);
    },
    grown: () => {},
    ended: () => {},
  });
  const stop = (): void => void controller.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    const backend = args.backend as BackendName | 'auto';
    await controller.start({ interfaces, captureFilter: args.filter, backend, limits }, files);
    process.stderr.write(`Capturing on ${names}${args.filter === '' ? '' : ` (${args.filter})`}. Ctrl+C ends it.\n`);
    if (controller.backend !== null) process.stderr.write(backendLines(controller.backend));
    await controller.over();
  } catch (error) {
    complain(failureOf(error, names));
    return 1;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
    await rm(control, { recursive: true, force: true });
  }
  const { status } = controller;
  if (terminal) process.stderr.write('\r\u001b[K');
  if (status?.failure != null) complain(status.failure);
  process.stderr.write(endLine(controller.reason));
  process.stderr.write(
    `${(status?.packets ?? 0).toLocaleString('en-US')} packets, ${(status?.bytes ?? 0).toLocaleString('en-US')} bytes written, ${dropsText(status)}.\n`,
  );
  for (const left of controller.files) process.stdout.write(`${left}\n`);
  return status?.failure == null ? 0 : 1;
}

function backendLines(backend: LiveBackend): string {
  const drops = backend.drops === 'at-end' ? 'Drops: counted, known at the end.' : 'Drops: not known to this back end.';
  return `Back end: ${backend.reason} (${backend.version})\nTime stamps: ${backend.clock}.\n${drops}\n`;
}

/** Which of the limits ended the capture: there may be several. Nothing where it was none of them. */
function endLine(reason: CaptureController['reason']): string {
  if (reason === null || reason === 'stopped' || reason === 'failed') return '';
  return `Ended by ${reason === 'count' ? '-c' : `-a ${reason}`}.\n`;
}

function dropsText(status: LiveStatus | null): string {
  if (status?.dropped != null) return `${status.dropped.toLocaleString('en-US')} dropped`;
  return status?.backend?.drops === 'at-end' ? 'drops not known: the back end could not tell them' : 'drops not known';
}

/** Limits, or a sentence about what is wrong with them. */
export function limitsOf(args: Pick<CaptureArguments, 'count' | 'autostop' | 'ring' | 'backend' | 'filter'>): CaptureLimits | string {
  if (!BACKENDS.includes(args.backend)) return `there is no back end "${args.backend}"; there are ${BACKENDS.join(', ')}.`;
  const limits: { -readonly [K in keyof CaptureLimits]: CaptureLimits[K] } = {};
  if (args.count !== undefined) limits.maxPackets = args.count;
  for (const text of args.autostop) {
    const parsed = condition(text, ['duration', 'filesize']);
    if (typeof parsed === 'string') return `-a ${parsed}`;
    if (parsed.name === 'duration') limits.maxDurationMs = parsed.value * 1000;
    else limits.maxBytes = parsed.value * KILOBYTE;
  }
  if (args.ring.length === 0) return limits;
  const ring: { -readonly [K in keyof RingOptions]: RingOptions[K] } = { files: 0 };
  for (const text of args.ring) {
    const parsed = condition(text, ['filesize', 'duration', 'files']);
    if (typeof parsed === 'string') return `-b ${parsed}`;
    if (parsed.name === 'filesize') ring.bytes = parsed.value * KILOBYTE;
    else if (parsed.name === 'duration') ring.durationMs = parsed.value * 1000;
    else if (!Number.isInteger(parsed.value)) return '-b files: a whole number is expected.';
    else ring.files = parsed.value;
  }
  if (ring.bytes === undefined && ring.durationMs === undefined)
    return '-b needs filesize:KB or duration:SECONDS, the size or age at which the next file begins.';
  return { ...limits, ring };
}

function condition(text: string, names: readonly string[]): { readonly name: string; readonly value: number } | string {
  const match = /^([a-z]+):(\d+(?:\.\d+)?)$/.exec(text);
  const name = match?.[1];
  const value = Number(match?.[2]);
  if (name === undefined || !names.includes(name)) return `expects ${names.map((one) => `${one}:N`).join(' or ')}, not "${text}".`;
  // setTimeout's longest time, in seconds: about 24 days.
  const most = name === 'duration' ? 2_000_000 : Number.MAX_SAFE_INTEGER / KILOBYTE;
  if (!(value > 0) || value > most) return `${name}: a number above 0 and up to ${most.toLocaleString('en-US')} is expected.`;
  return { name, value };
}

function defaultName(captureInterface: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `sevenfold-${captureInterface.replace(/[^\w.-]/g, '_')}-${stamp}.pcapng`;
}

function progressLine(status: LiveStatus): string {
  const whole = (value: number): string => value.toLocaleString('en-US');
  return `${whole(status.packets)} packets, ${whole(status.bytes)} bytes written, ${whole(status.packetsPerSecond)} packets/s`;
}
