/** Bidirectional Forwarding Detection: control packets of version 1 (RFC 5880, section 4) and of the draft before it, and echo packets (RFC 5881). */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, names, string, uint8, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const HEADER_BYTES = 24;
/** Type, length and key of an authentication section. */
const AUTH_HEAD_BYTES = 3;
const AUTH_PRESENT = 0x04;
const PASSWORD = 1;

const diagnostics = names({
  0: 'No Diagnostic',
  1: 'Control Detection Time Expired',
  2: 'Echo Function Failed',
  3: 'Neighbor Signaled Session Down',
  4: 'Forwarding Plane Reset',
  5: 'Path Down',
  6: 'Concatenated Path Down',
  7: 'Administratively Down',
  8: 'Reverse Concatenated Path Down',
  9: 'Mis-Connectivity Defect',
});
const states = names({ 0: 'AdminDown', 1: 'Down', 2: 'Init', 3: 'Up' });
const authTypes = names({
  1: 'Simple Password',
  2: 'Keyed MD5',
  3: 'Meticulous Keyed MD5',
  4: 'Keyed SHA1',
  5: 'Meticulous Keyed SHA1',
});

/** Octets of the whole section, where the type says how many (RFC 5880, sections 4.3 and 4.4). */
const authLengths: ReadonlyMap<number, number> = new Map([
  [2, 24],
  [3, 24],
  [4, 28],
  [5, 28],
]);

const f = {
  version: uint8('bfd.version', 'Protocol Version', { mask: 0xe0 }),
  diagnostic: uint8('bfd.diag', 'Diagnostic Code', { base: 'hex', mask: 0x1f, names: diagnostics }),
  state: uint8('bfd.sta', 'Session State', { base: 'hex', mask: 0xc0, names: states }),
  flags: uint8('bfd.flags', 'Message Flags', { base: 'hex' }),
  hear: bool('bfd.flags.h', 'I hear you', { mask: 0x80 }),
  demandV0: bool('bfd.flags.d', 'Demand', { mask: 0x40 }),
  poll: bool('bfd.flags.p', 'Poll', { mask: 0x20 }),
  final: bool('bfd.flags.f', 'Final', { mask: 0x10 }),
  independent: bool('bfd.flags.c', 'Control Plane Independent', { mask: 0x08 }),
  authenticated: bool('bfd.flags.a', 'Authentication Present', { mask: AUTH_PRESENT }),
  demand: bool('bfd.flags.d', 'Demand', { mask: 0x02 }),
  multipoint: bool('bfd.flags.m', 'Multipoint', { mask: 0x01 }),
  multiplier: uint8('bfd.detect_time_multiplier', 'Detect Time Multiplier'),
  length: uint8('bfd.message_length', 'Message Length', { unit: ' bytes' }),
  mine: uint32('bfd.my_discriminator', 'My Discriminator', { base: 'hex' }),
  yours: uint32('bfd.your_discriminator', 'Your Discriminator', { base: 'hex' }),
  transmit: uint32('bfd.desired_min_tx_interval', 'Desired Min TX Interval'),
  receive: uint32('bfd.required_min_rx_interval', 'Required Min RX Interval'),
  echo: uint32('bfd.required_min_echo_interval', 'Required Min Echo Interval'),
  authType: uint8('bfd.auth.type', 'Authentication Type', { names: authTypes }),
  authLength: uint8('bfd.auth.len', 'Authentication Length', { unit: ' bytes' }),
  authKey: uint8('bfd.auth.key', 'Authentication Key ID'),
  password: string('bfd.auth.password', 'Password'),
  sequence: uint32('bfd.auth.seq_num', 'Sequence Number', { base: 'hex' }),
  digest: bytes('bfd.checksum', 'Checksum'),
  authLengthBad: expert('bfd.auth.len.invalid', 'warn', 'Length of authentication section is invalid', 'malformed'),
  authMissing: expert(
    'bfd.auth.no_data',
    'warn',
    'Authentication flag is set in a BFD packet, but no authentication data is present',
    'malformed',
  ),
} as const;

