/** SOCKS 4 and 5 (RFC 1928, RFC 1929; SOCKS 4 and 4A by NEC): the negotiation, then what the relayed connection carries. */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { ipv4, ipv6, nameOf, names, string, uint8, uint16 } from '../dissect/field.ts';
import { type Framer, REJECT, type StreamSide } from '../dissect/framer.ts';
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { flows } from '../flow/tcp-flows.ts';
import { UNSET } from '../table/packet-table.ts';
import { app } from './app-kit.ts';

const f = {
  version: uint8('socks.version', 'Version'),
  methods: uint8('socks.auth_method_count', 'Authentication Method Count'),
  method: uint8('socks.auth_method', 'Method'),
  accepted: uint8('socks.auth_accepted_method', 'Accepted Auth Method'),
  subVersion: uint8('socks.subnegotiation_version', 'Subnegotiation Version'),
  user: string('socks.username', 'User name'),
  password: string('socks.password', 'Password'),
  status: uint8('socks.auth_status', 'Status'),
  command: uint8('socks.command', 'Command', {
    names: names({ 1: 'Connect', 2: 'Bind', 3: 'UdpAssociate', 128: 'Ping', 129: 'Traceroute' }),
  }),
  results: uint8('socks.results', 'Results(V4)', {
    names: names({
      90: 'Granted',
      91: 'Rejected or Failed',
      92: 'Rejected because SOCKS server cannot connect to identd on the client',
      93: 'Rejected because the client program and identd report different user-ids',
      0: 'Succeeded',
      1: 'General SOCKS server failure',
      2: 'Connection not allowed by ruleset',
      3: 'Network unreachable',
      4: 'Host unreachable',
      5: 'Connection refused',
      6: 'TTL expired',
      7: 'Command not supported',
      8: 'Address type not supported',
    }),
  }),
  reserved: uint8('socks.reserved', 'Reserved'),
  addressType: uint8('socks.address_type', 'Address Type', { names: names({ 1: 'IPv4', 3: 'Domain Name', 4: 'IPv6' }) }),
  dst: ipv4('socks.dst', 'Remote Address'),
  dst6: ipv6('socks.dstV6', 'Remote Address(ipv6)'),
  name: string('socks.remote_name', 'Remote name'),
  dstPort: uint16('socks.dstport', 'Remote Port'),
  port: uint16('socks.port', 'Port'),
  remotePort: uint16('socks.remote_host_port', 'Remote Host Port'),
};

const Step = { Greeting: 1, Choice: 2, Password: 3, Verdict: 4, Command: 5, Reply: 6, Relay: 7 } as const;

/** What is known of one stream. */
class Session {
  version = 0;
  /** Step that the next bytes from either side belong to. */
  client: number = Step.Greeting;
  server: number = Step.Choice;
  method = 0;
  /** Port that the client asked for: who reads what is relayed. */
  port = 0;
  numbered = false;
  /** Row whose layer of this protocol has been named. */
  shown = UNSET;
  /** Rows of the negotiation, and their steps. */
  readonly steps = new Map<number, number>();
}

const MAX_STEPS = 16;
const sessions = defineState(() => new Map<number, Session>());

function sessionOf(side: StreamSide): Session {
  const all = side.capture.state(sessions);
  let session = all.get(side.stream);
  if (session === undefined) {
    session = new Session();
    all.set(side.stream, session);
  }
  return session;
}

/** Takes the step that bytes[o, end) are; the port of a request stands in its last two octets. */
function advance(side: StreamSide, session: Session, b: Uint8Array, o: number, end: number): void {
  const step = side.fromClient ? session.client : session.server;
  if (session.steps.size < MAX_STEPS) session.steps.set(side.row, step);
  if (step === Step.Greeting) {
    session.version = b[o] as number;
    if (session.version === 4) {
      if (end - o >= 4) session.port = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
      session.steps.set(side.row, Step.Command);
      session.client = Step.Relay;
      session.server = Step.Reply;
    } else session.client = Step.Command;
  } else if (step === Step.Choice) {
    session.method = end - o >= 2 ? (b[o + 1] as number) : 0;
    if (session.method === 2) {
      session.client = Step.Password;
      session.server = Step.Verdict;
    } else session.server = Step.Reply;
  } else if (step === Step.Password) session.client = Step.Command;
  else if (step === Step.Verdict) session.server = Step.Reply;
  else if (step === Step.Command) {
    session.port = end - o >= 2 ? ((b[end - 2] as number) << 8) | (b[end - 1] as number) : 0;
    session.client = Step.Relay;
  } else if (step === Step.Reply) session.server = Step.Relay;
}

/** Whose port the client asked for. A proxy behind a proxy is not followed: the stream has one session. */
function innerOf(session: Session): Protocol | undefined {
  const protocol = tables.tcpPort.lookup(session.port);
  return protocol === socks ? undefined : protocol;
}

/** Who reads what is relayed: asked with the bytes, as for a connection of its own. */
function relayed(session: Session, b: Uint8Array, o: number, end: number): Protocol | undefined {
  const protocol = innerOf(session);
  return protocol === undefined || protocol.accepts?.(b, o, end, end) === false ? undefined : protocol;
}

