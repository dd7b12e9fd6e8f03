/** NNTP (RFC 3977): command and response lines, articles among them. */
import { bool } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import { app } from './app-kit.ts';
import { hasLineEnd, lineAt, lineText } from './text-lines.ts';
import { looksLikeTls } from './tls.ts';

const f = {
  response: bool('nntp.response', 'Response', { bool: ['True', 'False'] }),
  request: bool('nntp.request', 'Request', { bool: ['True', 'False'] }),
};
const MAX_LINES = 10_000;

/** Segments, those joined that have no line end. */
const lineSegments: Framer = {
  feed: (_, bytes, offset, end) => (hasLineEnd(bytes, offset, end) ? end : NEED_MORE),
};

export const nntp = app({
  name: 'nntp',
  short: 'NNTP',
  title: 'Network News Transfer Protocol',
  fields: Object.values(f),
  framer: lineSegments,
  /** After STARTTLS the connection is TLS (RFC 4642). */
  accepts: (bytes, offset, end) => !looksLikeTls(bytes, offset, end),
  read(layer, b, d) {
    const request = d.transport?.fromClient !== false;
    layer.add(request ? f.request : f.response, b.offset, 0, true, { hidden: true });
    for (let at = b.offset, count = 0; at < b.end && count < MAX_LINES; count++) {
      const { stop, next } = lineAt(b, at);
      layer.text(at, next - at, lineText(b, at, stop));
      at = next;
    }
    return `${request ? 'Request' : 'Response'}: ${lineText(b, b.offset, lineAt(b, b.offset).stop)}`;
  },
});
