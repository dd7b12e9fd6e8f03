/** What the panel of "decode as" begins with where a packet or a layer was pointed at. Pure. */
import type { LayerNode } from '../../src/messages.ts';

/** A field that packets are taken for a protocol by, and its value as text. */
export interface DecodeWish {
  readonly table: string;
  readonly value: string;
}

/** The port that stands for the service: the lower one. */
export function servicePort(a: string, b: string): string {
  return Number(a) <= Number(b) ? a : b;
}

/** What a layer is chosen by, for those of which the user can say what they carry; null for others. */
export function choiceOf(layer: LayerNode): DecodeWish | null {
  const value = (abbrev: string): string => {
    const found = layer.fields.find((field) => field.abbrev === abbrev)?.value;
    return typeof found === 'number' ? String(found) : '';
  };
  if (layer.protocol !== 'tcp' && layer.protocol !== 'udp') return null;
  const [from, to] = [value(`${layer.protocol}.srcport`), value(`${layer.protocol}.dstport`)];
  return from === '' || to === '' ? null : { table: `${layer.protocol}.port`, value: servicePort(from, to) };
}
