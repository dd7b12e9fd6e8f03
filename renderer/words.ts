/**
 * Every word and sentence that the window shows, in one place. English; a second language is a second object of this shape.
 * Protocol names, flags, states, filters and commands are never translated and do not stand here.
 */
import type { CaptureLimits, CaptureState, Damage } from '../src/messages.ts';
import { byteRate, count, percent, shortCount, size, timeLeft } from './format.ts';
import { spoken, type Wording } from './language.ts';
import { ko } from './words.ko.ts';

const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;

const en = {
  app: 'Sevenfold',
  motto: 'Packets as layers, connections as pictures',

  // title bar
  start: 'Start',
  open: 'Open',
  openFile: 'Open a file',
  closeCapture: (name: string) => `Close ${name}`,
  capturing: (name: string) => `${name}, capturing`,
  interface: 'Interface to capture on',
  startCapture: 'Start capture',
  stop: 'Stop',
  stopping: 'Stopping',
  starting: 'starting, nothing is captured yet',
  restartCapture: 'Drop these packets and start again',
  save: 'Save',
  notSaved: 'The packets were not saved.',
  saveAll: (n: number, format: string) => (n === 1 ? `The packet as ${format}` : `All ${count(n)} packets as ${format}`),
  saveShown: (n: number, format: string) => `The ${count(n)} displayed as ${format}`,
  saveMarked: (n: number, format: string) => `The ${count(n)} marked as ${format}`,
  saved: (n: number, path: string | null) =>
    path === null ? `Saved ${plural(n, 'packet', 'packets')}` : `Saved ${plural(n, 'packet', 'packets')} to ${path}`,
  theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  languages: { system: 'Language: as the system', en: 'Language: English', ko: 'Language: 한국어' },
  place: { auto: 'Inspector: right in a wide window, else below', right: 'Inspector: right', below: 'Inspector: below' },
  keysTitle: 'All keys',
  packetsPerSecond: 'packets/s',
  rateLine: (peak: number) => `Packets per second over the last minute, at most ${count(peak)}`,

  // views
  views: 'Views',
  packets: 'Packets',
  connections: 'Connections',
  streams: 'Streams',
  columnAdded: (field: string) => `${field} is a column now: C takes it away`,
  columnGone: (field: string) => `${field} is no column any more`,
  tooManyColumns: (most: number) => `The list shows ${most} fields at most: take one away first`,
  sorting: (column: string, percent: string) => `Sorting by ${column}: ${percent}`,
  savingNow: (percent: string) => `Saving: ${percent}`,
  cancelSaving: 'Cancel',
  noStream: (packet: number) => `Packet ${count(packet)} belongs to no TCP or UDP stream`,
  http: 'HTTP',
  statistics: 'Statistics',

  // filter bar
  filter: 'Display filter',
  filterHint: 'Port number or display filter: 8080, dns, tcp.flags.reset == 1',
  addCondition: 'add a condition',
  and: 'and',
  removeTerm: (term: string) => `Remove ${term}`,
  termOn: (term: string) => `${term}: on, switch off`,
  termOff: (term: string) => `${term}: off, switch on`,
  clearFilter: 'Clear the filter',
  notApplied: 'not applied',
  checking: 'checking',
  all: (n: number) => plural(n, 'packet', 'packets'),
  allConnections: (n: number) => plural(n, 'connection', 'connections'),
  allExchanges: (n: number) => plural(n, 'exchange', 'exchanges'),
  matches: (matched: number, total: number, time: string) => `${count(matched)} of ${count(total)} · ${time}`,
  matchesSoFar: (matched: number, scanned: number) => `${count(matched)} of ${count(scanned)} so far`,
  stopScan: 'Stop the scan',
  stillShowing: 'Still showing the last valid filter:',
  stillShowingAll: 'Still showing all packets: no filter was applied',
  errorAt: (position: number) => `At position ${position}:`,
  use: 'Use',
  takesIt: 'takes it',
  returns: 'returns to the last valid filter',
  completion: 'Completions',
  inCapture: 'In this capture',
  values: 'Values',
  operators: 'Comparisons and functions',
  notInCapture: 'Not in this capture',
  kinds: { field: 'field', protocol: 'protocol', value: '', operator: '', function: 'function' },
  nPackets: (n: number) => plural(n, 'packet', 'packets'),
  protocolPackets: (n: number, protocol: string) => `${count(n)} ${protocol} ${n === 1 ? 'packet' : 'packets'}`,
  choose: 'choose',
  take: 'take',
  apply: 'apply',
  close: 'close',

  // facets
  facets: 'Facets',
  facetTitles: {
    protocols: 'Protocols',
    trouble: 'Trouble',
    ports: 'Ports',
    connections: 'TCP connections',
    statuses: 'Status codes in packets',
    hosts: 'Hosts',
  },
  statusesAbout:
    'Responses that the layers of a packet show: these the filter finds. The HTTP tab also has those that were put together from segments out of order, or of which the capture has a part.',
  facetUnits: {
    packets: (n: number) => plural(n, 'packet', 'packets'),
    connections: (n: number) => plural(n, 'connection', 'connections'),
  },
  facetsEmpty: 'Counts by protocol, port and host show here as packets come in.',
  showFacets: 'Show the facets',
  hideFacets: 'Fold the facets away',
  facetHint: ['Click adds,', 'Alt', 'excludes'] as const,
  more: (n: number) => `${count(n)} more`,
  fewer: 'fewer',
  facetTooLarge: 'Too many connections for one filter',
  facetRow: (label: string, counted: string, state: 'on' | 'excluded' | 'outside' | 'plain') =>
    `${label}, ${counted}${state === 'on' ? ', part of the filter' : state === 'excluded' ? ', excluded' : state === 'outside' ? ' in the whole capture, none with this filter' : ''}`,

  // list
  resizePanes: 'Resize the panes beside this line',
  packetList: 'Packet list',
  columns: { no: 'No.', time: 'Time', source: 'Source', destination: 'Destination', protocol: 'Proto', length: 'Len', info: 'Info' },
  minimap: 'Overview of the list: click or drag to scroll',
  following: 'Following the end',
  followingHint: 'new packets scroll in; scroll up, select a packet or press',
  followingEnd: 'to stop following',
  newBelow: (n: number) => `${plural(n, 'new packet', 'new packets')} below`,
  followsAgain: 'follows again',
  damage: 'Damage',
  damageRow: (d: Damage) =>
    d.kind === 'cut-short'
      ? `packet ${count(d.packet)}: ${d.promised === 0 ? '' : `${count(d.present)} of ${count(d.promised)} bytes, `}the end of ${d.packed === 'itself' ? 'what could be unpacked' : 'the file'}`
      : `packet ${count(d.packet)}, byte ${count(d.offset)}${d.packed === 'no' ? '' : ' of the unpacked data'}: the file cannot be read further`,
  goTo: 'Go to packet',
  goToHint: (n: number) => `1 to ${count(n)}`,
  goneToNearest: (wanted: number, nearest: number) =>
    `Packet ${count(wanted)} is not among those shown; this is the nearest, ${count(nearest)}`,
  goneToLast: (wanted: number, packets: number, last: number) =>
    `The capture has ${plural(packets, 'packet', 'packets')}, no packet ${count(wanted)}; this is the last of those shown, ${count(last)}`,
  goneNowhere: (wanted: number) => `Packet ${count(wanted)} is not shown, as none is`,
  go: 'Go',
  menu: {
    label: 'What to do with this value',
    on: 'Filter on',
    and: 'and',
    or: 'or',
    exclude: 'Exclude',
    copyValue: 'Copy the value',
    copyRow: 'Copy the row',
    sortUp: 'Sort by this column: smallest first',
    sortDown: 'Sort by this column: largest first',
    sortNone: 'Order of the capture',
    columnAway: 'Take this column away',
    connection: (stream: number) => `Show connection ${stream}`,
    follow: (kind: 'tcp' | 'udp', stream: number) => `Follow ${kind.toUpperCase()} stream ${stream}`,
  },
  /** Panels that several places open. */
  decodeAs: {
    port: (kind: string, port: string) => `Decode ${kind.toUpperCase()} port ${port} as…`,
    layer: 'Decode as…',
  },
  keyLog: {
    title: 'Decrypt TLS',
    layer: 'Key log…',
    notice: (name: string) => `Key log taken: ${name}`,
    failed: 'The key log was not taken.',
    tooLarge: 'It is larger than 64 MB: give its path instead.',
  },
  empty: {
    none: 'No packet matches',
    noneYet: 'No packet matches so far',
    lookedAt: (n: number, reading: boolean) =>
      `${plural(n, 'packet was', 'packets were')} looked at${reading ? ' and more are coming' : ''}.`,
    ports: (ports: readonly string[]) =>
      ports.length === 0
        ? ''
        : ports.length === 1
          ? `The traffic here uses port ${ports[0]}.`
          : `The traffic here uses ports ${ports.slice(0, -1).join(', ')} and ${ports[ports.length - 1]}.`,
    remove: 'Remove the filter',
    tryPort: (port: string) => `Try port ${port}`,
    noPackets: 'This capture has no packets',
    noPacketsFile: (format: string, bytes: number) => `The file is a whole ${format} file of ${size(bytes)}; nothing was recorded in it.`,
    reading: 'No packet yet',
    readingText: (name: string) => `${name} is being read.`,
    waiting: 'No packet yet',
    waitingText: (name: string, filter: string) =>
      filter === ''
        ? `Listening on ${name}. Packets show here as they arrive.`
        : `Listening on ${name} for: ${filter}. Packets show here as they arrive.`,
    liveNothing: 'Nothing was captured',
    liveNothingText: (name: string) => `No packet arrived on ${name} before the capture was stopped.`,
    openAnother: 'Open another file',
  },

  // loading
  reading: (name: string) => `Reading ${name}`,
  readingPace: (packets: number, packetsPerSecond: number, bytesPerSecond: number) =>
    `${shortCount(packets)} packets · ${shortCount(packetsPerSecond)} packets/s · ${byteRate(bytesPerSecond)}`,
  left: (s: number) => `${timeLeft(s)} left`,
  stopHere: 'Stop here',
  stoppedEarly: (s: CaptureState) =>
    `Reading was stopped after ${plural(s.packets, 'packet', 'packets')}, ${percent(s.bytesRead, s.fileBytes)} of the file.`,
  readAll: 'Read all of it',
  fileChange: {
    gone: (name: string) => `${name} was moved or deleted.`,
    replaced: (name: string) => `Another file has taken the place of ${name}.`,
    cut: (name: string) => `${name} was cut short by another program.`,
    grown: (name: string) => `${name} has grown since it was read.`,
    rewritten: (name: string) => `${name} was changed by another program.`,
  },
  fileChangeMeans: {
    gone: 'What is shown stays until you close it.',
    replaced: 'What is shown is the file that was opened.',
    cut: 'The bytes of packets behind its new end cannot be shown any more.',
    grown: 'What came since is not in the list.',
    rewritten: 'Packets may not be shown as they were read.',
  },
  openAgain: 'Open it again',
  leftOut: 'Not everything is shown.',
  opening: (name: string) => `Opening ${name}`,

  // damage
  damageTitle: (d: Damage) =>
    d.kind === 'cut-short'
      ? d.packed === 'itself'
        ? 'The file could not be unpacked to its end.'
        : `The file ends in the middle of packet ${count(d.packet)}.`
      : `The file is damaged at packet ${count(d.packet)}.`,
  damageFact: (d: Damage) => {
    const at = `The record at byte ${count(d.offset)} (0x${d.offset.toString(16)})${d.packed === 'no' ? '' : ' of the unpacked data'}`;
    if (d.kind === 'cut-short' && d.packed === 'itself')
      return d.promised === 0
        ? d.message
        : `${d.message} ${at} promises ${count(d.promised)} bytes, ${count(d.present)} of them were unpacked.`;
    if (d.kind === 'cut-short' && d.promised > 0)
      return `${at} promises ${count(d.promised)} bytes, the file holds ${count(d.present)} of them.`;
    return `${d.message.replace(/\.?$/, '.')} ${at} could not be read.`;
  },
  damageKept: (d: Damage, s: CaptureState, upTo: string | null) => {
    const kept =
      s.packets === 0
        ? 'No packet stands before it.'
        : s.packets === 1
          ? 'The packet before it was read whole and is here.'
          : `The ${count(s.packets)} packets before it were read whole and are all here${upTo === null ? '' : `, up to ${upTo}`}.`;
    return d.kind === 'cut-short' ? `${kept} Usual cause: the copy or the capture was interrupted.` : kept;
  },
  showBytes: 'Show the bytes there',
  saveWhole: (n: number) => (n === 1 ? 'Save the packet' : `Save the ${count(n)} packets`),
  dismiss: 'Close this note',

  // failures
  openFailed: 'This file was not opened.',
  captureFailed: 'The capture stopped.',
  captureNotStarted: 'The capture did not start.',
  kept: (n: number) => (n === 1 ? '1 packet is saved.' : `${count(n)} packets are saved.`),
  lineClosed: 'The line to Sevenfold is closed.',
  lineAdvice: 'Packets already shown stay. Reconnect when the program runs again.',
  lineGone: 'The line to the program is closed.',
  fileRefused: (status: number) => `The server refused the file (HTTP ${status}).`,
  reconnect: 'Reconnect',
  engineGone: 'The engine stopped.',
  restartEngine: 'Restart it and open the file again',
  startEngine: 'Start it again',
  viewFailed: 'This view failed.',
  reloadView: 'Reload this view',
  copy: 'Copy',
  copied: 'Copied',

  // status bar
  name: (s: CaptureState) => s.name,
  spool: (bytes: number, packets: number) => `spool: ${size(bytes)}, on disk to packet ${count(packets)}`,
  displayed: 'Displayed',
  marked: 'Marked',
  nextMark: 'Go to the next marked packet',
  markedNow: (number: number) => `Packet ${count(number)} is marked`,
  tooManyMarked: (most: number) => `No more than ${count(most)} packets can be marked`,
  unmarkedNow: (number: number) => `Packet ${count(number)} is no longer marked`,
  dropped: 'Dropped',
  notRecorded: 'not recorded in file',
  droppedAtCapture: (n: number) => (n === 0 ? 'none at the capture' : `${count(n)} at the capture`),
  dropsUnknown: 'Drops unknown',
  dropsUnknownWhy: 'This capture back end does not count the packets that it lost.',
  dropsLater: 'Drops: at the end',
  dropsLaterWhy: 'dumpcap tells how many packets were dropped when the capture ends.',
  dropsLost: 'The back end ended without telling how many packets were dropped.',
  stampedBy: (clock: string, reason: string) => `Time stamps: ${clock}. Back end: ${reason}`,
  ringFiles: (n: number) => `file ${count(n)} of the ring`,
  fileFormat: (s: CaptureState) => {
    const links = [...new Set(s.interfaces.map((i) => i.linkTypeName))];
    const what = s.interfaces.length > 1 ? plural(s.interfaces.length, 'interface', 'interfaces') : (links[0] ?? '');
    const zip = s.compression === 'gzip' ? ', gzip' : '';
    const broken = s.damage === null ? '' : s.damage.kind === 'cut-short' ? ', cut short' : ', damaged';
    return `${s.live ? 'Live' : 'File'} · ${s.format}${zip}${broken === '' && what !== '' ? `, ${what}` : broken}`;
  },
  capturingFor: (clock: string) => `Capturing ${clock}`,
  capturedFor: (clock: string) => `Captured ${clock}`,
  liveReady: (backend: string | null) => (backend === null ? 'Live capture ready' : `Live capture ready: ${backend}`),
  liveOff: 'Live capture off',
  liveOffPermission: 'Live capture off: no permission',
  liveUnknown: 'Looking for network interfaces',
  drops: (n: number) => (n === 0 ? 'none' : count(n)),
  announcePackets: (n: number) => `${plural(n, 'packet', 'packets')} captured`,

  // start screen
  capture: 'Capture',
  captureHint: 'double-click an interface, or choose and press Enter',
  interfaces: 'Interfaces',
  notReadable: 'seen, not readable',
  noPermission: 'no permission',
  notAvailable: 'not available',
  noInterfaces: 'No network interface was found.',
  down: 'down',
  loopback: 'Loopback',
  everyInterface: 'every interface',
  noAddress: 'no address',
  perSecond: ' /s',
  activity: (name: string, now: number | null) =>
    now === null ? `${name}: activity unknown` : `${name}: ${count(now)} packets per second now`,
  captureFilter: 'Capture filter',
  captureFilterHint: 'Capture filter (optional), for example: tcp port 8080',
  bpf: 'BPF',
  startShort: 'Start',
  also: 'also',
  captureToo: (name: string) => `Capture on ${name} at the same time`,
  several: (names: readonly string[]) => `Start captures on ${names.join(' and ')} together.`,
  captureOptions: 'Options',
  optionsNow: (backend: string, limits: CaptureLimits) =>
    [
      backend === 'auto' ? '' : backend,
      limits.maxPackets === undefined ? '' : `stops after ${plural(limits.maxPackets, 'packet', 'packets')}`,
      limits.maxBytes === undefined ? '' : `stops at ${size(limits.maxBytes)}`,
      limits.maxDurationMs === undefined ? '' : `stops after ${limits.maxDurationMs / 1000} s`,
      limits.ring === undefined ? '' : 'ring of files',
    ]
      .filter((part) => part !== '')
      .join(' · ') || 'back end, when to stop, ring of files',
  backend: 'Back end',
  automatic: 'Automatic',
  automaticSeveral: 'dumpcap, because with cap a busy interface keeps the others waiting.',
  stopAfter: 'Stop after',
  stopPackets: 'Stop after packets',
  stopMegabytes: 'Stop after megabytes',
  stopSeconds: 'Stop after seconds',
  packetsUnit: 'packets',
  secondsUnit: 's',
  stopFact: 'whichever comes first; empty: until you stop it',
  newFileEvery: 'New file every',
  fileMegabytes: 'New file every so many megabytes',
  fileSeconds: 'New file every so many seconds',
  keepFiles: 'Files to keep',
  filesKept: 'files kept',
  ringFact: 'the oldest goes first; the list shows the newest file',
  filesGoTo: 'Files go to',
  filesGoToHint: 'for a ring: a whole path, such as /home/me/trace.pcapng',
  notALimit: (name: string, most: number, whole: boolean) =>
    `${name}: a ${whole ? 'whole number' : 'number'} above 0 and up to ${count(most)} is expected.`,
  filesWithoutRing: 'A number of files to keep needs new files: fill in megabytes or seconds of “New file every” too.',
  ringWithoutPlace: 'A ring of files needs a place: fill in where the files go.',
  recent: 'Recent',
  noRecent: 'Files that you open are listed here.',
  forget: (name: string) => `Take ${name} off this list`,
  dropHere: 'Drop a capture here',
  dropFact: 'pcap, pcapng, plain or gzip, any size: files are read in pieces, never whole',
  dropNow: 'Drop to open',
  pathHint: 'or type the path of a file on this computer',
  pathLabel: 'Path of a capture file',
  sampleTitle: 'See a handshake in 10 seconds',
  sampleText: 'A small capture that ships with the app: one page load, one lost segment, one slow answer.',
  openSample: 'Open the sample',
  handshakePicture: 'A TCP handshake: SYN from the client, SYN and ACK from the server, ACK from the client',
  client: 'Client',
  server: 'Server',
  recovered: 'Recovered',
  recoveredText: (when: string, packets: number, bytes: number) =>
    `from ${when} was not saved: ${plural(packets, 'packet', 'packets')}, ${size(bytes)}.`,
  aCaptureOn: 'A capture on',
  discard: 'Discard',
  liveOffTitle: 'Live capture is off.',
  filesAsUsual: 'Opening files works as usual.',
  orElse: 'Or:',
  checkAgain: 'Check again',
  found: (backend: string) => `Found: ${backend}.`,

  keys: {
    start: [
      ['Ctrl O', 'open'],
      ['Ctrl E', 'start, stop'],
      ['?', 'all keys'],
    ] as const,
    list: [
      ['/, Ctrl F', 'edit the filter'],
      ['Ctrl O', 'open a file'],
      ['Ctrl E', 'start or stop capturing'],
      ['↑ ↓ PgUp PgDn Home End', 'move in the list'],
      ['Ctrl ↑ ↓', 'previous, next packet of the connection'],
      ['G', 'go to a packet number'],
      ['M', 'mark the packet, or take the mark away'],
      ['Double-click, Enter', 'show the connection'],
      ['S', 'follow the stream: read what was sent'],
      ['F, X', 'on a field: filter on its value, exclude it'],
      ['C', 'on a field: make it a column, or take the column away'],
      ['← →, Space', 'fold and unfold a field, a layer'],
      ['E', 'in the ladder: save it as SVG or PNG'],
      ['D', 'on a TCP or UDP layer: decode its port as'],
      ['K', 'decrypt TLS with a key log'],
      ['Alt click', 'exclude the value'],
      ['Shift F10', 'what to do with a value'],
      ['End', 'follow the end again'],
      ['Esc', 'close, stop; while capturing: stop following, select nothing'],
      ['Tab', 'filter, facets, list, layers, bytes'],
      ['?', 'these keys; on a selected field: what it means'],
    ] as const,
  },
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});
