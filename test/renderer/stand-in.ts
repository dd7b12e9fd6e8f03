/**
 * A stand-in for the back end, for looking at states of the window that a real capture reaches seldom. Its rows are computed from
 * their number. Used by the page beside it and by tests, never by the program.
 */

import {
  type Answer,
  type CaptureAbility,
  type CaptureState,
  defaultSettings,
  type Facet,
  type FilterCheck,
  type HostInfo,
  type LiveStatus,
  type Mark,
  type PacketDetail,
  type RowSummary,
  type Transport,
  type ViewState,
} from '../../src/messages.ts';

export type Scene = 'file' | 'live' | 'live-failed' | 'reading' | 'damaged' | 'empty' | 'start' | 'no-capture' | 'gone' | 'huge';

const ok = <T>(value: T): Answer<T> => ({ ok: true, value });

function row(n: number): RowSummary {
  const app = n % 11 === 4;
  const up = n % 2 === 0;
  const port = String(52800 + (n % 30));
  const marks: Mark[] = [];
  if (n % 37 === 0) marks.push({ kind: 'warn', text: 'Retransmission' });
  if (n % 53 === 0) marks.push({ kind: 'bad', text: 'Reset' });
  if (n % 29 === 1) marks.push({ kind: 'handshake', text: '1/3' });
  if (n % 29 === 7) marks.push({ kind: 'neutral', text: 'Dup ACK 145#7' });
  return {
    row: n,
    time: (n * 0.000_731).toFixed(6),
    source: up ? '192.168.1.24' : '203.0.113.80',
    destination: up ? '203.0.113.80' : '192.168.1.24',
    sourcePort: up ? port : '8080',
    destinationPort: up ? '8080' : port,
    protocol: app ? 'HTTP' : 'TCP',
    hue: app ? 'app' : 'tra',
    length: app ? 504 : 66 + (n % 3) * 724,
    info: app ? 'POST /api/checkout HTTP/1.1 (application/json)' : `[ACK] Seq=${n * 7} Ack=482 Win=64128 Len=${(n % 3) * 724}`,
    marks,
    stream: n % 30,
    transport: 'tcp',
    fields: [],
  };
}

function captureState(scene: Scene, packets: number): CaptureState {
  const live = scene === 'live' || scene === 'live-failed';
  return {
    capture: 1,
    path: live ? '/tmp/spool.pcapng' : '/home/user/captures/made-up.pcap',
    name: live ? 'eth0' : 'made-up.pcap',
    phase: scene === 'reading' ? 'reading' : scene === 'live' ? 'following' : 'done',
    live,
    format: live ? 'pcapng' : 'pcap',
    compression: 'none',
    packets,
    bytes: packets * 600,
    connections: 30,
    udpStreams: 4,
    exchanges: 0,
    bytesRead: scene === 'reading' ? 1_210_000_000 : packets * 600,
    fileBytes: scene === 'reading' ? 2_040_000_000 : packets * 600,
    elapsedMs: scene === 'reading' ? 1671 : 12,
    firstTime: packets === 0 ? null : '1773308467.118000000',
    lastTime: packets === 0 ? null : '1773308472.572000000',
    interfaces: [{ name: 'eth0', description: null, linkType: 1, linkTypeName: 'Ethernet', packets, dropped: null }],
    comments: [],
    damage:
      scene === 'damaged'
        ? {
            kind: 'cut-short',
            packet: packets + 1,
            offset: 130_347,
            packed: 'no',
            promised: 1514,
            present: 709,
            message: 'The file ends in the middle of a packet.',
          }
        : null,
    timePrecision: 6,
    notes: [],
    change: null,
  };
}

