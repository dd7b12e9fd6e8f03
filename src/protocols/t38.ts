/** Facsimile over UDP (ITU-T T.38, UDPTL): number and kind of the packet. What of a page it carries is shown as bytes. */
import { framenum, nameOf, names, string, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { setupOf } from './media-setups.ts';

const f = {
  setup: string('t38.setup', 'Stream setup', { generated: true }),
  setupFrame: framenum('t38.setup-frame', 'Stream frame', { generated: true }),
  setupMethod: string('t38.setup-method', 'Stream Method', { generated: true }),
  sequence: uint32('t38.seq_number', 'seq-number'),
  kind: uint32('t38.type_of_msg', 'type-of-msg', { names: names({ 0: 't30-indicator', 1: 't30-data' }) }),
  indicator: uint32('t38.t30_indicator', 't30-indicator', {
    names: names({
      0: 'no-signal',
      1: 'cng',
      2: 'ced',
      3: 'v21-preamble',
      4: 'v27-2400-training',
      5: 'v27-4800-training',
      6: 'v29-7200-training',
      7: 'v29-9600-training',
      8: 'v17-7200-short-training',
      9: 'v17-7200-long-training',
      10: 'v17-9600-short-training',
      11: 'v17-9600-long-training',
      12: 'v17-12000-short-training',
      13: 'v17-12000-long-training',
      14: 'v17-14400-short-training',
      15: 'v17-14400-long-training',
      16: 'v8-ansam',
      17: 'v8-signal',
      18: 'v34-cntl-channel-1200',
      19: 'v34-pri-channel',
      20: 'v34-CC-retrain',
      21: 'v33-12000-training',
      22: 'v33-14400-training',
    }),
  }),
};

export const t38 = app({
  name: 't38',
  short: 'T.38',
  title: 'ITU-T Recommendation T.38',
  pdu: 'Packet',
  fields: Object.values(f),
  read(layer, b, d) {
    const o = b.offset;
    const setup = setupOf(d);
    if (setup !== undefined) {
      const node = layer.add(f.setup, o, 0, '', { display: `Stream setup by ${setup.method} (frame ${setup.row + 1})` });
      node.add(f.setupFrame, o, 0, setup.row + 1);
      node.add(f.setupMethod, o, 0, setup.method);
    }
    const sequence = layer.uint(f.sequence, o, 2);
    // The packet of the fax protocol stands behind its length (X.691): has it data, which kind, and its value of four bits.
    const length = b.u8(o + 2);
    if (!layer.has(o + 2, 2)) return `Seq=${sequence}`;
    const first = b.u8(o + 3);
    const kind = (first >> 6) & 1;
    layer.add(f.kind, o + 3, 1, kind);
    if (kind === 0 && (first & 0x20) === 0) layer.add(f.indicator, o + 3, 1, (first >> 1) & 0xf);
    const rest = Math.min(length, b.end - o - 3);
    if (rest > 0) layer.text(o + 3, rest, 'Primary packet', `${rest} bytes`);
    return `${nameOf(f.kind, kind)}, Seq=${sequence}`;
  },
});
