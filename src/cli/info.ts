/** `sevenfold info`: what a capture file is, without dissecting it. */

import { epochText } from '../engine/capture.ts';
import { linkTypeName } from '../file/link-types.ts';
import { openCapture } from '../file/open.ts';
import type { PacketSink, ReaderInterface } from '../file/types.ts';
import { jsonText, printable } from '../words/printable.ts';
import { complain, DONE, UNREADABLE } from './load.ts';

export async function runInfo(options: { file: string; json: boolean }): Promise<number> {
  const opened = await openCapture(options.file);
  if (!opened.ok) {
    complain(opened.failure);
    return UNREADABLE;
  }
  const { reader } = opened;
  const totals = new Totals();
  for (;;) {
    const step = await reader.step(totals);
    if (step !== 'more') break;
  }
  reader.finish();
  const { damage } = reader;
  const linkTypes = [...new Set(reader.interfaces.map((each) => linkTypeName(each.linkType)))];
  const facts = {
    format: reader.format,
    compression: reader.compression,
    packets: totals.packets,
    bytes: totals.bytes,
    linkTypes,
    start: totals.packets === 0 ? null : epochText(totals.firstSec, totals.firstNsec),
    end: totals.packets === 0 ? null : epochText(totals.lastSec, totals.lastNsec),
    interfaces: reader.interfaces.map((each) => ({
      name: each.name,
      description: each.description,
      linkType: linkTypeName(each.linkType),
      timePrecision: each.timePrecision,
      snapLength: each.snapLength,
      captureFilter: each.captureFilter,
      hardware: each.hardware ?? null,
      os: each.os ?? null,
      received: each.received ?? null,
      dropped: each.dropped,
    })),
    damage: damage === null ? null : { packet: damage.packet, offset: damage.offset, message: damage.message },
  };
  if (options.json) process.stdout.write(`${jsonText(facts)}\n`);
  else {
    const lines: [string, string][] = [
      ['File', options.file],
      ['Format', facts.format],
      ['Compression', facts.compression],
      ['Link types', linkTypes.join(', ') || 'none'],
      ['Packets', facts.packets.toLocaleString('en')],
      ['Bytes', facts.bytes.toLocaleString('en')],
      ['First packet', facts.start === null ? 'none' : `${utc(totals.firstSec)} (${facts.start})`],
      ['Last packet', facts.end === null ? 'none' : `${utc(totals.lastSec)} (${facts.end})`],
      ['Damage', damage === null ? 'none' : damage.message],
    ];
    for (const each of reader.interfaces.slice(0, MOST_INTERFACES)) lines.push(['Interface', interfaceText(each)]);
    if (reader.interfaces.length > MOST_INTERFACES) lines.push(['Interfaces', `${reader.interfaces.length} in all`]);
    for (const comment of reader.comments) lines.push(['Comment', comment]);
    for (const [name, value] of lines) process.stdout.write(`${`${name}:`.padEnd(14)}${printable(value)}\n`);
  }
  await reader.close();
  if (damage === null) return DONE;
  complain(`${options.file}: ${damage.message}`);
  return UNREADABLE;
}

/** Interfaces of which each gets a line; a file may describe thousands. */
const MOST_INTERFACES = 32;

/** 'lo (Loopback), Ethernet, times in nanoseconds, filter "tcp", none dropped'. */
function interfaceText(each: ReaderInterface): string {
  const units: Readonly<Record<number, string>> = { 3: 'milliseconds', 6: 'microseconds', 9: 'nanoseconds' };
  const parts = [
    `${each.name ?? 'without a name'}${each.description === null ? '' : ` (${each.description})`}`,
    linkTypeName(each.linkType),
    `times in ${units[each.timePrecision] ?? `units of 10^-${each.timePrecision} s`}`,
  ];
  if (each.captureFilter !== null) parts.push(`filter "${each.captureFilter}"`);
  if (each.os) parts.push(each.os);
  parts.push(each.dropped === null ? 'drops not recorded' : `${each.dropped.toLocaleString('en')} dropped`);
  return parts.join(', ');
}

class Totals implements PacketSink {
  packets = 0;
  /** Sum of original lengths. */
  bytes = 0;
  firstSec = 0;
  firstNsec = 0;
  lastSec = 0;
  lastNsec = 0;

  packet(_bytes: Uint8Array, _offset: number, _capLen: number, wireLen: number, sec: number, nsec: number): void {
    // Earliest and latest, as capinfos has them: records need not be in order of time.
    if (this.packets === 0 || sec < this.firstSec || (sec === this.firstSec && nsec < this.firstNsec)) {
      this.firstSec = sec;
      this.firstNsec = nsec;
    }
    if (this.packets === 0 || sec > this.lastSec || (sec === this.lastSec && nsec > this.lastNsec)) {
      this.lastSec = sec;
      this.lastNsec = nsec;
    }
    this.packets++;
    this.bytes += wireLen;
  }
}

function utc(sec: number): string {
  const date = new Date(sec * 1000);
  return Number.isNaN(date.getTime()) ? 'out of range' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
