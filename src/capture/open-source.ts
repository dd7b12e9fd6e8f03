/** Opens the interfaces of a capture with the back end that fits. */
import { HostError } from '../host/failure.ts';
import type { Failure } from '../messages.ts';
import { CapSource } from './cap-source.ts';
import { lacks, reasons } from './choice.ts';
import { type DumpcapPlace, dumpcapVersion, findDumpcap } from './dumpcap.ts';
import { DumpcapSource } from './dumpcap-source.ts';
import { type LoadedCap, loadCap } from './load-cap.ts';
import type { CaptureOptions } from './messages.ts';
import type { Source } from './source.ts';

/** What opens sources; replaced in tests. */
export interface Openers {
  find(): DumpcapPlace;
  dumpcap(path: string, options: CaptureOptions): Promise<Source>;
  load(): LoadedCap;
}

const realOpeners: Openers = {
  find: () => findDumpcap(),
  dumpcap: async (path, options) => DumpcapSource.open(path, await dumpcapVersion(path), options),
  load: () => loadCap(),
};

/** Opens the interfaces with the back end that is wanted, or the best that works. Rejects with a HostError in words for the user. */
export async function openSource(options: CaptureOptions, openers: Openers = realOpeners): Promise<{ source: Source; reason: string }> {
  const place = options.backend === 'cap' ? null : openers.find();
  let lack = lacks.missing as string;
  let refusal: HostError | null = null;
  if (place?.kind === 'found') {
    try {
      const source = await openers.dumpcap(place.path, options);
      return { source, reason: options.backend === 'auto' ? reasons.dumpcap : reasons.asked('dumpcap') };
    } catch (error) {
      // A wrong filter or interface is wrong for both; where only the right is missing the other may have it.
      if (options.backend === 'dumpcap' || !(error instanceof HostError) || error.failure.code !== 'permission') throw error;
      refusal = error;
      lack = lacks.refused;
    }
  } else if (place?.kind === 'forbidden') {
    lack = lacks.forbidden;
  }
  if (options.backend === 'dumpcap') throw new HostError(noDumpcap(place ?? { kind: 'none' }));
  const loaded = openers.load();
  if (!loaded.ok) {
    throw refusal ?? new HostError({ code: 'unavailable', message: `Live capture is off: ${loaded.result.message}, and dumpcap ${lack}.` });
  }
  const source = new CapSource(loaded.addon, loaded.version, options);
  return { source, reason: options.backend === 'cap' ? reasons.asked('cap') : reasons.cap(lack) };
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
