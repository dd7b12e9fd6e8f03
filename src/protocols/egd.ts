/** Ethernet Global Data (GE Fanuc GFK-1541, appendix): production messages over UDP. */

import { data } from '../dissect/data.ts';
import { abstime, ipv4, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { callData } from './next.ts';

const HEADER = 32;
const MESSAGE = 13;

const f = {
  type: uint8('egd.type', 'Type'),
  version: uint8('egd.ver', 'Version'),
  request: uint16('egd.rid', 'RequestID'),
  producer: ipv4('egd.pid', 'ProducerID'),
  exchange: uint32('egd.exid', 'ExchangeID', { base: 'hex' }),
  time: abstime('egd.time', 'Timestamp'),
  status: uint32('egd.stat', 'Status', {
    names: names({
      0: 'No new status event has occurred',
      1: 'No error currently exists',
      2: 'No error, data consumed',
      3: 'SNTP error',
      4: 'Specification error',
      6: 'Data refresh error',
      7: 'Data refresh period exceeded',
      10: 'IP Layer not currently initialized',
      12: 'Lack of resource error',
      16: 'Name Resolution in progress',
      18: 'Loss of Ethernet Interface error',
      22: 'Ethernet Interface does not support EGD',
      26: 'No Response from Ethernet Interface',
      28: 'Failed to create an exchange.',
      30: 'Configured exchange deleted.',
    }),
  }),
  signature: uint32('egd.csig', 'ConfigSignature'),
  reserved: uint32('egd.rsrv', 'Reserved'),
};

export const egd = app({
  name: 'egd',
  short: 'EGD',
  title: 'Ethernet Global Data',
  fields: Object.values(f),
  accepts: (b, o, end) => end - o >= HEADER && b[o] === MESSAGE && b[o + 1] === 1,
  index(w) {
    if (w.end - w.offset > HEADER) w.follow(data, w.offset + HEADER);
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.type, o);
    layer.uint(f.version, o + 1);
    layer.uintLe(f.request, o + 2);
    layer.bytes(f.producer, o + 4, 4);
    const exchange = layer.uintLe(f.exchange, o + 8);
    if (layer.has(o + 12, 8)) layer.add(f.time, o + 12, 8, { sec: b.le32(o + 12), nsec: Math.min(b.le32(o + 16), 999_999_999) });
    layer.uintLe(f.status, o + 20);
    layer.uintLe(f.signature, o + 24);
    layer.uintLe(f.reserved, o + 28);
    layer.size(HEADER);
    const words = `Data Msg: ExchangeID=0x${exchange.toString(16).padStart(8, '0')}`;
    if (layer.ok) callData(d, b.from(o + HEADER));
    d.columns.info = words;
    return words;
  },
});
