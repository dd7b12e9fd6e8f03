// IEEE 802.2; SNAP as in RFC 1042.
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, type FieldDef, names, uint8, uint16, uint24 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';

const SAP_SNAP = 0xaa;
const OUI_ETHERNET = 0x000000;
/** RFC 1042's other OUI for encapsulated EtherTypes, and Apple's for AppleTalk, which also uses EtherTypes. */
const OUI_BRIDGE_TUNNEL = 0x0000f8;
const OUI_APPLE = 0x080007;

const saps = names({
  0: 'NULL LSAP',
  1: 'NULL LSAP',
  2: 'LLC Sub-Layer Management',
  4: 'SNA Path Control',
  6: 'TCP/IP',
  8: 'SNA',
  12: 'SNA',
  14: 'PROWAY (IEC955) Network Management and Initialization',
  16: 'NetWare (unofficial?)',
  20: 'ISO Network Layer (OSLAN 1)',
  24: 'Texas Instruments',
  32: 'ISO Network Layer (unofficial?)',
  52: 'ISO Network Layer (unofficial?)',
  66: 'Spanning Tree BPDU',
  78: 'EIA RS-511 Manufacturing Message Service',
  84: 'ISO Network Layer (OSLAN 2)',
  126: 'ISO 8208 (X.25 over 802.2)',
  127: 'ISO 802.2',
  128: 'XNS',
  130: 'BACnet',
  134: 'Nestar',
  142: 'PROWAY (IEC955) Active Station List Maintenance',
  152: 'ARP',
  170: 'SNAP',
  180: 'HP JetDirect Printer',
  186: 'Banyan Vines',
  188: 'Banyan Vines',
  224: 'NetWare',
  240: 'NetBIOS',
  244: 'IBM Net Management',
  248: 'HP Extended LLC',
  250: 'Ungermann-Bass',
  252: 'Remote Program Load',
  254: 'ISO Network Layer',
  255: 'Global LSAP',
});

const ouis = names({
  0: 'Encapsulated Ethernet',
  12: 'Cisco Systems, Inc',
  248: 'Frame Relay or ATM bridged frames',
  32962: 'IEEE 802.1 Committee',
  57387: 'Extreme Networks',
  524295: 'Apple',
});

const modifiers = names({
  0: 'Unnumbered Information',
  1: 'Set Initialization Mode',
  3: 'Set Asynchronous Response Mode',
  8: 'Unnumbered Poll',
  11: 'Set Asynchronous Balanced Mode',
  12: 'Disconnected mode / Disconnect',
  16: 'Disconnect',
  19: 'Set Asynchronous Response Mode Extended',
  24: 'Unnumbered Acknowledge',
  27: 'Set Asynchronous Balanced Mode Extended',
  32: 'Set Normal Response Mode',
  33: 'Frame reject',
  35: 'Reset',
  43: 'Exchange identification',
  49: 'Configure',
  51: 'Set Normal Response Mode Extended',
  56: 'Test',
  59: 'Beacon',
});

const f = {
  dsap: uint8('llc.dsap', 'DSAP', { base: 'hex', names: saps }),
  dsapSap: uint8('llc.dsap.sap', 'SAP', { mask: 0xfe, base: 'none', names: (value) => saps.get(2 * value) }),
  dsapIg: bool('llc.dsap.ig', 'IG Bit', { mask: 0x01, bool: ['Group', 'Individual'] }),
  ssap: uint8('llc.ssap', 'SSAP', { base: 'hex', names: saps }),
  ssapSap: uint8('llc.ssap.sap', 'SAP', { mask: 0xfe, base: 'none', names: (value) => saps.get(2 * value) }),
  ssapCr: bool('llc.ssap.cr', 'CR Bit', { mask: 0x01, bool: ['Response', 'Command'] }),
  control: uint16('llc.control', 'Control field', { base: 'hex' }),
  modifier: uint8('llc.control.u_modifier_cmd', 'Command', { base: 'hex', mask: 0xec, names: modifiers }),
  frameType: uint8('llc.control.ftype', 'Frame type', {
    base: 'hex',
    mask: 0x03,
    names: names({ 0: 'Information frame', 1: 'Supervisory frame', 3: 'Unnumbered frame' }),
  }),
  oui: uint24('llc.oui', 'Organization Code', { base: 'oui', names: ouis }),
  type: uint16('llc.type', 'Type', { base: 'hex', names: etherTypes }),
  pid: uint16('llc.pid', 'Protocol ID', { base: 'hex' }),
  ciscoPid: uint16('llc.cisco_pid', 'PID', {
    names: names({
      258: 'DRIP',
      260: 'PAgP',
      261: 'MLS Hello',
      264: 'RLQ BPDUs (request)',
      265: 'RLQ BPDUs (response)',
      267: 'PVSTP+',
      268: 'VLAN Bridge',
      273: 'UDLD',
      313: 'MCP',
      8192: 'CDP',
      8193: 'CGMP',
      8195: 'VTP',
      8196: 'DTP',
      8202: 'STP Uplink Fast',
    }),
    base: 'hex',
  }),
  nortelPid: uint16('llc.nortel_pid', 'PID', {
    names: names({
      417: 'NDP flatnet hello',
      418: 'NDP segment hello',
      419: 'NDP bridge hello',
    }),
    base: 'hex',
  }),
  extremePid: uint16('llc.extreme_pid', 'PID', {
    names: names({
      187: 'EDP',
    }),
    base: 'hex',
  }),
};

