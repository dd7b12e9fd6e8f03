/** Opens the interfaces of a capture with the back end that fits. */

import type { Failure } from '../messages.ts';
import { HostError } from '../system/failure.ts';
import { packetsOf } from '../system/interface-state.ts';
import { CapSource, SNAP_LENGTH } from './cap-source.ts';
import { lacks, reasons } from './choice.ts';
import { type DumpcapPlace, dumpcapVersion, findDumpcap } from './dumpcap.ts';
import { DumpcapBeside, DumpcapSource } from './dumpcap-source.ts';
import { type LoadedCap, loadCap } from './load-cap.ts';
import type { CaptureOptions } from './messages.ts';
import { type Beside, BUSY, RelaySource } from './relay-source.ts';
import type { Source } from './source.ts';

/** What opens sources; replaced in tests. */
export interface Openers {
  find(): DumpcapPlace;
  dumpcap(path: string, options: CaptureOptions): Promise<Source>;
  load(): LoadedCap;
  /** Starts dumpcap beside cap; see ./relay-source.ts. */
  beside(path: string, options: CaptureOptions): Promise<Beside>;
  /** Packets per second that pass an interface now; null if the system does not tell. */
  rate(name: string): Promise<number | null>;
}

const RATE_MS = 100;

const realOpeners: Openers = {
  find: () => findDumpcap(),
  dumpcap: async (path, options) => DumpcapSource.open(path, await dumpcapVersion(path), options),
  load: () => loadCap(),
  // The snapshot length that the file says of its interface.
  beside: async (path, options) => DumpcapBeside.start(path, await dumpcapVersion(path), { ...options, snapLength: SNAP_LENGTH }),
  rate: async (name) => {
    const before = packetsOf(name);
    await new Promise((resolve) => setTimeout(resolve, RATE_MS));
    const after = packetsOf(name);
    return before === null || after === null ? null : ((after - before) * 1000) / RATE_MS;
  },
};

/** A back end is not there, or may not be run. */
class Missing extends HostError {}

/** The program or the right is missing, which another back end may have. */
function isLacking(error: unknown): error is HostError {
  return error instanceof Missing || (error instanceof HostError && error.failure.code === 'permission');
}

/** Opens the interfaces with the back end that is wanted, or the best that works. Rejects with a HostError in words for the user. */
export async function openSource(options: CaptureOptions, openers: Openers = realOpeners): Promise<{ source: Source; reason: string }> {
  const { backend } = options;
  const place = openers.find();
  const viaDumpcap = async (): Promise<Source> => {
    if (place.kind !== 'found') throw new Missing(noDumpcap(place));
    return openers.dumpcap(place.path, options);
  };
  const viaCap = async (): Promise<Source> => {
    const loaded = openers.load();
    if (!loaded.ok) throw new Missing({ code: 'unavailable', message: `cap cannot be loaded: ${loaded.result.message}.` });
    return new CapSource(loaded.addon, loaded.version, options);
  };
  if (backend === 'cap') return { source: await viaCap(), reason: reasons.asked('cap') };
  if (backend === 'dumpcap') return { source: await viaDumpcap(), reason: reasons.asked('dumpcap') };

  const [name = ''] = options.interfaces;
  const alone = options.watched && options.interfaces.length === 1;
  // What a filter lets through is not known beforehand.
  const busy = alone && place.kind === 'found' && options.captureFilter === '' && ((await openers.rate(name)) ?? 0) > BUSY;
  const watched = alone && !busy;
  /** cap, with dumpcap beside it where that works. */
  const viaBoth = async (): Promise<Source> => {
    if (place.kind !== 'found' || process.platform === 'win32' || !openers.load().ok) return viaCap();
    const beside = await openers.beside(place.path, options);
    try {
      const source = await viaCap();
      return beside.state === 'open' ? new RelaySource(source, beside, options.relayRate) : source;
    } catch (error) {
      beside.kill();
      throw error;
    }
  };
  const [first, second] = watched ? [viaBoth, viaDumpcap] : [viaDumpcap, viaCap];
  let refusal: HostError;
  try {
    const source = await first();
    const dumpcapLack = place.kind === 'none' ? lacks.missing : place.kind === 'forbidden' ? lacks.forbidden : null;
    return {
      source,
      reason: watched
        ? dumpcapLack === null
          ? reasons.watched
          : reasons.cap(dumpcapLack)
        : busy
          ? reasons.busy(name)
          : options.watched
            ? reasons.several
            : reasons.dumpcap,
    };
  } catch (error) {
    // A wrong filter or interface is wrong for both; where only the right or the program is missing the other may have it.
    if (!isLacking(error)) throw error;
    refusal = error;
  }
  const lack = !(refusal instanceof Missing)
    ? lacks.refused
    : watched
      ? 'cannot be loaded'
      : place.kind === 'none'
        ? lacks.missing
        : lacks.forbidden;
  try {
    return { source: await second(), reason: watched ? reasons.dumpcapOnly(lack) : reasons.cap(lack) };
  } catch (error) {
    // Of two that do not work, the one that is there and only lacks the right is the one to tell of.
    if (!isLacking(error) || error.failure.code === 'permission') throw error;
    if (refusal.failure.code === 'permission') throw refusal;
    throw new HostError({ ...error.failure, message: `Live capture is off: ${error.failure.message} ${refusal.failure.message}` });
  }
}

function noDumpcap(place: DumpcapPlace): Failure {
  return place.kind === 'none'
    ? {
        code: 'unavailable',
        message: 'dumpcap is not installed, or not in PATH.',
        advice: 'Install Wireshark\'s command line tools, or capture with the back end "cap".',
      }
    : { code: 'permission', message: `This user may not run ${'path' in place ? place.path : 'dumpcap'}.` };
}
