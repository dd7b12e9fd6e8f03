/** Finger (RFC 1288): one line asks, everything up to the end of the connection answers. */
import { expert, framenum, reltime, string } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { queryFramer, queryState } from './query-pairs.ts';
import { elapsed } from './udp.ts';

const f = {
  query: string('finger.query', 'Query'),
  response: string('finger.response', 'Response'),
  responseIn: framenum('finger.response_in', 'Response In', { generated: true }),
  responseTo: framenum('finger.response_to', 'Request In', { generated: true }),
  time: reltime('finger.response_time', 'Response Time', { generated: true, unit: ' seconds' }),
  noLineEnd: expert('finger.nocrlf', 'warn', 'Missing <CR><LF>', 'malformed'),
};
const pairs = queryState();

export const finger = app({
  name: 'finger',
  short: 'FINGER',
  title: 'finger',
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
      const ended = b.length >= 2 && b.u16(b.end - 2) === 0x0d0a;
      if (!ended) node.expert(f.noLineEnd);
      if (answered !== undefined) layer.add(f.responseIn, b.offset, 0, answered + 1);
      return 'Query';
    }
    layer.add(f.response, b.offset, b.length, b.text(b.offset, b.length));
    if (asked !== undefined) {
      layer.add(f.responseTo, b.offset, 0, asked + 1);
      layer.add(f.time, b.offset, 0, elapsed(d.capture.packets, asked, d.row));
    }
    return 'Response';
  },
});
