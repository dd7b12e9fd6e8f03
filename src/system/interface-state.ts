/** What the operating system itself says of its network interfaces, without libpcap and without any right. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Failure, LiveInterface } from '../messages.ts';

const SYS = '/sys/class/net';
/** linux/if.h */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

/** An interface as a back end lists it. */
export interface ProbedInterface {
  readonly name: string;
  readonly description: string | null;
  readonly addresses: readonly string[];
  readonly loopback: boolean;
}

/** Linux: 'gone', 'down' or 'up'; elsewhere, and for 'any', null: not known. */
export function interfaceState(name: string): 'up' | 'down' | 'gone' | null {
  if (process.platform !== 'linux' || name === 'any' || name.includes('/')) return null;
  try {
    readdirSync(SYS);
  } catch {
    return null;
  }
  const flags = linuxFlags(name);
  return flags === null ? 'gone' : (flags & IFF_UP) !== 0 ? 'up' : 'down';
}

/** True where packets pass that this machine sends to itself: loopback, and 'any'. */
export function carriesLoopback(name: string): boolean {
  if (name === 'any' || name.endsWith('NPF_Loopback')) return true;
  const flags = linuxFlags(name);
  return flags === null ? (os.networkInterfaces()[name] ?? []).some((address) => address.internal) : (flags & IFF_LOOPBACK) !== 0;
}

/** An interface that went during a capture. */
export function lostInterface(name: string, state: 'gone' | 'down'): Failure {
  return {
    code: 'io',
    message: `${name} ${state === 'gone' ? 'was removed' : 'went down'} during the capture.`,
    advice: state === 'gone' ? 'Plug it in again, then start a new capture.' : 'Bring it up, then start a new capture.',
  };
}

/**
 * The interfaces to choose from, up ones first, loopback and the pseudo-device last, with present counters. `probed`: what libpcap
 * lists, null if it cannot be asked.
 */
export function listInterfaces(probed: readonly ProbedInterface[] | null): readonly LiveInterface[] {
  const addresses = new Map<string, { readonly list: string[]; readonly internal: boolean }>();
  for (const [name, entries] of Object.entries(os.networkInterfaces())) {
    addresses.set(name, { list: (entries ?? []).map((entry) => entry.address), internal: (entries ?? []).some((entry) => entry.internal) });
  }
  const known = new Map((probed ?? []).map((device) => [device.name, device]));
  const linux = linuxNames();
  const names = linux === null ? new Set([...known.keys(), ...addresses.keys()]) : new Set(linux);
  // On Windows libpcap's names are not those of the operating system: only its own can be opened.
  if (process.platform === 'win32' && probed !== null) for (const name of addresses.keys()) names.delete(name);
  if (known.has('any')) names.add('any');
  const list = [...names].map((name): LiveInterface => {
    const device = known.get(name);
    const own = addresses.get(name);
    const flags = linux === null ? null : linuxFlags(name);
    return {
      name,
      description: device?.description ?? null,
      addresses: own?.list ?? device?.addresses ?? [],
      loopback: flags === null ? (device?.loopback ?? own?.internal ?? false) : (flags & IFF_LOOPBACK) !== 0,
      up: flags === null ? true : (flags & IFF_UP) !== 0,
      packets: linuxCounter(name, 'packets'),
      bytes: linuxCounter(name, 'bytes'),
    };
  });
  const rank = (one: LiveInterface): number =>
    (one.up ? 0 : 8) + (one.name === 'any' ? 4 : 0) + (one.loopback ? 2 : 0) + (one.addresses.length > 0 ? 0 : 1);
  return list.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function linuxNames(): string[] | null {
  if (process.platform !== 'linux') return null;
  try {
    return readdirSync(SYS).filter((name) => linuxFlags(name) !== null);
  } catch {
    return null;
  }
}

function linuxFlags(name: string): number | null {
  try {
    return Number.parseInt(readFileSync(path.join(SYS, name, 'flags'), 'latin1'), 16);
  } catch {
    return null;
  }
}

/** Packets that have passed an interface since it came up; null if the system does not tell. */
export function packetsOf(name: string): number | null {
  return linuxCounter(name, 'packets');
}

function linuxCounter(name: string, unit: 'packets' | 'bytes'): number | null {
  if (process.platform !== 'linux' || name === 'any' || name.includes('/')) return null;
  try {
    const received = Number(readFileSync(path.join(SYS, name, 'statistics', `rx_${unit}`), 'latin1'));
    const sent = Number(readFileSync(path.join(SYS, name, 'statistics', `tx_${unit}`), 'latin1'));
    return received + sent;
  } catch {
    return null;
  }
}
