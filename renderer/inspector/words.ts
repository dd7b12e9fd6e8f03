/** Words of the inspector: everything it says that is not data. Protocol names, flags and filters are never translated. */
import { spoken, type Wording } from '../language.ts';
import { ko } from './words.ko.ts';

const en = {
  packet: (number: string) => `Packet ${number}`,
  bytes: (count: string) => `${count} bytes`,
  capturedOf: (captured: string, total: string) => `${captured} of ${total} bytes captured`,
  connection: (stream: string) => `Connection ${stream}`,
  udpStream: (stream: string) => `UDP stream ${stream}`,
  stream: 'Stream',
  followStream: (kind: string, stream: string) => `Follow ${kind.toUpperCase()} stream ${stream}`,
  openConnection: (stream: string) => `Open connection ${stream}`,
  previous: 'Previous in connection',
  next: 'Next in connection',
  inspector: 'Inspector',
  nesting: 'Layers of this packet, each in the layer below',
  nestingBox: (name: string, offset: number, length: string) => `${name}, ${length} at ${offset}`,
  widerThanScale: 'headers wider than scale',
  fcsNotCaptured: 'FCS not captured',
  notCaptured: (bytes: string) => `${bytes} not captured`,
  fileEnds: (offset: string) => `${offset}, the file ends`,
  captureEnds: (offset: string) => `${offset}, the capture ends`,
  more: (count: string) => `${count} more`,
  showMore: (count: string) => `Show ${count} more fields`,
  layers: 'Layers',
  layerCard: (name: string, summary: string) => (summary === '' ? name : `${name}: ${summary}`),
  shortLayer: 'Cut short',
  malformedLayer: 'Malformed',
  generated: 'computed, not in the packet',
  computed: 'Computed, not in the packet',
  unnamedBits: 'not assigned',
  severity: { chat: 'Chat', note: 'Note', warn: 'Warning', error: 'Error' },
  goToPacket: (number: string) => `Go to packet ${number}`,
  bytesTitle: 'Bytes',
  fileBytes: 'File bytes',
  hex: 'Hex',
  bits: 'Bits',
  bytesMode: 'How bytes are written',
  bytesSources: 'Byte sources',
  frame: 'Frame',
  source: (name: string, bytes: string) => `${name} ${bytes}`,
  selectedField: (label: string, range: string) => `${label}, ${range}`,
  byteRange: (from: string, to: string) => (from === to ? `byte ${from}` : `bytes ${from}–${to}`),
  generatedField: (label: string) => `${label}: computed, no bytes`,
  noBytes: 'No bytes.',
  empty: 'Select a packet to see its layers',
  emptyAdvice: 'Its headers, fields and bytes show here.',
  now: 'Now',
  since: (clock: string, span: string) => `since ${clock}, ${span}`,
  nowAdvice: 'Selecting a packet or scrolling up stops following the end. The capture itself goes on.',
  packetsPerSecond: 'Packets per second',
  lastMinute: (peak: string) => `last 60 s · peak ${peak}`,
  lastMinuteEmpty: 'last 60 s',
  rateChart: (now: string, peak: string) => `Packets per second over the last 60 seconds: now ${now}, peak ${peak}`,
  connections: 'Connections',
  connectionsNow: (seen: string, open: string) => `${seen} seen, ${open} open now`,
  handshakes: {
    done: 'Handshake done',
    refused: 'Refused',
    unanswered: 'No answer',
    halfOpen: 'Half-open',
    notCaptured: 'Start not captured',
  },
  seriesNames: (names: readonly string[], others: number) =>
    names.length === 0 ? `${others} protocols` : `${names.join(', ')}${others === 0 ? '' : ` and ${others} more`}`,
  dropped: 'Dropped',
  dropsUnknown: 'not known',
  dropsAtEnd: 'known at the end',
  timeStamps: 'Time stamps',
  backend: 'Back end',
  keys: [
    ['G', 'go to a packet'],
    ['End', 'follow the end again'],
    ['Ctrl E', 'stop; everything captured stays'],
    ['?', 'all keys'],
  ] as readonly (readonly [string, string])[],
  damage: 'Damage',
  damageWhere: (packet: string, offset: string) => `packet ${packet}, byte ${offset} of the file`,
  recordHeader: 'Record header',
  atByte: (offset: string) => `at byte ${offset}`,
  recordAt: (offset: string) => `record header at ${offset}`,
  missing: (end: string, recordEnd: string, missing: string) =>
    `The file ends at byte ${end}; this record would end at ${recordEnd}. ${missing} bytes are missing.`,
  damageCounted: (packet: string) => `Packet ${packet} is shown here but not counted, exported or followed.`,
  damageTab: 'Damage',
  comment: 'Comment',
  resizeBytes: 'Resize layers and bytes',
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});

/** Short names of flag bits, where the last part of the abbreviation is not what the protocol's RFC calls it. */
export const bitNames: Readonly<Record<string, string>> = {
  'tcp.flags.res': 'Reserved',
  'tcp.flags.ae': 'AE',
  'tcp.flags.ns': 'AE',
  'tcp.flags.ecn': 'ECE',
  'tcp.flags.push': 'PSH',
  'tcp.flags.reset': 'RST',
  'ip.flags.rb': 'Reserved',
  'dns.flags.response': 'QR',
  'dns.flags.opcode': 'Opcode',
  'dns.flags.authoritative': 'AA',
  'dns.flags.truncated': 'TC',
  'dns.flags.recdesired': 'RD',
  'dns.flags.recavail': 'RA',
  'dns.flags.z': 'Z',
  'dns.flags.authenticated': 'AD',
  'dns.flags.checkdisable': 'CD',
  'dns.flags.rcode': 'Rcode',
};
