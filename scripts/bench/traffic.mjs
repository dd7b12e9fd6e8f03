// A capture of real HTTP traffic: wrk asks nginx over a veth pair between two network namespaces of our own. Needs root, Linux, ip, wrk,
// nginx, and dumpcap or tcpdump. Everything that it makes is taken away again, whatever happens.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must, which } from './tools.mjs';

export const PORT = 8088;
const SERVER = '10.77.0.1';
const CLIENT = '10.77.0.2';
/** Bodies in bytes: from API answers to small pictures. Served as octets: no tool takes the time to look into them. */
const BODIES = [180, 420, 900, 1400, 2600, 5200, 9000, 14_000, 24_000];
const DEADLINE_MS = 300_000;

/** Why real traffic cannot be made here; null if it can. */
export function obstacle() {
  if (process.platform !== 'linux') return 'network namespaces are a Linux thing';
  if (process.getuid?.() !== 0) return 'making network namespaces needs root';
  for (const name of ['ip', 'wrk', 'nginx']) if (which(name) === null) return `${name} is not installed`;
  if (which('dumpcap') === null && which('tcpdump') === null) return 'neither dumpcap nor tcpdump is installed';
  return null;
}

/** Ends a process that we started and waits until it is gone. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const harder = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(harder);
}

/** Writes `packets` packets of real traffic to `file` (pcapng with dumpcap, pcap with tcpdump). Returns a sentence that says how. */
export async function capture(file, packets) {
  const mark = process.pid.toString(36);
  const [serverSpace, clientSpace] = [`sfb${mark}s`, `sfb${mark}c`];
  const [serverLink, clientLink] = [`sfb${mark}a`, `sfb${mark}b`];
  const ip = which('ip');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-bench-'));
  // nginx's workers are not root.
  chmodSync(folder, 0o755);
  const running = [];
  const inSpace = (space, command, args) => {
    const child = spawn(ip, ['netns', 'exec', space, command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.said = '';
    child.stderr.on('data', (chunk) => {
      child.said = (child.said + chunk.toString('utf8')).slice(-2000);
    });
    running.push(child);
    return child;
  };
  try {
    must(ip, ['netns', 'add', serverSpace]);
    must(ip, ['netns', 'add', clientSpace]);
    must(ip, ['-n', serverSpace, 'link', 'add', serverLink, 'type', 'veth', 'peer', 'name', clientLink, 'netns', clientSpace]);
    must(ip, ['-n', serverSpace, 'addr', 'add', `${SERVER}/24`, 'dev', serverLink]);
    must(ip, ['-n', clientSpace, 'addr', 'add', `${CLIENT}/24`, 'dev', clientLink]);
    // Frames as they are on a wire: none larger than the link takes.
    const ethtool = which('ethtool');
    for (const [space, link] of [
      [serverSpace, serverLink],
      [clientSpace, clientLink],
    ]) {
      must(ip, ['-n', space, 'link', 'set', 'dev', link, 'gso_max_segs', '1']);
      if (ethtool !== null) must(ip, ['netns', 'exec', space, ethtool, '-K', link, 'tso', 'off', 'gso', 'off', 'gro', 'off']);
      must(ip, ['-n', space, 'link', 'set', 'dev', link, 'up']);
    }
    const root = path.join(folder, 'files');
    mkdirSync(root, { mode: 0o755 });
    for (const size of BODIES) writeFileSync(path.join(root, `${size}.bin`), bodyOf(size), { mode: 0o644 });
    const conf = path.join(folder, 'nginx.conf');
    writeFileSync(conf, nginxConf(folder, root));
    const script = path.join(folder, 'requests.lua');
    writeFileSync(script, wrkScript());
    const server = inSpace(serverSpace, which('nginx'), ['-c', conf, '-e', path.join(folder, 'error.log')]);
    await listening(ip, serverSpace, server);
    const tool = which('dumpcap') ?? which('tcpdump');
    const recorder =
      path.basename(tool) === 'dumpcap'
        ? inSpace(serverSpace, tool, ['-q', '-i', serverLink, '-f', `tcp port ${PORT}`, '-c', String(packets), '-B', '256', '-w', file])
        : inSpace(serverSpace, tool, ['-n', '-i', serverLink, '-c', String(packets), '-B', '262144', '-w', file, `tcp port ${PORT}`]);
    const recorded = new Promise((resolve, reject) => {
      recorder.once('error', reject);
      recorder.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${path.basename(tool)}: ${recorder.said.trim()}`))));
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const client = inSpace(clientSpace, which('wrk'), ['-t', '1', '-c', '60', '-d', '280s', '-s', script, `http://${SERVER}:${PORT}/`]);
    const failed = new Promise((_, reject) => {
      client.once('error', reject);
      client.once('close', (code) => {
        if (code !== 0 && code !== null) reject(new Error(`wrk: ${client.said.trim()}`));
      });
    });
    failed.catch(() => {});
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('the capture took too long')), DEADLINE_MS);
    });
    try {
      await Promise.race([recorded, failed, late]);
    } finally {
      clearTimeout(timer);
    }
    return `real traffic: wrk and nginx over a veth pair between two network namespaces, captured with ${path.basename(tool)}`;
  } finally {
    for (const child of running.reverse()) await end(child);
    for (const space of [serverSpace, clientSpace]) {
      try {
        must(ip, ['netns', 'delete', space]);
      } catch {
        // Was never made.
      }
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function listening(ip, space, server) {
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) throw new Error(`nginx: ${server.said.trim()}`);
    const table = must(ip, ['netns', 'exec', space, 'cat', '/proc/net/tcp']);
    if (table.includes(`:${PORT.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx does not listen');
}

/** JSON-looking text of just that many bytes. */
export function bodyOf(size) {
  let text = '[';
  for (let n = 1; text.length < size; n++)
    text += `{"id":${n},"name":"item ${n * 7919}","price":${(n * 37) % 1000}.5,"inStock":${n % 3 !== 0}},`;
  return `${text.slice(0, size - 1)}]`;
}

function nginxConf(folder, root) {
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  default_type application/octet-stream;
  access_log off;
  client_body_temp_path ${folder}/a;
  proxy_temp_path ${folder}/b;
  fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d;
  scgi_temp_path ${folder}/e;
  keepalive_requests 400;
  server { listen ${SERVER}:${PORT}; root ${root}; }
}
`;
}

/** Every 40th request closes its connection, so that there are many connections; a few ask for what is not there. */
function wrkScript() {
  return `local sizes = { ${BODIES.join(', ')} }
local n = 0
request = function()
  n = n + 1
  local path = "/" .. sizes[n % #sizes + 1] .. ".bin?page=" .. n
  if n % 97 == 0 then path = "/missing/" .. n end
  local headers = {
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) bench", ["Accept"] = "application/json", ["Cookie"] = "session=" .. n * 7919 }
  if n % 40 == 0 then headers["Connection"] = "close" end
  return wrk.format("GET", path, headers)
end
`;
}
