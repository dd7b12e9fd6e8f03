/** Words of the statistics view. Names of protocols are never translated. */
import { count } from '../format.ts';
import { spoken, type Wording } from '../language.ts';
import { ko } from './words.ko.ts';

const en = {
  section: 'Statistics',
  sections: { protocols: 'Protocols', conversations: 'Conversations', endpoints: 'Endpoints', lengths: 'Packet lengths' },
  kind: 'Kind',
  rate: 'Rate over time',
  units: { packets: 'Packets/s', bytes: 'Bits/s' },
  series: { all: 'all packets', mine: 'of the filter', trouble: 'with trouble' },
  counting: (percent: string) => `Counting: ${percent}`,
  whole: 'Show the whole capture',
  onlyTime: 'Filter on this time',
  curveHelp: 'Drag to zoom, double-click for all, click for the first packet of a slot',
  curveSaid: (packets: number, seconds: string, peak: string) =>
    `${packets === 1 ? '1 packet' : `${count(packets)} packets`} over ${seconds}, at most ${peak}`,
  slot: (time: string, packets: string, bytes: string, trouble: string) =>
    `${time}: ${packets}, ${bytes}${trouble === '' ? '' : `, ${trouble}`}`,
  packets: (n: number) => (n === 1 ? '1 packet' : `${count(n)} packets`),
  troubled: (n: number) => `${count(n)} with trouble`,
  perSlot: (length: string) => `One step is ${length}`,
  resize: 'Resize curve and table',
  cursor: 'Slots of the curve: arrow keys, Enter shows the first packet',
  columns: {
    protocol: 'Protocol',
    share: 'Share',
    packets: 'Packets',
    bytes: 'Bytes',
    ends: 'End packets',
    length: 'Bytes on the wire',
    average: 'Average',
    least: 'Shortest',
    most: 'Longest',
    stream: '#',
    a: 'From',
    b: 'To',
    packetsAtoB: 'Packets →',
    packetsBtoA: '← Packets',
    bytesAtoB: 'Bytes →',
    bytesBtoA: '← Bytes',
    start: 'Start',
    duration: 'Duration',
    endpoint: 'Endpoint',
    packetsSent: 'Packets sent',
    packetsReceived: 'Packets received',
    bytesSent: 'Bytes sent',
    bytesReceived: 'Bytes received',
  },
  longer: (from: number) => `${count(from)} and more`,
  all: 'All',
  filterOn: (text: string) => `Filter on ${text}`,
  onlyColumn: 'Filter',
  none: 'No packets to count.',
  noCurve: 'No packets to draw.',
  noneOf: (kind: string) => `No ${kind} conversation in these packets.`,
  clearFilter: 'Remove the filter',
  failed: 'The statistics could not be read.',
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});
