/** Configuration Testing Protocol (Ethernet 2.0, section 8): a frame that visits the stations named in it and comes back. */
import { formatEther } from '../bytes/format.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { ether, names, uint16 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callData, followData } from './next.ts';

const REPLY = 1;
const FORWARD = 2;
/** Stations that one frame may visit; the protocol itself knows no bound. */
const MAX_STATIONS = 200;

const functions = names({ 1: 'Reply', 2: 'Forward Data' });
const f = {
  skip: uint16('loop.skipcount', 'skipCount'),
  relevant: uint16('loop.relevant_function', 'Relevant function', { names: functions, generated: true }),
  function: uint16('loop.function', 'Function', { names: functions }),
  receipt: uint16('loop.receipt_number', 'Receipt number'),
  forward: ether('loop.forwarding_address', 'Forwarding address'),
};

export const loopback: Protocol = defineProtocol({
  name: 'loop',
  short: 'LOOP',
  title: 'Configuration Test Protocol (loopback)',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  index(w) {
    const { bytes: b } = w;
    let at = w.offset + 2;
    for (let n = 0; n < MAX_STATIONS; n++) {
      if (!w.has(at + 2 - w.offset)) return;
      const kind = (b[at] as number) | ((b[at + 1] as number) << 8);
      if (kind === REPLY) {
        if (w.has(at + 4 - w.offset)) followData(w, at + 4);
        return;
      }
      if (kind !== FORWARD) return followData(w, at + 2);
      at += 8;
    }
  },
  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(loopback, b);
    d.column(loopback);
    const skip = layer.uintLe(f.skip, b.offset);
    const relevant = b.offset + 2 + skip;
    if (relevant + 2 <= b.end) layer.uintLe(f.relevant, relevant);
    let at = b.offset + 2;
    for (let n = 0; n < MAX_STATIONS; n++) {
      const here = at === relevant;
      const kind = layer.uintLe(f.function, at);
      if (!layer.has(at, 2)) return;
      at += 2;
      let words = functions.get(kind) ?? `Unknown function (${kind})`;
      if (kind === REPLY) {
        layer.uintLe(f.receipt, at);
        at += 2;
      } else if (kind === FORWARD) {
        words = `Forward to ${formatEther(layer.bytes(f.forward, at))}`;
        at += 6;
      }
      if (here) {
        layer.summary = words;
        d.column(loopback, words);
      }
      if (!layer.ok) return;
      if (kind === FORWARD) continue;
      layer.size(at - b.offset);
      callData(d, b.from(at));
      return;
    }
  },
});