const ABILITY: CaptureAbility = {
  available: true,
  backend: 'dumpcap 4.0.17',
  reason: 'dumpcap, because the kernel stamps its packets and it counts drops.',
  backends: [
    { name: 'dumpcap', usable: true, version: 'dumpcap 4.0.17', about: 'Times by the kernel, drops counted.', lack: null },
    { name: 'cap', usable: true, version: 'cap 0.2.1, libpcap 1.10.3', about: 'Packets show at once.', lack: null },
  ],
  failure: null,
  interfaces: [
    {
      name: 'eth0',
      description: 'Intel I225-V',
      addresses: ['192.168.1.24', 'fe80::3e22:fbff:fe4a:910e'],
      loopback: false,
      up: true,
      packets: 0,
      bytes: 0,
    },
    { name: 'wlan0', description: 'Wi-Fi 6', addresses: ['10.0.0.71'], loopback: false, up: true, packets: 0, bytes: 0 },
    { name: 'lo', description: null, addresses: ['127.0.0.1', '::1'], loopback: true, up: true, packets: 0, bytes: 0 },
    { name: 'any', description: null, addresses: [], loopback: false, up: true, packets: null, bytes: null },
  ],
};

const NO_ABILITY: CaptureAbility = {
  available: false,
  backend: 'libpcap 1.10.3',
  reason: null,
  backends: [],
  failure: {
    code: 'permission',
    message: 'Live capture is off: this user may not open network interfaces.',
    advice: 'To allow capture without running the app as root, run this once, answer Yes, and log in again:',
    commands: [
      'sudo apt install wireshark-common && sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark "$USER"',
      'sudo setcap cap_net_raw,cap_net_admin+eip "$(readlink -f "$(which node)")"',
    ],
  },
  interfaces: ABILITY.interfaces,
};

const FACETS: readonly Facet[] = [
  {
    id: 'protocols',
    title: 'Protocols',
    unit: 'packets',
    values: [
      { label: 'TCP', hue: 'tra', filter: 'tcp', count: 1320, total: 1320 },
      { label: 'HTTP', hue: 'app', filter: 'http', count: 220, total: 220 },
      { label: 'ARP', hue: 'link', filter: 'arp', count: 0, total: 20 },
    ],
  },
  {
    id: 'trouble',
    title: 'Trouble',
    unit: 'packets',
    values: [
      { label: 'Duplicate ACK', tone: 'neutral', filter: 'tcp.analysis.duplicate_ack', count: 70, total: 70 },
      { label: 'Retransmission', tone: 'warn', filter: 'tcp.analysis.retransmission', count: 30, total: 30 },
      { label: 'Reset', tone: 'bad', filter: 'tcp.flags.reset == 1', count: 20, total: 20 },
    ],
  },
  {
    id: 'ports',
    title: 'Ports',
    unit: 'packets',
    values: Array.from({ length: 14 }, (_, i) => ({
      label: String(8080 - i),
      note: i === 0 ? 'http-alt' : '',
      filter: `tcp.port == ${8080 - i}`,
      count: 500 - 30 * i,
      total: 500,
    })),
  },
];

/** Made-up grammar: `=>` is wrong, everything else is right, `&&` separates. */
function check(text: string): FilterCheck {
  const at = text.indexOf('=>');
  if (at >= 0)
    return {
      ok: false,
      error: { start: at, end: at + 2, message: 'Unexpected =>. After a field a comparison is expected: == != > < >= <=', fix: '>=' },
    };
  const expanded = /^\d+$/.test(text.trim()) ? `tcp.port == ${text.trim()} || udp.port == ${text.trim()}` : text.trim();
  const terms = expanded === '' ? [] : expanded.split('&&').map((part) => ({ start: 0, end: 0, text: part.trim() }));
  return { ok: true, expanded, terms };
}

