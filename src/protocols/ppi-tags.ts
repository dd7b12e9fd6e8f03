/**
 * Tags of PPI about where a packet was captured (PPI-GEOLOCATION 1.2.0): a header with a bit for each value that follows, and the values. Little-endian.
 */
import type { Buf, Node } from '../dissect/dissection.ts';
import { abstime, bool, bytes, double, expert, type FieldDef, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { part } from './x509-names.ts';

const flag = (abbrev: string, label: string, mask: number): FieldDef => bool(abbrev, label, { mask, bool: TRUE_FALSE });

const gps = {
  version: uint8('ppi_gps.version', 'Header revision'),
  pad: uint8('ppi_gps.pad', 'Header pad'),
  length: uint16('ppi_gps.length', 'Header length'),
  present: uint32('ppi_gps.present', 'Present', { base: 'hex' }),
  presentGpsflagss: flag('ppi_gps.present.gpsflagss', 'GPSFlags', 0x1),
  presentLat: flag('ppi_gps.present.lat', 'Lat', 0x2),
  presentLon: flag('ppi_gps.present.lon', 'Lon', 0x4),
  presentAlt: flag('ppi_gps.present.alt', 'Alt', 0x8),
  presentAltGnd: flag('ppi_gps.present.alt_gnd', 'Alt-gnd', 0x10),
  presentGpstime: flag('ppi_gps.present.gpstime', 'GPStime', 0x20),
  presentFractime: flag('ppi_gps.present.fractime', 'fractime', 0x40),
  presentEph: flag('ppi_gps.present.eph', 'error_h', 0x80),
  presentEpv: flag('ppi_gps.present.epv', 'error_v', 0x100),
  presentEpt: flag('ppi_gps.present.ept', 'error_t', 0x200),
  presentDescr: flag('ppi_gps.present.descr', 'Description', 0x10000000),
  presentAppid: flag('ppi_gps.present.appid', 'AppId', 0x20000000),
  presentAppdata: flag('ppi_gps.present.appdata', 'AppData', 0x40000000),
  presentExt: flag('ppi_gps.present.ext', 'Ext', 0x80000000),
  gpsflags: uint32('ppi_gps.gpsflags', 'GPSFlags', { base: 'hex' }),
  lat: double('ppi_gps.lat', 'Latitude'),
  lon: double('ppi_gps.lon', 'Longitude'),
  alt: double('ppi_gps.alt', 'Altitude'),
  altGnd: double('ppi_gps.alt_gnd', 'Altitude_gnd'),
  gpstime: abstime('ppi_gps.gpstime', 'GPSTimestamp'),
  fractime: uint32('ppi_gps.fractime', 'fractional Timestamp'),
  eph: double('ppi_gps.eph', 'Horizontal Error (m)'),
  epv: double('ppi_gps.epv', 'Vertical Error (m)'),
  ept: double('ppi_gps.ept', 'Time Error (s)'),
  descr: string('ppi_gps.descr', 'Description'),
  appid: uint32('ppi_gps.appid', 'Application Specific id', { base: 'hex' }),
  appdata: bytes('ppi_gps.appdata', 'Application specific data'),
  gpsflagssNofix: flag('ppi_gps.gpsflagss.nofix', 'No fix available', 0x1),
  gpsflagssGps: flag('ppi_gps.gpsflagss.gps', 'GPS provided fix', 0x2),
  gpsflagssDiffgps: flag('ppi_gps.gpsflagss.diffgps', 'Differential GPS provided fix', 0x4),
  gpsflagssPps: flag('ppi_gps.gpsflagss.pps', 'PPS fix', 0x8),
  gpsflagssRtk: flag('ppi_gps.gpsflagss.rtk', 'RTK fix', 0x10),
  gpsflagssFrtk: flag('ppi_gps.gpsflagss.frtk', 'floatRTK fix', 0x20),
  gpsflagssDeadReck: flag('ppi_gps.gpsflagss.dead_reck', 'dead reckoning fix', 0x40),
  gpsflagssManual: flag('ppi_gps.gpsflagss.manual', 'manual fix', 0x80),
  gpsflagssSimulation: flag('ppi_gps.gpsflagss.simulation', 'simulated fix', 0x100),
  eiBit: expert('ppi_gps.present.unknown_bit', 'warn', 'Error: PPI-GEOLOCATION-GPS: unknown bit set in present field.'),
  eiVersion: expert('ppi_gps.version.unsupported', 'warn', 'Invalid version'),
  eiLength: expert('ppi_gps.length.invalid', 'error', 'Invalid length', 'malformed'),
};
const antenna = {
  version: uint8('ppi_antenna.version', 'Header revision'),
  pad: uint8('ppi_antenna.pad', 'Header pad'),
  length: uint16('ppi_antenna.length', 'Header length'),
  antennaFlags: uint32('ppi_antenna.antenna_flags', 'Antenna flags', { base: 'hex' }),
  present: uint32('ppi_antenna.present', 'Present', { base: 'hex' }),
  presentFlags: flag('ppi_antenna.present.flags', 'flags', 0x1),
  presentGaindb: flag('ppi_antenna.present.gaindb', 'gaindb', 0x2),
  presentHorizbw: flag('ppi_antenna.present.horizbw', 'horizbw', 0x4),
  presentVertbw: flag('ppi_antenna.present.vertbw', 'vertbw', 0x8),
  presentPgain: flag('ppi_antenna.present.pgain', 'pgain', 0x10),
  presentBeamid: flag('ppi_antenna.present.beamid', 'beamid', 0x20),
  presentSerialnum: flag('ppi_antenna.present.serialnum', 'serialnum', 0x4000000),
  presentModelname: flag('ppi_antenna.present.modelname', 'modelname', 0x8000000),
  presentDescr: flag('ppi_antenna.present.descr', 'Description', 0x10000000),
  presentAppid: flag('ppi_antenna.present.appid', 'appid', 0x20000000),
  presentAppdata: flag('ppi_antenna.present.appdata', 'appdata', 0x40000000),
  presentExt: flag('ppi_antenna.present.ext', 'ext', 0x80000000),
  antennaflagsMimo: flag('ppi_antenna.antennaflags.mimo', 'mimo', 0x1),
  antennaflagsHorizpol: flag('ppi_antenna.antennaflags.horizpol', 'horizontally polarized', 0x2),
  antennaflagsVertpol: flag('ppi_antenna.antennaflags.vertpol', 'vertically polarized', 0x4),
  antennaflagsCircpolL: flag('ppi_antenna.antennaflags.circpol_l', 'circularly polarized left', 0x8),
  antennaflagsCircpolR: flag('ppi_antenna.antennaflags.circpol_r', 'circularly polarized right', 0x10),
  antennaflagsSteerElec: flag('ppi_antenna.antennaflags.steer_elec', 'electrically steerable', 0x10000),
  antennaflagsSteerMech: flag('ppi_antenna.antennaflags.steer_mech', 'mechanically steerable', 0x20000),
  gaindb: uint8('ppi_antenna.gaindb', 'Gain (dBi)'),
  horizbw: double('ppi_antenna.horizbw', 'HorizBw'),
  vertbw: double('ppi_antenna.vertbw', 'VertBw'),
  pgain: double('ppi_antenna.pgain', 'Precision Gain (dBi)'),
  beamid: uint16('ppi_antenna.beamid', 'BeamID', { base: 'hex' }),
  serialnum: string('ppi_antenna.serialnum', 'SerialNumber'),
  modelname: string('ppi_antenna.modelname', 'ModelName'),
  descr: string('ppi_antenna.descr', 'Description'),
  appid: uint32('ppi_antenna.appid', 'Application Specific id', { base: 'hex' }),
  appdata: bytes('ppi_antenna.appdata', 'Application specific data'),
  eiBit: expert('ppi_antenna.present.unknown_bit', 'warn', 'Error: PPI-ANTENNA: unknown bit set in present field.'),
  eiVersion: expert('ppi_antenna.version.unsupported', 'warn', 'Invalid version'),
  eiLength: expert('ppi_antenna.length.invalid', 'error', 'Invalid length', 'malformed'),
};

const ppiGps = part('ppi_gps', 'PPI GPS', 'PPI Geotag', Object.values(gps));
const ppiAntenna = part('ppi_antenna', 'PPI Antenna', 'PPI antenna decoder', Object.values(antenna));

const TEXT_BYTES = 32;
const DATA_BYTES = 60;

/** How a value is written: fixed-point numbers with so many decimals from a lowest value on, counters, texts of fixed room. */
type Kind =
  | { readonly scale: number; readonly from: number }
  | { readonly bits: readonly FieldDef[] }
  | 'number'
  | 'text'
  | 'data'
  | 'seconds';

const degrees: Kind = { scale: 1e7, from: -180 };
const metres: Kind = { scale: 1e4, from: -180_000 };
const millionths: Kind = { scale: 1e6, from: 0 };
const billionths: Kind = { scale: 1e9, from: 0 };

interface Value {
  /** Its bit in `present`. */
  readonly bit: number;
  readonly field: FieldDef;
  readonly kind: Kind;
}

interface Tag {
  readonly protocol: Protocol;
  readonly label: string;
  /** What its notes begin with. */
  readonly name: string;
  readonly fields: typeof gps | typeof antenna;
  readonly present: readonly FieldDef[];
  readonly values: readonly Value[];
}

const FRACTION = 6;

const tags = new Map<number, Tag>([
  [
    30002,
    {
      protocol: ppiGps,
      label: 'GPS',
      name: 'PPI-GEOLOCATION-GPS',
      fields: gps,
      present: [
        gps.presentGpsflagss,
        gps.presentLat,
        gps.presentLon,
        gps.presentAlt,
        gps.presentAltGnd,
        gps.presentGpstime,
        gps.presentFractime,
        gps.presentEph,
        gps.presentEpv,
        gps.presentEpt,
        gps.presentDescr,
        gps.presentAppid,
        gps.presentAppdata,
        gps.presentExt,
      ],
      values: [
        {
          bit: 0,
          field: gps.gpsflags,
          kind: {
            bits: [
              gps.gpsflagssNofix,
              gps.gpsflagssGps,
              gps.gpsflagssDiffgps,
              gps.gpsflagssPps,
              gps.gpsflagssRtk,
              gps.gpsflagssFrtk,
              gps.gpsflagssDeadReck,
              gps.gpsflagssManual,
              gps.gpsflagssSimulation,
            ],
          },
        },
        { bit: 1, field: gps.lat, kind: degrees },
        { bit: 2, field: gps.lon, kind: degrees },
        { bit: 3, field: gps.alt, kind: metres },
        { bit: 4, field: gps.altGnd, kind: metres },
        { bit: 5, field: gps.gpstime, kind: 'seconds' },
        { bit: FRACTION, field: gps.fractime, kind: 'number' },
        { bit: 7, field: gps.eph, kind: millionths },
        { bit: 8, field: gps.epv, kind: millionths },
        { bit: 9, field: gps.ept, kind: billionths },
        { bit: 28, field: gps.descr, kind: 'text' },
        { bit: 29, field: gps.appid, kind: 'number' },
        { bit: 30, field: gps.appdata, kind: 'data' },
      ],
    },
  ],
  [
    30005,
    {
      protocol: ppiAntenna,
      label: 'Antenna',
      name: 'PPI-ANTENNA',
      fields: antenna,
      present: [
        antenna.presentFlags,
        antenna.presentGaindb,
        antenna.presentHorizbw,
        antenna.presentVertbw,
        antenna.presentPgain,
        antenna.presentBeamid,
        antenna.presentSerialnum,
        antenna.presentModelname,
        antenna.presentDescr,
        antenna.presentAppid,
        antenna.presentAppdata,
        antenna.presentExt,
      ],
      values: [
        {
          bit: 0,
          field: antenna.antennaFlags,
          kind: {
            bits: [
              antenna.antennaflagsMimo,
              antenna.antennaflagsHorizpol,
              antenna.antennaflagsVertpol,
              antenna.antennaflagsCircpolL,
              antenna.antennaflagsCircpolR,
              antenna.antennaflagsSteerElec,
              antenna.antennaflagsSteerMech,
            ],
          },
        },
        { bit: 1, field: antenna.gaindb, kind: 'number' },
        { bit: 2, field: antenna.horizbw, kind: millionths },
        { bit: 3, field: antenna.vertbw, kind: millionths },
        { bit: 4, field: antenna.pgain, kind: millionths },
        { bit: 5, field: antenna.beamid, kind: 'number' },
        { bit: 26, field: antenna.serialnum, kind: 'text' },
        { bit: 27, field: antenna.modelname, kind: 'text' },
        { bit: 28, field: antenna.descr, kind: 'text' },
        { bit: 29, field: antenna.appid, kind: 'number' },
        { bit: 30, field: antenna.appdata, kind: 'data' },
      ],
    },
  ],
]);

/** The protocol of a field of PPI that is a tag; undefined for other fields. */
export function tagProtocol(type: number): Protocol | undefined {
  return tags.get(type)?.protocol;
}

/** Shortest tag: version, padding, length and the bits. */
const HEADER_BYTES = 8;

/** Adds the tag that is [at, at + length). */
export function readTag(parent: Node, type: number, at: number, length: number): void {
  const tag = tags.get(type);
  if (tag === undefined) return;
  const { fields } = tag;
  const node = parent.text(at, length, tag.label);
  if (length < HEADER_BYTES) {
    node.expert(fields.eiLength, at, length, `Invalid length: ${length}`);
    return;
  }
  const version = node.uint(fields.version, at);
  if (version < 1 || version > 2) node.expert(fields.eiVersion, at, 1, `Invalid version (got ${version},  expected 1 or 2)`);
  node.uint(fields.pad, at + 1);
  node.uintLe(fields.length, at + 2);
  const present = node.uintLeNode(fields.present, at + 4);
  for (const bit of tag.present) present.uintLe(bit, at + 4, 4);
  present.sayBits();
  readValues(node, present, tag, at + HEADER_BYTES, at + length);
}

function readValues(node: Node, presentNode: Node, tag: Tag, from: number, end: number): void {
  const present = node.buf.le32(from - 4);
  const has = (bit: number): boolean => (present & (1 << bit)) !== 0;
  let at = from;
  let cut = false;
  for (let bit = 0; bit < 32; bit++) {
    if (!has(bit)) continue;
    const value = tag.values.find((each) => each.bit === bit);
    if (value === undefined) {
      presentNode.expert(tag.fields.eiBit, from - 4, 4, `Error: ${tag.name}: unknown bit (${bit}) set in present field.`);
      continue;
    }
    const withFraction = value.kind === 'seconds' && has(FRACTION);
    const length = sizeOf(value) + (withFraction ? 4 : 0);
    cut ||= at + length > end;
    if (cut) break;
    addValue(node, value, at, length);
    at += length;
    // The fraction is part of the time.
    if (withFraction) bit = FRACTION;
  }
  if (cut) node.expert(tag.fields.eiLength, from - HEADER_BYTES, end - from + HEADER_BYTES);
}

function sizeOf(value: Value): number {
  if (value.kind === 'text') return TEXT_BYTES;
  if (value.kind === 'data') return DATA_BYTES;
  if (value.kind !== 'number') return 4;
  return value.field.type === 'uint8' ? 1 : value.field.type === 'uint16' ? 2 : 4;
}

function addValue(node: Node, { field, kind }: Value, at: number, length: number): void {
  const b: Buf = node.buf;
  if (kind === 'text') node.string(field, at, length, { zero: true });
  else if (kind === 'data') node.bytes(field, at, length);
  else if (kind === 'number') node.uintLe(field, at, length);
  else if (kind === 'seconds')
    node.add(field, at, length, { sec: b.le32(at), nsec: length > 4 ? Math.min(b.le32(at + 4), 999_999_999) : 0 });
  else if ('bits' in kind) {
    const flags = node.uintLeNode(field, at);
    for (const bit of kind.bits) flags.uintLe(bit, at, length);
    flags.sayBits();
  } else node.add(field, at, length, Math.round(b.le32(at) + kind.from * kind.scale) / kind.scale);
}
