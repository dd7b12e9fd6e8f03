/** Signalling Connection Control Part (ITU-T Q.713): kinds of messages, addresses without global titles, and the user data. */

import { data } from '../dissect/data.ts';
import type { Layer } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, names, uint8, uint16, uint24 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app } from './app-kit.ts';

const HEX = { base: 'hex' } as const;
const SUBSYSTEMS = names({
  0: 'SSN not known/not used',
  1: 'SCCP management',
  2: 'Reserved for ITU-T allocation',
  3: 'ISDN User Part',
  4: 'OMAP (Operation, Maintenance, and Administration Part)',
  5: 'MAP (Mobile Application Part)',
  6: 'HLR (Home Location Register)',
  7: 'VLR (Visitor Location Register)',
  8: 'MSC (Mobile Switching Center)',
  9: 'EIC/EIR (Equipment Identifier Center/Equipment Identification Register)',
  10: 'AUC/AC (Authentication Center)',
  11: 'ISDN supplementary services (ITU only)',
  12: 'Reserved for international use (ITU only)',
  13: 'Broadband ISDN edge-to-edge applications (ITU only)',
  14: 'TC test responder (ITU only)',
  142: 'RANAP',
  143: 'RNSAP',
  145: 'GMLC(MAP)',
  146: 'CAP',
  147: 'gsmSCF (MAP) or IM-SSF (MAP) or Presence Network Agent',
  148: 'SIWF (MAP)',
  149: 'SGSN (MAP)',
  150: 'GGSN (MAP)',
  248: 'CSS (MAP)',
  249: 'PCAP',
  250: 'BSC (BSSAP-LE)',
  251: 'MSC (BSSAP-LE)',
  252: 'IOS or SMLC (BSSAP-LE)',
  253: 'BSS O&M (A interface)',
  254: 'BSSAP/BSAP',
});
const TITLES = names({
  0: 'No Global Title',
  1: 'Nature of Address Indicator only',
  2: 'Translation Type only',
  3: 'Translation Type, Numbering Plan, and Encoding Scheme included',
  4: 'Translation Type, Numbering Plan, Encoding Scheme, and Nature of Address Indicator included',
});
const address = (who: 'called' | 'calling') => ({
  reserved: uint8(`sccp.${who}.reserved`, 'Reserved for national use', { ...HEX, mask: 0x80 }),
  routing: uint8(`sccp.${who}.ri`, 'Routing Indicator', { ...HEX, mask: 0x40, names: names({ 0: 'Route on GT', 1: 'Route on SSN' }) }),
  title: uint8(`sccp.${who}.gti`, 'Global Title Indicator', { ...HEX, mask: 0x3c, names: TITLES }),
  hasSubsystem: uint8(`sccp.${who}.ssni`, 'SubSystem Number Indicator', {
    ...HEX,
    mask: 0x02,
    names: names({ 0: 'SSN not present', 1: 'SSN present' }),
  }),
  hasPoint: uint8(`sccp.${who}.pci`, 'Point Code Indicator', {
    ...HEX,
    mask: 0x01,
    names: names({ 0: 'Point Code not present', 1: 'Point Code present' }),
  }),
  point: uint16(`sccp.${who}.pc`, 'PC', { mask: 0x3fff }),
  subsystem: uint8(`sccp.${who}.ssn`, 'SubSystem Number', { names: SUBSYSTEMS }),
});
const called = address('called');
const calling = address('calling');
type AddressFields = typeof called;