/** The stand-in in one scene. `ticks`: whether time goes on (a live capture grows). */
export function standIn(scene: Scene, ticks: boolean): Transport {
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const on = (key: string, listener: (value: unknown) => void): (() => void) => {
    const set = listeners.get(key) ?? new Set();
    listeners.set(key, set.add(listener));
    return () => set.delete(listener);
  };
  const emit = (key: string, value: unknown): void => {
    for (const listener of listeners.get(key) ?? []) listener(value);
  };
  const open = scene !== 'start' && scene !== 'no-capture';
  let packets = scene === 'empty' ? 0 : scene === 'huge' ? 3_100_000 : scene === 'reading' ? 18_412 : 2380;
  let view: ViewState = { view: 1, filter: '', matched: packets, scanned: packets, complete: true, elapsedMs: 3, sorting: null };
  let settings = defaultSettings;
  let counter = 0;
  const startedAt = Date.now() - 102_000;
  const live = (): LiveStatus => ({
    phase: scene === 'live-failed' ? 'failed' : 'capturing',
    interface: 'eth0',
    captureFilter: 'tcp port 8080 or udp port 53',
    spool: '/tmp/spool.pcapng',
    files: 1,
    backend: {
      backend: 'cap',
      version: 'cap 0.2.1, libpcap 1.10.3',
      reason: 'cap, because dumpcap is not installed.',
      clock: 'Stamped on arrival in the capture process, in nanoseconds.',
      drops: 'unknown',
    },
    packets,
    bytes: packets * 620,
    packetsPerSecond: 900 + Math.round(400 * Math.abs(Math.sin(Date.now() / 7000))),
    bytesPerSecond: 1_300_000,
    startedAt,
    stoppedAt: scene === 'live-failed' ? startedAt + 102_000 : null,
    dropped: null,
    failure: scene === 'live-failed' ? { code: 'io', message: 'The interface went down.', advice: 'Bring it up and start again.' } : null,
    saved: true,
  });
  if (ticks && (scene === 'live' || scene === 'live-failed')) {
    setInterval(() => emit('host:live', live()), 1000);
    setTimeout(() => emit('host:live', live()), 50);
  }
  if (ticks && scene === 'live') {
    setInterval(() => {
      packets += 100;
      view = { ...view, matched: packets, scanned: packets };
      emit('engine:state', captureState(scene, packets));
      emit('engine:view', view);
    }, 100);
  }
  if (ticks && scene === 'gone')
    setTimeout(() => emit('host:engineGone', { code: 'internal', message: 'It ended with exit code 9.' }), 300);
  const matches = (n: number): boolean => (view.filter === '' ? true : view.filter.includes('9999') ? false : n % 2 === 0);
  const kept = (): number => (view.filter === '' ? packets : view.filter.includes('9999') ? 0 : Math.ceil(packets / 2));
  const rowAt = (position: number): number => (view.filter === '' ? position : position * 2);
  const detail = (n: number): PacketDetail => ({
    capture: 1,
    row: n,
    time: '1773308468.056312000',
    length: 504,
    capturedLength: 504,
    info: row(n).info,
    protocol: row(n).protocol,
    layers: [],
    sources: [{ name: 'Frame', bytes: new Uint8Array(504) }],
    stream: row(n).stream,
    transport: 'tcp',
    related: [n + 1, n + 3],
    comments: [],
    certificates: [],
  });
  const engine: Record<string, (args: never) => unknown> = {
    state: () => ({ capture: open ? captureState(scene, packets) : null, view: open ? view : null }),
    stopReading: () => null,
    stopScan: () => null,
    checkFilter: ({ text }: { text: string }) => check(text),
    setFilter: ({ text }: { text: string }) => {
      const result = check(text);
      if (!result.ok) return result;
      view = { ...view, view: view.view + 1, filter: result.expanded };
      view = { ...view, matched: kept() };
      return { ...result, view };
    },
    complete: ({ text }: { text: string }) => {
      const start = text.lastIndexOf(' ') + 1;
      const part = text.slice(start);
      const names = ['http.response.code', 'http.response', 'http.request.method', 'tcp.port', 'tcp.stream', 'tcp.flags.reset'];
      return names
        .filter((name) => name.startsWith(part))
        .map((insert, i) => ({
          insert,
          start,
          end: text.length,
          label: `Meaning of ${insert}`,
          kind: 'field',
          count: i % 3 === 2 ? 0 : 12,
        }));
    },
    rows: ({ view: number, from, count }: { view: number; from: number; count: number }) => ({
      stale: number !== view.view,
      rows: number === view.view ? Array.from({ length: Math.max(0, Math.min(count, kept() - from)) }, (_, i) => row(rowAt(from + i))) : [],
      matched: view.matched,
    }),
    positionOf: ({ row: n }: { row: number }) => ({ position: view.filter === '' ? n : Math.ceil(n / 2), exact: matches(n) }),
    packet: ({ row: n }: { row: number }) => detail(n),
    neighbour: ({ row: n, step }: { row: number; step: number }) => ({ row: n + 30 * step < 0 ? null : n + 30 * step }),
    damage: () => null,
    facets: () => FACETS,
    pulse: ({ until }: { until: number }) => ({
      until,
      series: [
        { hue: 'tra', names: ['TCP'], others: 0, perSecond: Array.from({ length: 60 }, (_, i) => 800 + 300 * Math.sin(i / 5)) },
        { hue: 'app', names: ['HTTP', 'DNS'], others: 0, perSecond: Array.from({ length: 60 }, (_, i) => 120 + 80 * Math.cos(i / 7)) },
      ].map((series) => ({ ...series, perSecond: series.perSecond.map(Math.round) })),
      connections: { total: 212, open: 9, done: 203, refused: 6, unanswered: 3, halfOpen: 0, notCaptured: 0 },
    }),
    minimap: ({ buckets }: { buckets: number }) =>
      Array.from({ length: Math.min(buckets, packets) }, (_, i) => ({
        hue: i % 11 === 4 ? 'app' : 'tra',
        trouble: i % 53 === 0 ? 'bad' : i % 37 === 0 ? 'warn' : 'none',
      })),
    connections: () => ({ rows: [], total: 0 }),
    connectionPosition: () => ({ position: 0 }),
  };
  const info: HostInfo = { mode: 'browser', version: '0.1.0', platform: 'linux', sample: '/usr/share/sevenfold/sample.pcapng' };
  const host: Record<string, (args: never) => unknown> = {
    info: () => info,
    settings: () => settings,
    setSettings: (change: Partial<typeof settings>) => {
      settings = { ...settings, ...change };
      return null;
    },
    recent: () => [
      {
        path: '/a/b/made-up.pcap',
        name: 'made-up.pcap',
        folder: '~/captures',
        bytes: 140_000,
        packets: 238,
        openedAt: Date.now() - 600_000,
      },
      {
        path: '/a/b/customer.pcapng',
        name: 'customer.pcapng',
        folder: '~/cases/4471',
        bytes: 2_040_000_000,
        packets: 3_104_882,
        openedAt: Date.now() - 90_000_000,
      },
    ],
    recovered: () => [{ path: '/x', interface: 'wlan0', startedAt: Date.now() - 80_000_000, packets: 9114, bytes: 6_100_000 }],
    ability: () => {
      counter++;
      const base = scene === 'no-capture' ? NO_ABILITY : ABILITY;
      return {
        ...base,
        interfaces: base.interfaces.map((item, i) =>
          item.packets === null
            ? item
            : {
                ...item,
                packets: Math.round(counter * 1000 * (1 + Math.sin(counter * (i + 1)) / (4 + counter))),
                bytes: counter * 900_000,
              },
        ),
      };
    },
    save: () => ({ saved: true, path: '/tmp/out.pcapng', download: null, whole: true, count: packets, bytes: 1000, left: 0, note: null }),
  };
  const call = async (table: Record<string, (args: never) => unknown>, name: string, args: unknown): Promise<Answer<never>> => {
    const work = table[name];
    return ok((work === undefined ? null : work(args as never)) as never);
  };
  return {
    engine: (name, args) => call(engine, name, args),
    host: (name, args) => call(host, name, args),
    onEngine: (name, listener) => on(`engine:${name}`, listener as (value: unknown) => void),
    onHost: (name, listener) => on(`host:${name}`, listener as (value: unknown) => void),
    onClosed: (listener) => {
      if (scene === 'gone' && ticks) setTimeout(() => listener(''), 200);
      return () => {};
    },
    openFile: async () => ok(null),
  };
}
