/** Words of the streams view. Addresses, filters, and the names of charsets and protocols (names.ts) are never translated. */
import { spoken, type Wording } from '../language.ts';
import { ko } from './words.ko.ts';

const en = {
  streams: 'Streams',
  kind: 'Which streams',
  columns: { stream: '#', client: 'Client', server: 'Server', first: 'Initiator', second: 'Responder', bytes: 'Bytes', outcome: 'Outcome' },
  sides: { client: 'Client', server: 'Server', first: 'Initiator', second: 'Responder' },
  list: 'Streams of these packets',
  noStreams: { tcp: 'No TCP connection in these packets.', udp: 'No UDP stream in these packets.' },
  filterLeavesNone: (filter: string) => `The filter ${filter} leaves none.`,
  removeFilter: 'Remove the filter',
  choose: 'Select a stream to read what both sides sent.',
  nothingSent: 'Neither side sent any data in this stream.',
  sideSilent: (side: string) => `${side} sent no data in this stream.`,
  reading: 'Reading the stream…',
  failed: 'The stream could not be read.',
  sentBy: (side: string, bytes: string) => `${side} sent ${bytes}`,
  bytes: (n: number, text: string) => (n === 1 ? `${text} byte` : `${text} bytes`),
  /** `below`: bytes of TCP, where what is above it is shown. */
  missing: (bytes: string, below: boolean) => `${bytes} ${below ? 'of TCP ' : ''}missing in the capture`,
  sealed: 'TLS has encrypted this. With a key log (K) it can be read.',
  content: 'What was sent, in order of delivery',
  piece: (packet: string, side: string, bytes: string) => `Packet ${packet}, ${side}, ${bytes}`,
  packet: (number: string) => `Go to packet ${number}`,
  scroll: 'Place in the stream',
  layer: 'What is shown',
  asSent: 'As sent',
  direction: 'Which side',
  both: 'Both',
  forms: { text: 'Text', hex: 'Hex dump', raw: 'Raw hex' },
  form: 'How bytes are written',
  charset: 'Characters',
  search: 'Find in this stream',
  searchHint: { text: 'Find text', hex: 'Find bytes: 0d 0a' },
  hexBytes: 'Hex',
  hexBytesTitle: 'Look for bytes in hexadecimal',
  badHex: 'Two hexadecimal digits a byte',
  next: 'Next match',
  previous: 'Previous match',
  matches: (at: string, n: string, going: boolean) => `${at === '' ? '' : `${at} of `}${n}${going ? ' so far' : ''}`,
  noMatch: 'not found',
  tooMany: (n: string) => `the first ${n}`,
  copy: 'Copy',
  copied: (bytes: string) => `Copied ${bytes}`,
  tooLargeToCopy: (limit: string) => `Only ${limit} fit in the clipboard. Save the bytes instead.`,
  notCopied: 'The system did not let anything be copied.',
  save: 'Save',
  notSaved: 'The stream could not be saved.',
  saving: (done: string, of: string) => `${done} of ${of}`,
  cancel: 'Cancel',
  saved: (bytes: string, missing: string) => `Saved ${bytes}${missing === '' ? '' : `; ${missing} in the capture are left out`}`,
  showConnection: 'Show the connection',
  onlyPackets: 'Filter on this stream',
  resize: 'Resize list and stream',
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});
