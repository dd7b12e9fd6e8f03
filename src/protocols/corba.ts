/** CORBA: GIOP (versions 1.0 to 1.2), the same packed (ZIOP), and packets of messages in multicast (MIOP). */
import { bool, bytes, names, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { be32, begins, bounded, le32 } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const MIOP_ROWS = [
  row(string('miop.magic', 'Magic'), 0, 4),
  row(uint8('miop.hdr_version', 'Version', { base: 'hex' }), 4),
  row(uint8('miop.flags', 'Flags', { base: 'oct' }), 5),
];
const miopFields = [
  uint16('miop.packet_length', 'Length'),
  uint32('miop.packet_number', 'PacketNumber'),
  uint32('miop.number_of_packets', 'NumberOfPackets'),
  uint32('miop.unique_id_len', 'UniqueIdLength'),
] as const;
const miopId = bytes('miop.unique_id', 'UniqueId');
export const miop = record({
  name: 'miop',
  short: 'MIOP',
  title: 'Unreliable Multicast Inter-ORB Protocol',
  header: 20,
  mayBegin: (octet) => octet === 0x4d,
  accepts: (b, o, end) => end - o >= 16 && begins(b, o, end, 'MIOP'),
  rows: MIOP_ROWS,
  fields: [...miopFields, miopId],
  more(layer, b, at, end) {
    const little = (b.u8(at + 5) & 1) !== 0;
    for (const [i, field] of miopFields.entries()) put(layer, field, at + (i === 0 ? 6 : 4 + 4 * i), undefined, little);
    const size = little ? b.le32(at + 16) : b.u32(at + 16);
    if (size > 0 && size <= end - at - 20) layer.bytes(miopId, at + 20, size);
    return undefined;
  },
});

const messageTypes = names({
  0: 'Request',
  1: 'Reply',
  2: 'CancelRequest',
  3: 'LocateRequest',
  4: 'LocateReply',
  5: 'CloseConnection',
  6: 'MessageError',
  7: 'Fragment',
});
const littleOf = (h: Uint8Array): boolean => ((h[6] as number) & 1) !== 0;
const orbLength = (h: Uint8Array): number => bounded(12 + (littleOf(h) ? le32(h, 8) : be32(h, 8)));
const giopLength = uint32('giop.len', 'Message size');
/** Before version 1.2 a request and its reply begin with a list of contexts (CORBA 3.3, part 2, section 9.4), and a fragment has no number. */
const numberStandsFirst = (minor: number, type: number): boolean => (type >= 2 && type <= 4) || (minor >= 2 && (type <= 1 || type === 7));
const giopRequest = uint32('giop.request_id', 'Request id');
export const giop = record({
  name: 'giop',
  short: 'GIOP',
  title: 'General Inter-ORB Protocol',
  header: 12,
  length: orbLength,
  kind: 4,
  mayBegin: (octet) => octet === 0x47,
  accepts: (b, o, end) => end - o >= 12 && begins(b, o, end, 'GIOP') && b[o + 4] === 1 && (b[o + 5] as number) <= 2,
  rows: [
    row(string('giop.magic', 'Magic'), 0, 4),
    row(uint8('giop.major_version', 'Major Version'), 4),
    row(uint8('giop.minor_version', 'Minor Version'), 5),
    row(uint8('giop.flags', 'Message Flags', { base: 'hex' }), 6, 1, [
      bool('giop.flags.fragment', 'Fragment', { mask: 0x2, bool: TRUE_FALSE }),
      bool('giop.flags.little_endian', 'Little Endian', { mask: 0x1, bool: TRUE_FALSE }),
    ]),
    row(
      uint8('giop.type', 'Message type', {
        names: messageTypes,
      }),
      7,
    ),
  ],
  fields: [giopLength, giopRequest],
  more(layer, b, at, end) {
    const little = (b.u8(at + 6) & 1) !== 0;
    put(layer, giopLength, at + 8, 4, little);
    if (numberStandsFirst(b.u8(at + 5), b.u8(at + 7)) && end - at >= 16) put(layer, giopRequest, at + 12, 4, little);
    return undefined;
  },
});
const ziopFields = [
  uint32('ziop.message_size', 'Header size'),
  uint16('ziop.compressor_id', 'Header compressor id', {
    names: names({ 0: 'None', 1: 'GZIP', 2: 'PKZIP', 3: 'BZIP2', 4: 'ZLIB', 5: 'LZMA', 6: 'LZOP', 7: 'RZIP', 8: '7X', 9: 'XAR' }),
  }),
  uint32('ziop.original_length', 'Header original length'),
] as const;
export const ziop = record({
  name: 'ziop',
  short: 'ZIOP',
  title: 'Zipped Inter-ORB Protocol',
  header: 12,
  length: orbLength,
  mayBegin: (octet) => octet === 0x5a,
  accepts: (b, o, end) => end - o >= 12 && begins(b, o, end, 'ZIOP'),
  rows: [
    row(string('ziop.magic', 'Header magic'), 0, 4),
    row(uint8('ziop.giop_version_major', 'Header major version', { base: 'oct' }), 4),
    row(uint8('ziop.giop_version_minor', 'Header minor version', { base: 'oct' }), 5),
    row(uint8('ziop.flags', 'Header flags', { base: 'oct' }), 6),
    row(
      uint8('ziop.message_type', 'Header type', {
        base: 'oct',
        names: messageTypes,
      }),
      7,
    ),
  ],
  fields: ziopFields,
  more(layer, b, at) {
    const little = (b.u8(at + 6) & 1) !== 0;
    for (const [i, field] of ziopFields.entries()) put(layer, field, at + 8 + 4 * i, undefined, little);
    return undefined;
  },
});
