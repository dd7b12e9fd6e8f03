/** Bodies of text, by lines. */

import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { Told } from '../dissect/told.ts';
import { xml } from './xml.ts';

export const BODY = { osi: '6', pdu: 'Body', hue: 'app' as const };

/** Lines and form items shown of one body. */
export const MAX_ITEMS = 10_000;

/** The media type of the body at hand. */
export const mediaType = new Told<string>('');

/** The layer of a body says of what type it is. */
export function sayType(layer: Layer): void {
  const type = mediaType.in(layer.d);
  if (type !== '') layer.summary = type;
}

function lines(d: Dissection, b: Buf): void {
  const layer = d.layer(dataTextLines, b);
  if (b.length >= 5 && b.text(b.offset, 5).toLowerCase() === '<?xml') {
    // As Wireshark does: whatever it is called, it says that it is XML.
    sayType(layer);
    layer.size(0);
    d.callLast(xml, b);
    return;
  }
  let at = b.offset;
  let count = 0;
  for (; at < b.end && count < MAX_ITEMS; count++) {
    let end = b.indexOf(0x0a, at) + 1;
    if (end === 0) end = b.end;
    layer.text(
      at,
      end - at,
      b
        .text(at, Math.min(end - at, 1000))
        .replaceAll('\r', '\\r')
        .replaceAll('\n', '\\n'),
    );
    at = end;
  }
  // The others are counted only: a few kilobytes may stand for millions.
  const { bytes, end } = b;
  for (let i = at; i < end; i++) if (bytes[i] === 0x0a) count++;
  if (at < end && bytes[end - 1] !== 0x0a) count++;
  const type = mediaType.in(d);
  layer.summary = `${type === '' ? '' : `${type} · `}${count} line${count === 1 ? '' : 's'}`;
}

export const dataTextLines: Protocol = defineProtocol({
  name: 'data-text-lines',
  short: 'data-text-lines',
  title: 'Line-based text data',
  ...BODY,
  fields: [],
  dissect: lines,
});
