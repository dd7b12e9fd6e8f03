/** `sevenfold http`: one row per HTTP request and its response, in the order of the capture. */
import { exchangeCount, exchangeRow } from '../engine/exchange-read.ts';
import type { ExchangeRow } from '../messages.ts';
import { jsonText } from '../words/printable.ts';
import { readCapture, UNREADABLE } from './load.ts';
import { Output } from './output.ts';

export async function runHttp(options: { file: string; json: boolean }): Promise<number> {
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const { capture } = result;
  const out = new Output();
  if (!options.json) out.write(`${HEAD}\n`);
  const total = exchangeCount(capture);
  for (let exchange = 0; exchange < total; exchange++) {
    const row = exchangeRow(capture, exchange);
    out.write(options.json ? `${jsonText(row)}\n` : `${lineOf(row)}\n`);
    await out.drain();
  }
  await out.flush();
  return result.status;
}

const HEAD = `${'stream'.padStart(6)} ${'#'.padStart(4)}  ${'status'.padEnd(6)} ${'method'.padEnd(8)} ${'wait ms'.padStart(10)} ${'total ms'.padStart(10)} ${'bytes'.padStart(9)}  ${'request'.padStart(8)} ${'response'.padStart(8)}  ${'type'.padEnd(24)} url`;

function lineOf(row: ExchangeRow): string {
  const ms = (value: number | null): string => (value === null ? '-' : value.toFixed(3)).padStart(10);
  const number = (value: number | null, width: number): string => (value === null ? '-' : String(value)).padStart(width);
  return [
    `${String(row.stream).padStart(6)} ${String(row.position).padStart(4)}  ${String(row.status ?? '-').padEnd(6)}`,
    plain(row.method ?? '-').padEnd(8),
    ms(row.waitMs),
    ms(row.timings.totalMs),
    number(row.responseBytes, 9),
    ` ${number(row.requestFrame, 8)} ${number(row.responseFrame, 8)} `,
    plain(row.contentType ?? '-').padEnd(24),
    plain(row.url ?? '-'),
  ].join(' ');
}

/** Text of a packet, with what a terminal would obey written out. */
function plain(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