const f = {
  type: uint8('sccp.message_type', 'Message Type', {
    base: 'hex',
    names: names({
      1: 'Connection Request',
      2: 'Connection Confirm',
      3: 'Connection Refused',
      4: 'Released',
      5: 'Release Complete',
      6: 'Data Form 1',
      7: 'Data Form 2',
      8: 'Data Acknowledgement',
      9: 'Unitdata',
      10: 'Unitdata Service',
      11: 'Expedited Data',
      12: 'Expedited Data Acknowledgement',
      13: 'Reset Request',
      14: 'Reset Confirmation',
      15: 'Error',
      16: 'Inactivity Timer',
      17: 'Extended Unitdata',
      18: 'Extended Unitdata Service',
      19: 'Long Unitdata',
      20: 'Long Unitdata Service',
    }),
  }),
  destination: uint24('sccp.dlr', 'Destination Local Reference', HEX),
  source: uint24('sccp.slr', 'Source Local Reference', HEX),
  class: uint8('sccp.class', 'Class', { base: 'hex', mask: 0x0f }),
  handling: uint8('sccp.handling', 'Message handling', {
    base: 'hex',
    mask: 0xf0,
    names: names({ 0: 'No special options', 8: 'Return message on error' }),
  }),
  hops: uint8('sccp.hops', 'Hop Counter', HEX),
  cause: uint8('sccp.return_cause', 'Return Cause', {
    base: 'hex',
    names: names({
      0: 'No translation for an address of such nature',
      1: 'No translation for this specific address',
      2: 'Subsystem congestion',
      3: 'Subsystem failure',
      4: 'Unequipped failure',
      5: 'MTP failure',
      6: 'Network congestion',
      7: 'Unqualified',
      8: 'Error in message transport',
      9: 'Error in local processing',
      10: 'Destination cannot perform reassembly',
      11: 'SCCP failure',
      12: 'Hop counter violation',
      13: 'Segmentation not supported',
      14: 'Segmentation failure',
      247: 'Message change failure (ANSI only)',
      248: 'Invalid INS routing request (ANSI only)',
      249: 'Invalid ISNI routing request (ANSI only)',
      250: 'Unauthorized message (ANSI only)',
      251: 'Message incompatibility (ANSI only)',
      252: 'Cannot perform ISNI constrained routing (ANSI only)',
      253: 'Redundant ISNI constrained routing (ANSI only)',
      254: 'Unable to perform ISNI identification (ANSI only)',
    }),
  }),
  pointer1: uint16('sccp.variable_pointer1', 'Pointer to first Mandatory Variable parameter'),
  pointer2: uint16('sccp.variable_pointer2', 'Pointer to second Mandatory Variable parameter'),
  pointer3: uint16('sccp.variable_pointer3', 'Pointer to third Mandatory Variable parameter'),
};

const CONNECTION_REQUEST = 1;
const CONNECTION_CONFIRM = 2;
const CONNECTION_REFUSED = 3;
const RELEASED = 4;
const RELEASE_COMPLETE = 5;
const DATA_FORM_1 = 6;
const UNITDATA = 9;
const UNITDATA_SERVICE = 10;
const EXTENDED = 17;
const EXTENDED_SERVICE = 18;
const MANAGEMENT = 1;
/** Names of optional parameters. */
const END_OF_OPTIONS = 0;
const CALLING_ADDRESS = 4;
const USER_DATA = 15;

/** Where the pointer to optional parameters stands in a message of a connection; 0 for others. */
function optionsAt(type: number): number {
  switch (type) {
    case CONNECTION_REQUEST:
      return 6;
    case CONNECTION_REFUSED:
      return 5;
    case CONNECTION_CONFIRM:
    case RELEASED:
      return 8;
    default:
      return 0;
  }
}

/** Where the length of the optional parameter `name` stands, -1 where the message has none (section 3). */
function optionAt(b: Uint8Array, pointer: number, end: number, name: number): number {
  const from = partAt(b, pointer, end);
  if (from < 0) return -1;
  for (let at = from; at + 1 < end && b[at] !== END_OF_OPTIONS; at += 2 + (b[at + 1] as number)) if (b[at] === name) return at + 1;
  return -1;
}

/** Where the pointers to addresses and user data stand, from the beginning of a message without a connection; 0 for others (sections 4.10 to 4.19). */
function pointersAt(type: number): number {
  if (type === UNITDATA || type === UNITDATA_SERVICE) return 2;
  return type === EXTENDED || type === EXTENDED_SERVICE ? 3 : 0;
}

/** Where the length of the part stands that the pointer at `at` leads to, -1 where that is beyond `end`. A pointer counts from itself. */
function partAt(b: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const part = at + (b[at] as number);
  return part > at && part < end ? part : -1;
}

/** The subsystem number in the address whose length stands at `at`; 0 without one (section 3.4). */
function subsystemOf(b: Uint8Array, at: number, end: number): number {
  if (at < 0 || at + 1 >= end) return 0;
  const indicator = b[at + 1] as number;
  const from = at + 2 + ((indicator & 1) !== 0 ? 2 : 0);
  return (indicator & 2) !== 0 && from < Math.min(end, at + 1 + (b[at] as number)) ? (b[from] as number) : 0;
}

/** Where the user data's length stands in the message at [o, end), -1 without any. */
function dataAt(b: Uint8Array, o: number, end: number): number {
  if (o >= end) return -1;
  const type = b[o] as number;
  if (type === DATA_FORM_1) return partAt(b, o + 5, end);
  const pointers = pointersAt(type);
  if (pointers > 0) return partAt(b, o + pointers + 2, end);
  const options = optionsAt(type);
  return options > 0 ? optionAt(b, o + options, end, USER_DATA) : -1;
}

/** What the user data of the message at [o, end) are. */
function userOf(b: Uint8Array, o: number, end: number): Protocol {
  const pointers = pointersAt(b[o] as number);
  if (pointers === 0) return data;
  for (const each of [0, 1]) if (subsystemOf(b, partAt(b, o + pointers + each, end), end) === MANAGEMENT) return sccpManagement;
  return data;
}