/** Wireshark takes what is relayed for a conversation with the port asked for, which so has a stream number, though no segments. */
function numberRelayed(side: StreamSide, session: Session): void {
  if (session.numbered) return;
  session.numbered = true;
  const table = side.capture.state(flows);
  const { addr, port } = table.tuples;
  const i = 2 * side.stream;
  table.quote(side.row, addr[i] as number, port[i] as number, addr[i + 1] as number, session.port);
}

const framer: Framer = {
  once: true,
  // What is relayed is this protocol's in every segment, whoever waits for more of it.
  partial(side, w, app, asked) {
    const session = sessionOf(side);
    const again = session.shown === w.row;
    if (!again) w.push(app);
    session.shown = w.row;
    const inner = asked && session.client === Step.Relay && session.server === Step.Relay ? innerOf(session) : undefined;
    if (inner?.framer?.early === true) w.push(inner);
  },
  feed(side, bytes, offset, end) {
    const session = sessionOf(side);
    if ((side.fromClient ? session.client : session.server) !== Step.Relay) {
      advance(side, session, bytes, offset, end);
      return end;
    }
    // A message that goes on is the inner protocol's without asking again.
    const known = side.carryLength > 0 || side.phase !== 0;
    const inner = known ? innerOf(session) : relayed(session, bytes, offset, end);
    if (inner !== undefined) numberRelayed(side, session);
    if (inner?.framer === undefined) return end;
    const next = inner.framer.feed(side, bytes, offset, end);
    // Wanted whole, so that content() can say what is in it.
    if (inner.framer.content !== undefined) side.keep = true;
    return next === REJECT ? end : next;
  },
  done(side) {
    const session = sessionOf(side);
    if (session.client === Step.Relay && session.server === Step.Relay) innerOf(session)?.framer?.done?.(side);
  },
  content(side, w, bytes, offset, end) {
    const session = sessionOf(side);
    if (session.client !== Step.Relay || session.server !== Step.Relay || session.steps.has(w.row)) return;
    session.shown = w.row;
    const inner = relayed(session, bytes, offset, end);
    if (inner?.framer?.content === undefined) return;
    w.push(inner);
    inner.framer.content(side, w, bytes, offset, end);
  },
};

function addressAndPort(layer: Layer, b: Buf, at: number): void {
  const type = layer.uint(f.addressType, at);
  let o = at + 1;
  if (type === 1) {
    layer.bytes(f.dst, o, 4);
    o += 4;
  } else if (type === 4) {
    layer.bytes(f.dst6, o, 16);
    o += 16;
  } else if (type === 3) {
    const length = b.u8(o);
    layer.string(f.name, o + 1, length);
    o += 1 + length;
  } else return;
  layer.uint(f.port, o);
}

function readStep(layer: Layer, b: Buf, step: number): string {
  const o = b.offset;
  switch (step) {
    case Step.Greeting: {
      layer.uint(f.version, o);
      const count = layer.uint(f.methods, o + 1);
      for (let i = 0; i < count && layer.ok; i++) layer.uint(f.method, o + 2 + i);
      return 'Version: 5';
    }
    case Step.Choice:
      layer.uint(f.version, o);
      layer.uint(f.accepted, o + 1);
      return 'Version: 5';
    case Step.Password: {
      layer.uint(f.subVersion, o);
      const user = b.u8(o + 1);
      layer.string(f.user, o + 2, user);
      const password = b.u8(o + 2 + user);
      layer.string(f.password, o + 3 + user, password);
      return 'User name and password';
    }
    case Step.Verdict:
      layer.uint(f.subVersion, o);
      layer.uint(f.status, o + 1);
      return 'Version: 5';
    case Step.Command: {
      const version = layer.uint(f.version, o);
      const command = layer.uint(f.command, o + 1);
      if (version === 4) {
        layer.uint(f.dstPort, o + 2);
        layer.bytes(f.dst, o + 4, 4);
        let end = o + 8;
        while (end < b.end && b.u8(end) !== 0) end++;
        layer.string(f.user, o + 8, end - o - 8);
      } else {
        layer.bytes(f.reserved, o + 2, 1);
        addressAndPort(layer, b, o + 3);
      }
      return nameOf(f.command, command) ?? '';
    }
    case Step.Reply: {
      layer.uint(f.version, o);
      const result = layer.uint(f.results, o + 1);
      if (b.u8(o) === 5) {
        layer.bytes(f.reserved, o + 2, 1);
        addressAndPort(layer, b, o + 3);
      }
      return nameOf(f.results, result) ?? '';
    }
    default:
      return '';
  }
}

export const socks: Protocol = app({
  name: 'socks',
  short: 'Socks',
  title: 'Socks Protocol',
  osi: '5',
  fields: Object.values(f),
  framer,
  read(layer, b, d) {
    const session = d.transport === null ? undefined : d.capture.state(sessions).get(d.transport.stream);
    if (b.length === 0) {
      layer.size(0);
      // A message of what is relayed begins, of which nothing is shown as yet.
      const inner = session === undefined ? undefined : innerOf(session);
      if (inner !== undefined && d.indexed(allProtocols()) === inner) d.call(inner, b);
      return '';
    }
    const step = session === undefined ? Step.Greeting : session.steps.get(d.row);
    if (step !== undefined) return readStep(layer, b, step);
    layer.size(0);
    if (session === undefined) return '';
    layer.add(f.remotePort, b.offset, 0, session.port, { generated: true });
    const inner = relayed(session, b.bytes, b.offset, b.end);
    if (inner !== undefined) d.call(inner, b);
    return '';
  },
});
