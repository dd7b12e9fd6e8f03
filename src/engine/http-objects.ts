/** The bodies of HTTP exchanges as files: safe names in a folder for each host, and a list of what they are. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { stillCoded } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { NONE } from '../table/packet-table.ts';
import { bodyName, safePart, UniqueNames } from '../words/body-names.ts';
import { entryOf } from '../words/entry-of.ts';
import { spreadsheetText } from '../words/spreadsheet.ts';
import { readExchange, urlOf } from './exchange-read.ts';
import { placeOf, secondsOf } from './http-facts.ts';

/** One body. */
export interface HttpObject {
  /** Path in the folder: 'shop.example/cart.json'; '/' between its parts whatever the system. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of the packet that makes its message whole: epoch seconds. */
  readonly seconds: number;
}

/** The name of the list of all bodies. */
export const LIST = 'objects.tsv';
const LIST_HEAD = 'file\tmessage\turl\tmethod\tstatus\ttype\tbytes\tpacket\tnote\n';

/** Endings of bodies whose content coding could not be undone. */
const CODED: Readonly<Record<string, string>> = { gzip: '.gz', 'x-gzip': '.gz', br: '.br', zstd: '.zst' };

/** A cell of the list: without what would end it, and nothing that a spreadsheet would run. */
function cell(text: string | number): string {
  return typeof text === 'number' ? String(text) : spreadsheetText(text.replace(/[\x00-\x1f\x7f]/g, ' '));
}

/** Makes objects of exchanges, one after the other: names and list are of all that it was asked for. */
export class HttpObjects {
  /** Bodies so far. */
  count = 0;
  readonly #capture: CaptureIndex;
  readonly #names = new UniqueNames();
  readonly #list = [LIST_HEAD];

  constructor(capture: CaptureIndex) {
    this.#capture = capture;
    this.#names.take(LIST);
  }

  /** The bodies of an exchange, at most two: what was sent, and what was answered. It must exist. */
  of(exchange: number): HttpObject[] {
    const { request, response, responseRow, status, partial } = readExchange(this.#capture, exchange);
    const url = request === null ? '' : urlOf(request);
    const place = placeOf(url);
    const named = safePart(place?.host ?? request?.host ?? '') || 'no-host';
    const host = named.toLowerCase() === LIST ? `_${named}` : named;
    const path = place?.pathname ?? url;
    const requestRow = this.#capture.state(httpPairs).requestRow[exchange] as number;
    const found: HttpObject[] = [];
    for (const [message, row, side] of [
      [request, requestRow, 'request'],
      [response, responseRow, 'response'],
    ] as const) {
      if (message === null || message.decodedBytes === 0 || row === NONE) continue;
      const name = bodyName(path, message.contentType, `body-${exchange + 1}`);
      const own = side === 'response' ? name : name.replace(/(\.[A-Za-z\d]{1,8})?$/, '.request$1');
      const coded = stillCoded(message) ? (entryOf(CODED, message.contentEncoding) ?? '.coded') : '';
      const file = this.#names.take(`${host}/${own}${coded}`);
      const notes = [
        ...(stillCoded(message) ? [`still coded: ${message.contentEncoding}`] : []),
        ...(message.flaw === 'short' ? [`ends before its end: ${message.contentEncoding}`] : []),
        ...(message.flaw === 'broken' ? [`damaged behind this: ${message.contentEncoding}`] : []),
        ...(message.flaw === 'checksum' ? [`another checksum or length: ${message.contentEncoding}`] : []),
        ...(partial && side === 'response' ? ['not whole in the capture'] : []),
      ];
      const note = notes.join(', ');
      const cells = [file, side, url, request?.method ?? '', status || '', message.contentType, message.decodedBytes, row + 1, note];
      this.#list.push(`${cells.map(cell).join('\t')}\n`);
      this.count++;
      found.push({ path: file, bytes: message.body, seconds: secondsOf(this.#capture, row) });
    }
    return found;
  }

  /** The list of all bodies so far, as tab-separated text. */
  list(): string {
    return this.#list.join('');
  }
}