function readAddress(layer: Layer, at: number, fields: AddressFields, title: string): void {
  const b = layer.buf;
  const length = b.u8(at);
  const node = layer.text(at + 1, length, `${title} address (${length} bytes)`);
  if (length === 0) return;
  for (const field of [fields.reserved, fields.routing, fields.title, fields.hasSubsystem, fields.hasPoint]) node.uint(field, at + 1);
  let o = at + 2;
  if ((b.u8(at + 1) & 1) !== 0) {
    node.uintLe(fields.point, o);
    o += 2;
  }
  if ((b.u8(at + 1) & 2) !== 0) node.uint(fields.subsystem, o);
}

/** The called party's address, to which the pointer at `pointer` leads, and the calling party's at `second` (-1 for none). */
function addresses(layer: Layer, pointer: number, second: number): void {
  const first = partAt(layer.buf.bytes, pointer, layer.buf.end);
  if (layer.ok && first >= 0) readAddress(layer, first, called, 'Called Party');
  if (layer.ok && second >= 0) readAddress(layer, second, calling, 'Calling Party');
}

const g = {
  type: uint8('sccpmg.message_type', 'Message Type', {
    base: 'hex',
    names: names({
      1: 'SubSystem Allowed',
      2: 'SubSystem Prohibited',
      3: 'Subsystem Status Test',
      4: 'Subsystem Out of service Request',
      5: 'Subsystem Out of service Grant',
      6: 'SubSystem Congested (ITU)',
      253: 'Subsystem Backup Routing (ANSI)',
      254: 'Subsystem Normal Routing (ANSI)',
      255: 'Subsystem Routing status Test (ANSI)',
    }),
  }),
  subsystem: uint8('sccpmg.ssn', 'Affected SubSystem Number'),
  point: uint16('sccpmg.pc', 'Affected Point Code', { mask: 0x3fff }),
  multiplicity: uint8('sccpmg.smi', 'Subsystem Multiplicity Indicator', { mask: 0x03 }),
};

/** Q.713, section 5: what SCCP says of its own subsystems. */
const sccpManagement = app({
  name: 'sccpmg',
  short: 'SCCPMG',
  title: 'Signalling Connection Control Part Management',
  fields: Object.values(g),
  read(layer, b) {
    const type = layer.uint(g.type, b.offset);
    layer.uint(g.subsystem, b.offset + 1);
    layer.uintLe(g.point, b.offset + 2);
    layer.uint(g.multiplicity, b.offset + 4);
    return nameOf(g.type, type) ?? '';
  },
});

export const sccp = app({
  name: 'sccp',
  short: 'SCCP',
  title: 'Signalling Connection Control Part',
  fields: [...Object.values<FieldDef>(f), ...Object.values(called), ...Object.values(calling)],
  index(w) {
    const { bytes: b, offset: o, end } = w;
    const at = dataAt(b, o, end);
    if (at >= 0 && (b[at] as number) > 0 && at + 1 < end) w.follow(userOf(b, o, end), at + 1, at + 1 + (b[at] as number));
  },
  read(layer, b, d) {
    const o = b.offset;
    const type = layer.uint(f.type, o);
    const pointers = pointersAt(type);
    if (type === CONNECTION_REQUEST) {
      layer.uintLe(f.source, o + 1);
      layer.uint(f.class, o + 4);
      layer.uint(f.pointer1, o + 5, 1);
      addresses(layer, o + 5, optionAt(b.bytes, o + 6, b.end, CALLING_ADDRESS));
    } else if (type >= CONNECTION_CONFIRM && type <= DATA_FORM_1) {
      layer.uintLe(f.destination, o + 1);
      if (type === CONNECTION_CONFIRM || type === RELEASED || type === RELEASE_COMPLETE) layer.uintLe(f.source, o + 4);
      if (type === CONNECTION_CONFIRM) layer.uint(f.class, o + 7);
      if (type === DATA_FORM_1) layer.uint(f.pointer1, o + 5, 1);
    } else if (type === UNITDATA || type === EXTENDED) {
      layer.uint(f.class, o + 1);
      layer.uint(f.handling, o + 1);
    } else if (pointers > 0) layer.uint(f.cause, o + 1);
    if (pointers === 3) layer.uint(f.hops, o + 2);
    const end = b.end;
    if (pointers > 0) {
      for (const [i, field] of [f.pointer1, f.pointer2, f.pointer3].entries()) layer.uint(field, o + pointers + i, 1);
      addresses(layer, o + pointers, partAt(b.bytes, o + pointers + 1, end));
    }
    const at = dataAt(b.bytes, o, end);
    // What an address lacks is its own: where the data are is known.
    layer.goOn();
    if (at >= 0 && b.u8(at) > 0 && at + 1 < end) {
      layer.size(at + 1 - o);
      d.call(userOf(b.bytes, o, end), b.from(at + 1, at + 1 + b.u8(at)));
    }
    return nameOf(f.type, type) ?? '';
  },
});
