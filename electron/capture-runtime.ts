/** Which runtime runs the capture process of the desktop app. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { candidates } from '../src/capture/load-cap.ts';

export type CaptureRuntime =
  /** An Electron utility process, with `cap` built for Electron. */
  | { readonly kind: 'electron' }
  /** Plain Node, with the `cap` that npm built for it: a checkout without an Electron build. */
  | { readonly kind: 'node'; readonly node: string };

/**
 * Electron's own runtime where `cap` is built for it; else a Node on the path; else Electron all the same, so that what is missing can be said.
 * @param has whether a file exists; replaced by tests
 */
export function captureRuntimeFor(env: NodeJS.ProcessEnv, root: string, has: (file: string) => boolean = existsSync): CaptureRuntime {
  const [own, npm] = candidates(root);
  if (own !== undefined && has(own)) return { kind: 'electron' };
  if (npm === undefined || !has(npm)) return { kind: 'electron' };
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const places = [
    env.npm_node_execpath ?? '',
    ...(env.PATH ?? '').split(path.delimiter).map((folder) => (folder === '' ? '' : path.join(folder, name))),
  ];
  const node = places.find((place) => path.isAbsolute(place) && has(place));
  return node === undefined ? { kind: 'electron' } : { kind: 'node', node };
}
