/** Packaging of the desktop app: `npm run package`, `npm run make`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { MakerDeb } from '@electron-forge/maker-deb';
import { MakerDMG } from '@electron-forge/maker-dmg';
import { MakerRpm } from '@electron-forge/maker-rpm';
import { MakerSquirrel } from '@electron-forge/maker-squirrel';
import { MakerZIP } from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import type { ForgeConfig } from '@electron-forge/shared-types';

const root = path.dirname(fileURLToPath(import.meta.url));

/** What the packaged app consists of; everything else stays out. The bundles in dist/ contain the packages they need. */
const PACKAGED = ['package.json', 'LICENSE', 'dist/electron', 'dist/renderer', 'build-abi', 'samples'];

/** `file`: as the packager gives it, '/' and the path below the project; '' for the project itself. */
export function isLeftOut(file: string): boolean {
  if (file === '') return false;
  const name = file.slice(1);
  return !PACKAGED.some((kept) => name === kept || name.startsWith(`${kept}/`) || kept.startsWith(`${name}/`));
}

function run(script: string, ...args: string[]): boolean {
  return spawnSync(process.execPath, [path.join(root, 'scripts', script), ...args], { stdio: 'inherit' }).status === 0;
}

const description = 'Packet capture and protocol dissector: packets as layers, connections as pictures';
const captureTypes = ['application/vnd.tcpdump.pcap', 'application/x-pcapng'];

const config: ForgeConfig = {
  packagerConfig: {
    name: 'Sevenfold',
    executableName: 'sevenfold',
    appBundleId: 'org.sevenfold.app',
    appCategoryType: 'public.app-category.developer-tools',
    // Native code cannot be loaded from inside the archive.
    asar: { unpack: '**/*.node' },
    ignore: isLeftOut,
    prune: false,
    derefSymlinks: true,
  },
  hooks: {
    prePackage: async () => {
      if (!run('build.mjs', 'renderer', 'electron')) throw new Error('The build failed.');
      // Without Electron's headers the app is packaged all the same; it then says why it cannot capture.
      if (!run('build-cap.mjs', 'electron')) process.stderr.write('Packaging without live capture.\n');
      if (!existsSync(path.join(root, 'dist', 'electron', 'main.js'))) throw new Error('dist/electron/main.js is missing.');
    },
  },
  makers: [
    new MakerDeb({
      options: {
        name: 'sevenfold',
        productName: 'Sevenfold',
        genericName: 'Packet Analyzer',
        bin: 'sevenfold',
        description,
        section: 'net',
        categories: ['Network', 'Development'],
        depends: ['libpcap0.8'],
        mimeType: captureTypes,
      },
    }),
    new MakerRpm({
      options: {
        name: 'sevenfold',
        productName: 'Sevenfold',
        genericName: 'Packet Analyzer',
        bin: 'sevenfold',
        description,
        license: 'MIT',
        categories: ['Network', 'Development'],
        requires: ['libpcap'],
        mimeType: captureTypes,
      },
    }),
    new MakerZIP({}, ['linux', 'darwin', 'win32']),
    new MakerSquirrel({ name: 'sevenfold', authors: 'The Sevenfold authors', description }),
    new MakerDMG({ name: 'Sevenfold' }),
  ],
  plugins: [
    new FusesPlugin({
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
    }),
  ],
};

export default config;
