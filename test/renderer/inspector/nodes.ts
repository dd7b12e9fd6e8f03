import type { FieldNode, LayerNode } from '../../../src/messages.ts';

/** A field with everything optional left out. */
export function field(abbrev: string, offset: number, length: number, more: Partial<FieldNode> = {}): FieldNode {
  return {
    abbrev,
    label: abbrev,
    value: null,
    display: '',
    source: 0,
    offset,
    length,
    mask: null,
    generated: false,
    hidden: false,
    severity: null,
    link: null,
    children: [],
    ...more,
  };
}

/** A layer of the frame: header at `offset`, header and payload `length` bytes. */
export function layer(protocol: string, offset: number, headerLength: number, length: number, more: Partial<LayerNode> = {}): LayerNode {
  return {
    protocol,
    short: protocol.toUpperCase(),
    title: protocol,
    osi: protocol === 'frame' ? '1' : '3',
    pdu: 'Packet',
    hue: protocol === 'frame' ? 'raw' : 'net',
    summary: '',
    source: 0,
    offset,
    headerLength,
    length,
    status: 'whole',
    fields: [],
    ...more,
  };
}

/** Ethernet, IPv4, TCP and HTTP of a 504-byte frame. */
export function httpPacket(): LayerNode[] {
  return [
    layer('frame', 0, 0, 504),
    layer('eth', 0, 14, 504, { hue: 'link' }),
    layer('ip', 14, 20, 490, { hue: 'net' }),
    layer('tcp', 34, 32, 470, { hue: 'tra' }),
    layer('http', 66, 265, 438, { hue: 'app' }),
  ];
}
