/**
 * What the benchmark starts: opens a capture with everything indexed, as the engine does, and prints how long that took as one JSON
 * object. `node bench-open.js FILE [PORT]`: with a port, also how long a display filter for it takes over the index.
 */

import { openCapture } from '../file/open.ts';
import { compileFilter } from '../filter/index.ts';
import { connectionCount } from '../flow/connections.ts';
import { Capture } from './capture.ts';
import { RowFilter } from './row-filter.ts';

const began = performance.now();
const [path = '', port] = process.argv.slice(2);
const opened = await openCapture(path);
if (!opened.ok) {
  process.stderr.write(`${opened.failure.message}\n`);
  process.exit(1);
}
const capture = new Capture(opened.reader);
let step = await capture.step();
while (step === 'more') step = await capture.step();
opened.reader.finish();
const openMs = performance.now() - began;
const result: Record<string, number> = {
  packets: capture.packets.length,
  connections: connectionCount(capture),
  bugs: capture.bugs,
  openMs,
  peakKiB: process.resourceUsage().maxRSS,
};
if (port !== undefined) {
  const filtering = performance.now();
  const compiled = compileFilter(`tcp.port == ${port}`);
  if (!compiled.ok) {
    process.stderr.write(`${compiled.error.message}\n`);
    process.exit(2);
  }
  const rows = new RowFilter(capture, compiled.filter);
  let matches = 0;
  for (let row = 0; row < capture.packets.length; row++) if (rows.columns(row) === true) matches++;
  result.filterMs = performance.now() - filtering;
  result.matches = matches;
}
await opened.reader.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
