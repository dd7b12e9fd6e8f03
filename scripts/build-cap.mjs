// Builds the capture library "cap" for one runtime beside the others, so that one checkout serves Node and Electron:
//   node scripts/build-cap.mjs node        for the Node that runs this
//   node scripts/build-cap.mjs electron    for the Electron in node_modules
// The result is build-abi/<runtime>-<abi>-<platform>-<arch>/cap.node, where src/capture/load-cap.ts looks first.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const runtime = process.argv[2];

let work = null;

function stop(message) {
  if (work !== null) rmSync(work, { recursive: true, force: true });
  process.stderr.write(`build-cap: ${message}\n`);
  process.exit(1);
}

if (runtime !== 'node' && runtime !== 'electron') {
  process.stderr.write('usage: node scripts/build-cap.mjs node|electron\n');
  process.exit(2);
}
const source = path.join(root, 'node_modules', 'cap');
if (!existsSync(path.join(source, 'binding.gyp'))) stop('the package "cap" is not installed: npm install --include=optional');

let abi = process.versions.modules;
const flags = [];
if (runtime === 'electron') {
  const electron = path.join(root, 'node_modules', 'electron');
  if (!existsSync(path.join(electron, 'package.json'))) stop('the package "electron" is not installed: npm install');
  const { version } = JSON.parse(readFileSync(path.join(electron, 'package.json'), 'utf8'));
  abi = readFileSync(path.join(electron, 'abi_version'), 'utf8').trim();
  flags.push(`--target=${version}`, '--runtime=electron');
  const headers = process.env.SEVENFOLD_ELECTRON_HEADERS;
  // Headers unpacked elsewhere (node-v<version>-headers.tar.gz of the Electron release) need no network.
  if (headers !== undefined) flags.push(`--nodedir=${headers}`);
  else flags.push('--dist-url=https://electronjs.org/headers');
}

if (runtime === 'node') {
  // Most installations of Node come with their headers.
  const prefix = path.join(path.dirname(process.execPath), '..');
  if (existsSync(path.join(prefix, 'include', 'node', 'node.h'))) flags.push(`--nodedir=${prefix}`);
}

const gyp = [
  path.join(root, 'node_modules', 'node-gyp'),
  path.join(root, 'node_modules', '@electron', 'node-gyp'),
  // npm brings one along.
  path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'node_modules', 'node-gyp'),
  path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'node_modules', 'node-gyp'),
]
  .map((folder) => path.join(folder, 'bin', 'node-gyp.js'))
  .find((file) => existsSync(file));
if (gyp === undefined) stop('node-gyp is not installed: npm install');

// In a copy: the build that npm made for its own Node stays as it is.
work = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-cap-'));
try {
  const copy = path.join(work, 'node_modules', 'cap');
  cpSync(source, copy, { recursive: true, filter: (file) => path.basename(file) !== 'build' || path.dirname(file) !== source });
  cpSync(path.join(root, 'node_modules', 'nan'), path.join(work, 'node_modules', 'nan'), { recursive: true });
  // npm's own setting for Node's headers must not be taken for Electron's.
  const env = { ...process.env };
  if (runtime === 'electron') for (const key of Object.keys(env)) if (key.toLowerCase() === 'npm_config_nodedir') delete env[key];
  const built = spawnSync(process.execPath, [gyp, 'rebuild', `--arch=${process.arch}`, ...flags], { cwd: copy, env, encoding: 'utf8' });
  if (built.status !== 0) {
    const log = `${built.stdout ?? ''}${built.stderr ?? ''}`;
    if (/pcap\/pcap\.h|pcap\.h: No such file/.test(log)) stop('the headers of libpcap are missing (Debian: sudo apt install libpcap-dev).');
    if (
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|fetch failed|getaddrinfo|headers|tarball/i.test(log) &&
      runtime === 'electron'
    ) {
      stop(
        "Electron's headers could not be downloaded from electronjs.org. On a machine without network, unpack them and name the folder in SEVENFOLD_ELECTRON_HEADERS. Until then the desktop app captures with plain Node.",
      );
    }
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(log))
      stop("Node's headers could not be downloaded, and this Node came without them.");
    process.stderr.write(log);
    stop('the build failed: see above.');
  }
  const target = path.join(root, 'build-abi', `${runtime}-${abi}-${process.platform}-${process.arch}`);
  mkdirSync(target, { recursive: true });
  copyFileSync(path.join(copy, 'build', 'Release', 'cap.node'), path.join(target, 'cap.node'));
  process.stdout.write(`${path.join(target, 'cap.node')}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
