/** Wake on LAN (AMD's "magic packet"): six octets of ones, then an address sixteen times, then a password, perhaps. */
import { formatEther, formatIpv4 } from '../bytes/format.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, ether } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callData, followData } from './next.ts';

const ADDRESS = 6;
const REPEATS = 16;
const WITHOUT_PASSWORD = ADDRESS + REPEATS * ADDRESS;

const f = {
  sync: bytes('wol.sync', 'Sync stream'),
  mac: ether('wol.mac', 'MAC'),
  password: bytes('wol.passwd', 'Password'),
};

function isMagic(b: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < WITHOUT_PASSWORD) return false;
  for (let i = 0; i < ADDRESS; i++) if (b[offset + i] !== 0xff) return false;
  for (let i = 2 * ADDRESS; i < WITHOUT_PASSWORD; i++) if (b[offset + i] !== b[offset + i - ADDRESS]) return false;
  return true;
}

export const wol: Protocol = defineProtocol({
  name: 'wol',
  short: 'WOL',
  title: 'Wake On LAN',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(f),
  accepts: (b, offset, end) => isMagic(b, offset, end),
  index(w) {
    if (isMagic(w.bytes, w.offset, w.end)) return;
    w.reject(wol);
    followData(w, w.offset);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    if (!isMagic(b.bytes, o, b.end)) {
      d.reject(wol);
      callData(d, b);
      return;
    }
    const layer = d.layer(wol, b);
    d.column(wol);
    layer.bytes(f.sync, o, ADDRESS);
    const address = b.slice(o + ADDRESS, ADDRESS);
    const node = layer.add(f.mac, o + ADDRESS, REPEATS * ADDRESS, address);
    for (let i = 0; i < REPEATS; i++) node.bytes(f.mac, o + ADDRESS + i * ADDRESS, ADDRESS);
    const rest = b.end - o - WITHOUT_PASSWORD;
    let words = `MagicPacket for ${formatEther(address)}`;
    if (rest === 4 || rest === 6) {
      const value = b.slice(o + WITHOUT_PASSWORD, rest);
      const password = rest === 4 ? formatIpv4(value) : formatEther(value);
      layer.bytes(f.password, o + WITHOUT_PASSWORD, rest, { display: password });
      words += `, password ${password}`;
    }
    layer.size(WITHOUT_PASSWORD + (rest === 4 || rest === 6 ? rest : 0));
    layer.summary = words;
    d.column(wol, words);
  },
});
