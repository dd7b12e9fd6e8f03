/** WHOIS (RFC 3912): one line asks, everything up to the end of the connection answers. */
import { expert, framenum, reltime, string } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { queryFramer, queryState } from './query-pairs.ts';
import { lineAt, lineText } from './text-lines.ts';
import { elapsed } from './udp.ts';

const f = {
  query: string('whois.query', 'Query'),
  answer: string('whois.answer', 'Answer'),
  answerIn: framenum('whois.answer_in', 'Answer In', { generated: true }),
  answerTo: framenum('whois.answer_to', 'Query In', { generated: true }),
  time: reltime('whois.response_time', 'Response Time', { generated: true, unit: ' seconds' }),
  noLineEnd: expert('whois.nocrlf', 'warn', 'Missing <CR><LF>', 'malformed'),
  encoding: expert('whois.encoding', 'chat', 'WHOIS has no mechanism to indicate encoding (RFC 3912), assuming UTF-8', 'assumption'),
};
const pairs = queryState();
const MAX_LINES = 10_000;

export const whois = app({
  name: 'whois',
  short: 'WHOIS',
  title: 'whois',
  fields: Object.values(f),
  framer: queryFramer(pairs),
  read(layer, b, d) {
    const transport = d.transport;
    const table = d.capture.state(pairs);
    const stream = transport?.stream ?? -1;
    const asked = table.asked.get(stream);
    const answered = table.answered.get(stream);
    if (transport?.fromClient !== false) {
      const node = layer.add(f.query, b.offset, b.length, b.text(b.offset, b.length));
      if (b.length < 2 || b.u16(b.end - 2) !== 0x0d0a) node.expert(f.noLineEnd);
      if (answered !== undefined) layer.add(f.answerIn, b.offset, 0, answered + 1);
      return `Query: ${lineText(b, b.offset, lineAt(b, b.offset).stop)}`;
    }
    if (asked !== undefined) {
      layer.add(f.answerTo, b.offset, 0, asked + 1);
      layer.add(f.time, b.offset, 0, elapsed(d.capture.packets, asked, d.row));
    }
    for (let at = b.offset, count = 0; at < b.end && count < MAX_LINES; count++) {
      const { next } = lineAt(b, at);
      layer.add(f.answer, at, next - at, b.text(at, next - at));
      at = next;
    }
    layer.expert(f.encoding, b.offset, b.length);
    return 'Answer';
  },
});
