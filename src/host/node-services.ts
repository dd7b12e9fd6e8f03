/** The shared services of a host that is itself a plain Node process: browser mode. */

import { captureRuntime, engineArguments, nodeProgram, type UserFolders } from '../system/locations.ts';
import { AbilityProbe } from './ability.ts';
import { forkChild } from './child.ts';
import { RecentFiles } from './recent-files.ts';
import type { SharedServices } from './session.ts';
import { SettingsStore } from './settings.ts';
import { SpoolStore } from './spool.ts';

export function nodeServices(folders: UserFolders): SharedServices {
  const startCapture = startNodeCapture;
  return {
    mode: 'browser',
    settings: new SettingsStore(folders.config),
    recent: new RecentFiles(folders.config),
    spool: new SpoolStore(folders.spool),
    ability: new AbilityProbe(startCapture, 'node'),
    startEngine: () => forkChild(nodeProgram('engine-process'), 'advanced', process.execPath, engineArguments()),
    startCapture,
  };
}

/** The capture process, under the Node that may capture. */
export function startNodeCapture(): ReturnType<typeof forkChild> {
  return forkChild(nodeProgram('capture-process'), 'json', captureRuntime());
}