export const llc = defineProtocol({
  name: 'llc',
  short: 'LLC',
  title: 'Logical-Link Control',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),

  index(w) {
    if (!w.has(3)) return;
    const { bytes: b, offset: o } = w;
    const dsap = b[o] as number;
    const control = b[o + 2] as number;
    const header = controlBytes(control);
    if (!w.has(2 + header)) return;
    const at = o + 2 + header;
    if (dsap === SAP_SNAP && b[o + 1] === SAP_SNAP) {
      if (!w.has(2 + header + 5)) return;
      const oui = ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
      const pid = ((b[at + 3] as number) << 8) | (b[at + 4] as number);
      return followOrData(w, snapProtocol(oui, pid), at + 5);
    }
    followOrData(w, isInformation(control) ? tables.llcDsap.lookup(dsap) : undefined, at);
  },

  dissect,
});

/** Bytes of the control field: one for unnumbered frames, two for information and supervisory frames. */
/** Short words of the commands that are met in a control field of one octet. */
const FUNCTIONS = names({ 0: 'UI', 12: 'DM', 16: 'DISC', 24: 'UA', 27: 'SABME', 33: 'FRMR', 43: 'XID', 56: 'TEST' });

function controlText(control: number, header: number): string {
  const digits = `0x${control.toString(16).padStart(2 * header, '0')}`;
  return header === 1 ? `U, func=${FUNCTIONS.get((control & 0xec) >> 2) ?? 'Unknown'} (${digits})` : digits;
}

function controlBytes(control: number): number {
  return (control & 3) === 3 ? 1 : 2;
}

/** Frames whose payload is a packet: information frames and unnumbered information. */
function isInformation(control: number): boolean {
  return (control & 1) === 0 || (control & 0xef) === 0x03;
}

function snapProtocol(oui: number, pid: number) {
  if (oui === OUI_ETHERNET || oui === OUI_BRIDGE_TUNNEL || oui === OUI_APPLE) return tables.ethertype.lookup(pid);
  return tables.snap.lookup(oui * 65536 + pid);
}

/** Each organization has protocol numbers of its own, under a name of their own. */
function pidField(oui: number): FieldDef {
  if (oui === 0x00000c) return f.ciscoPid;
  if (oui === 0x000081) return f.nortelPid;
  return oui === 0x00e02b ? f.extremePid : f.pid;
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(llc, b);
  d.column(llc);
  const dsapNode = layer.uintNode(f.dsap, o);
  dsapNode.uint(f.dsapSap, o);
  dsapNode.uint(f.dsapIg, o, 1);
  const ssapNode = layer.uintNode(f.ssap, o + 1);
  ssapNode.uint(f.ssapSap, o + 1);
  ssapNode.uint(f.ssapCr, o + 1, 1);
  const dsap = b.u8(o);
  const ssap = b.u8(o + 1);
  const header = controlBytes(b.u8(o + 2));
  if (!layer.has(o + 2, header)) return;
  const control = header === 1 ? b.u8(o + 2) : b.le16(o + 2);
  const controlNode = layer.add(f.control, o + 2, header, control, {
    display: controlText(control, header),
  });
  if (header === 1) controlNode.add(f.modifier, o + 2, 1, (control & 0xec) >> 2);
  controlNode.add(f.frameType, o + 2, header, (control & 1) === 0 ? 0 : control & 3);
  const at = o + 2 + header;
  const sapName = saps.get(dsap & 0xfe) ?? `0x${dsap.toString(16)}`;
  if (dsap === SAP_SNAP && ssap === SAP_SNAP) {
    const oui = layer.uint(f.oui, at, 3);
    const byType = oui === OUI_ETHERNET || oui === OUI_BRIDGE_TUNNEL || oui === OUI_APPLE;
    const pid = layer.uint(byType ? f.type : pidField(oui), at + 3);
    layer.size(2 + header + 5);
    if (!layer.ok) return;
    layer.summary = `SNAP · ${byType ? (etherTypes.get(pid) ?? `0x${pid.toString(16)}`) : `${ouis.get(oui) ?? `OUI 0x${oui.toString(16)}`} 0x${pid.toString(16)}`}`;
    d.column(llc, layer.node.summary);
    callOrData(d, snapProtocol(oui, pid), b.from(at + 5));
    return;
  }
  layer.size(2 + header);
  layer.summary = `DSAP ${sapName} · ${header === 1 ? (modifiers.get((control & 0xec) >> 2) ?? 'Unnumbered') : 'Information'}`;
  d.column(llc, `U, func=${modifiers.get((control & 0xec) >> 2) ?? 'Unknown'}; DSAP ${sapName}`);
  callOrData(d, isInformation(control) ? tables.llcDsap.lookup(dsap) : undefined, b.from(at));
}