/** Flags of the draft, and of version 1. */
const FLAGS_0: readonly FieldDef[] = [f.hear, f.demandV0, f.poll, f.final];
const FLAGS_1: readonly FieldDef[] = [f.poll, f.final, f.independent, f.authenticated, f.demand, f.multipoint];

/** A number of microseconds, whole milliseconds first. */
function interval(layer: Layer, field: FieldDef, at: number): number {
  const node = layer.uintNode(field, at);
  const microseconds = layer.buf.u32(at);
  if (node.field !== null) node.field.display = `${String(Math.floor(microseconds / 1000)).padStart(4)} ms (${microseconds} us)`;
  return microseconds;
}

/** The section that proves who sent the packet (RFC 5880, sections 4.2 to 4.4). */
function authentication(layer: Layer, b: Buf, at: number, length: number): void {
  if (length < HEADER_BYTES + AUTH_HEAD_BYTES + 1) {
    const line = `Authentication: Length of the BFD frame is invalid (${length})`;
    layer.text(at, Math.max(0, length - HEADER_BYTES), line).expert(f.authMissing, undefined, undefined, line);
    return;
  }
  const type = b.u8(at);
  const size = b.u8(at + 1);
  const word = authTypes.get(type) ?? `Unknown Authentication Type (${type})`;
  const node = layer.text(at, size, `Authentication: ${word}`);
  node.uint(f.authType, at);
  node.uint(f.authLength, at + 1);
  node.uint(f.authKey, at + 2);
  if (type === PASSWORD) node.string(f.password, at + AUTH_HEAD_BYTES, size - AUTH_HEAD_BYTES, { zero: true });
  const expected = authLengths.get(type);
  if (expected === undefined) return;
  if (size !== expected)
    node.expert(f.authLengthBad, at, size, `Length of authentication section (${size}) is invalid for Authentication Type: ${word}`);
  node.uint(f.sequence, at + 4);
  node.bytes(f.digest, at + 8, size - 8);
}

export const bfd = app({
  name: 'bfd',
  short: 'BFD Control',
  title: 'BFD Control message',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    const version = layer.uint(f.version, o);
    const diagnostic = layer.uint(f.diagnostic, o);
    const state = version === 0 ? null : layer.uint(f.state, o + 1);
    const node = layer.uintNode(f.flags, o + 1);
    if (!layer.ok) return '';
    const flags = b.u8(o + 1);
    for (const flag of version === 0 ? FLAGS_0 : FLAGS_1)
      if (node.uint(flag, o + 1) !== 0 && node.field !== null) node.field.display += `, ${flag.label}: Set`;
    const multiplier = layer.uintNode(f.multiplier, o + 2);
    const length = layer.uint(f.length, o + 3);
    layer.uint(f.mine, o + 4);
    layer.uint(f.yours, o + 8);
    const transmit = interval(layer, f.transmit, o + 12);
    if (multiplier.field !== null)
      multiplier.field.display = `${b.u8(o + 2)} (= ${b.u8(o + 2) * Math.floor(transmit / 1000)} ms Detection time)`;
    interval(layer, f.receive, o + 16);
    interval(layer, f.echo, o + 20);
    if (layer.ok && state !== null && (flags & AUTH_PRESENT) !== 0) authentication(layer, b, o + HEADER_BYTES, length);
    const said = state === null ? '' : `, State: ${states.get(state)}`;
    // The state is in the same octet from version 1 on.
    const alone = state === null ? flags : flags & 0x3f;
    return `Diag: ${diagnostics.get(diagnostic) ?? 'Unknown'}${said}, Flags: 0x${alone.toString(16).padStart(2, '0')}`;
  },
});

const echoed = bytes('bfd_echo.packet', 'Echo');

/** Packets that come back from the neighbour, who does not look into them: what is in them is the sender's own (RFC 5880, section 5). */
export const bfdEcho = app({
  name: 'bfd_echo',
  short: 'BFD Echo',
  title: 'Bidirectional Forwarding Detection Echo Packet',
  fields: [echoed],
  read(layer, b) {
    layer.bytes(echoed, b.offset, b.wireLength);
    return 'Originator specific content';
  },
});
