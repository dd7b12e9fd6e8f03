/** PostgreSQL's frontend/backend protocol 3.0 (PostgreSQL documentation, chapter "Message Formats"), and the step into TLS before it. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, int32, names, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { type Framer, SILENT, type StreamSide } from '../dissect/framer.ts';
import { flows } from '../flow/tcp-flows.ts';
import { app, be32, each, lengthFramer } from './app-kit.ts';
import { tls } from './tls.ts';

const SSL_REQUEST = 80877103;
const CANCEL = 80877102;
const GSS_REQUEST = 80877104;
const MAX_LENGTH = 1024 * 1024 * 1024;
/** Bits of a side's register `c`. */
const ASKED = 1;

const f = {
  frontend: bool('pgsql.frontend', 'Frontend', { bool: TRUE_FALSE }),
  type: string('pgsql.type', 'Type'),
  length: uint32('pgsql.length', 'Length'),
  major: uint16('pgsql.version_major', 'Protocol major version'),
  minor: uint16('pgsql.version_minor', 'Protocol minor version'),
  supportedMinor: uint32('pgsql.version_supported_minor', 'Supported minor version'),
  unknownOptions: int32('pgsql.number_nonsupported_options', 'Number nonsupported options'),
  unknownOption: string('pgsql.nonsupported_option', 'Nonsupported option'),
  name: string('pgsql.parameter_name', 'Parameter name'),
  value: string('pgsql.parameter_value', 'Parameter value'),
  query: string('pgsql.query', 'Query'),
  password: string('pgsql.password', 'Password'),
  auth: uint32('pgsql.authtype', 'Authentication type', {
    names: names({
      0: 'Success',
      1: 'Kerberos V4',
      2: 'Kerberos V5',
      3: 'Plaintext password',
      4: 'crypt()ed password',
      5: 'MD5 password',
      6: 'SCM credentials',
      7: 'GSSAPI',
      8: 'GSSAPI/SSPI continue',
      9: 'SSPI',
      10: 'SASL',
      11: 'SASL continue',
      12: 'SASL complete',
    }),
  }),
  salt: bytes('pgsql.salt', 'Salt value'),
  mechanism: string('pgsql.auth.sasl.mech', 'SASL authentication mechanism'),
  saslLength: int32('pgsql.auth.sasl.data.length', 'SASL authentication data length'),
  saslData: bytes('pgsql.auth.sasl.data', 'SASL authentication data'),
  gssData: bytes('pgsql.auth.gssapi_sspi.data', 'GSSAPI or SSPI data'),
  statement: string('pgsql.statement', 'Statement'),
  portal: string('pgsql.portal', 'Portal'),
  returns: uint32('pgsql.returns', 'Returns'),
  tag: string('pgsql.tag', 'Tag'),
  status: uint8('pgsql.status', 'Status', { names: names({ 73: 'Idle', 84: 'In a transaction', 69: 'In a failed transaction' }) }),
  copied: bytes('pgsql.copydata', 'Copy data'),
  error: string('pgsql.error', 'Error'),
  pid: uint32('pgsql.pid', 'PID'),
  key: uint32('pgsql.key', 'Key'),
  condition: string('pgsql.condition', 'Condition'),
  oid: uint32('pgsql.oid', 'OID'),
  columns: uint16('pgsql.field.count', 'Field count'),
  column: string('pgsql.col.name', 'Column name'),
  table: uint32('pgsql.oid.table', 'Table OID'),
  index: uint32('pgsql.col.index', 'Column index'),
  typeOid: uint32('pgsql.oid.type', 'Type OID'),
  size: int32('pgsql.val.length', 'Column length'),
  modifier: int32('pgsql.col.typemod', 'Type modifier'),
  format: uint16('pgsql.format', 'Format', { names: names({ 0: 'Text', 1: 'Binary' }) }),
  data: bytes('pgsql.val.data', 'Data'),
  severity: string('pgsql.severity', 'Severity'),
  code: string('pgsql.code', 'Code'),
  message: string('pgsql.message', 'Message'),
  detail: string('pgsql.detail', 'Detail'),
  hint: string('pgsql.hint', 'Hint'),
  position: string('pgsql.position', 'Position'),
  innerPosition: string('pgsql.internal_position', 'Position (Internal)'),
  innerQuery: string('pgsql.internal_query', 'Query (Internal)'),
  where: string('pgsql.where', 'Context'),
  schemaName: string('pgsql.schema_name', 'Schema'),
  tableName: string('pgsql.table_name', 'Table'),
  columnName: string('pgsql.column_name', 'Column'),
  typeName: string('pgsql.type_name', 'Type'),
  constraintName: string('pgsql.constraint_name', 'Constraint'),
  file: string('pgsql.file', 'File'),
  line: string('pgsql.line', 'Line'),
  routine: string('pgsql.routine', 'Routine'),
  text: string('pgsql.text', 'Text'),
};
/** Fields of errors and notices, by their letter. */
const errorFields = new Map<string, FieldDef>([
  ['S', f.severity],
  ['V', f.text],
  ['C', f.code],
  ['M', f.message],
  ['D', f.detail],
  ['H', f.hint],
  ['P', f.position],
  ['p', f.innerPosition],
  ['q', f.innerQuery],
  ['W', f.where],
  ['s', f.schemaName],
  ['t', f.tableName],
  ['c', f.columnName],
  ['d', f.typeName],
  ['n', f.constraintName],
  ['F', f.file],
  ['L', f.line],
  ['R', f.routine],
]);
const clientNames = new Map([
  ['B', 'Bind'],
  ['C', 'Close'],
  ['d', 'Copy data'],
  ['c', 'Copy completion'],
  ['f', 'Copy failure'],
  ['D', 'Describe'],
  ['E', 'Execute'],
  ['H', 'Flush'],
  ['P', 'Parse'],
  ['F', 'Function call'],
  ['Q', 'Simple query'],
  ['S', 'Sync'],
  ['X', 'Termination'],
]);
const serverNames = new Map([
  ['R', 'Authentication request'],
  ['K', 'Backend key data'],
  ['2', 'Bind completion'],
  ['3', 'Close completion'],
  ['C', 'Command completion'],
  ['d', 'Copy data'],
  ['c', 'Copy completion'],
  ['G', 'CopyIn response'],
  ['H', 'CopyOut response'],
  ['W', 'CopyBoth response'],
  ['D', 'Data row'],
  ['I', 'Empty query'],
  ['E', 'Error'],
  ['V', 'Function call response'],
  ['N', 'Notice'],
  ['A', 'Notification'],
  ['v', 'Negotiate protocol version'],
  ['n', 'No data'],
  ['t', 'Parameter description'],
  ['S', 'Parameter status'],
  ['1', 'Parse completion'],
  ['s', 'Portal suspended'],
  ['Z', 'Ready for query'],
  ['T', 'Row description'],
]);

const messages = lengthFramer(5, (h) => (h[0] === 0 ? be32(h, 0) : 1 + Math.min(MAX_LENGTH, be32(h, 1))));

const framer: Framer = {
  feed(side: StreamSide, bytes, offset, end) {
    if (side.carryLength === 0) {
      if (side.fromClient && end - offset >= 8 && bytes[offset] === 0 && be32(bytes, offset) === 8) {
        const code = be32(bytes, offset + 4);
        if (code === SSL_REQUEST || code === GSS_REQUEST) {
          side.c = code === SSL_REQUEST ? ASKED : 0;
          return offset + 8;
        }
      }
      if (!side.fromClient && side.peer.c === ASKED && offset < end) {
        // One octet says whether TLS follows, on both ways.
        side.peer.c = 0;
        if (bytes[offset] === 0x53) side.capture.state(flows).app[side.stream] = tls.id + 1;
        return SILENT;
      }
    }
    return messages.feed(side, bytes, offset, end);
  },
};

const SASL_FIRST = 'SASLInitialResponse message';
const SASL_LATER = 'SASLResponse message';
/**
 * What the client's message `p`, whose body is at `at`, answers. Nothing in it says so: SASL's first answer names a mechanism, its later ones
 * begin with the channel binding (RFC 5802, section 7).
 */
function answerTo(b: Buf, at: number): string {
  if (b.text(at, 6) === 'SCRAM-') return SASL_FIRST;
  return b.text(at, 2) === 'c=' ? SASL_LATER : 'Password message';
}

/** Reads on through one message. */
class Message {
  readonly layer: Layer;
  readonly b: Buf;
  at: number;
  readonly end: number;

  constructor(layer: Layer, b: Buf, at: number, end: number) {
    this.layer = layer;
    this.b = b;
    this.at = at;
    this.end = end;
  }
  text(field: FieldDef): string {
    const { b, layer, at, end } = this;
    let stop = at;
    while (stop < end && b.u8(stop) !== 0) stop++;
    const size = Math.min(end, stop + 1) - at;
    this.at = at + Math.max(1, size);
    return at < end ? layer.string(field, at, size, { zero: true }) : '';
  }
  uint(field: FieldDef, length: number): number {
    const value = this.layer.uint(field, this.at, length);
    this.at += length;
    return value;
  }
  get more(): boolean {
    return this.layer.ok && this.at < this.end;
  }
  /** The number of elements of a list, of 16 bits, which has no field of its own. */
  count(): number {
    if (!this.layer.has(this.at, 2)) return 0;
    this.at += 2;
    return this.b.u16(this.at - 2);
  }
  /** A list of numbers of `length` octets behind their count. */
  list(field: FieldDef, length: number): void {
    const count = this.count();
    for (let i = 0; i < count && this.more; i++) this.uint(field, length);
  }
  /** `count` values, each behind its length, which is -1 for NULL. */
  values(count: number): void {
    for (let i = 0; i < count && this.more; i++) {
      const length = this.uint(f.size, 4);
      if (length <= 0) continue;
      this.layer.bytes(f.data, this.at, length);
      this.at += length;
    }
  }
  rest(field: FieldDef): void {
    if (this.more) this.layer.bytes(field, this.at, this.end - this.at);
  }

  fromClient(type: string): void {
    const { layer } = this;
    switch (type) {
      case 'Q':
        this.text(f.query);
        return;
      case 'p':
        switch (answerTo(this.b, this.at)) {
          case SASL_FIRST:
            this.text(f.mechanism);
            this.uint(f.saslLength, 4);
            this.rest(f.saslData);
            return;
          case SASL_LATER:
            this.rest(f.saslData);
            return;
          default:
            this.text(f.password);
        }
        return;
      case 'P':
        this.text(f.statement);
        this.text(f.query);
        this.list(f.typeOid, 4);
        return;
      case 'B':
        this.text(f.portal);
        this.text(f.statement);
        this.list(f.format, 2);
        this.values(this.count());
        this.list(f.format, 2);
        return;
      case 'E':
        this.text(f.portal);
        this.uint(f.returns, 4);
        return;
      case 'F':
        this.uint(f.oid, 4);
        this.list(f.format, 2);
        this.values(this.count());
        this.uint(f.format, 2);
        return;
      case 'd':
        this.rest(f.copied);
        return;
      case 'D':
      case 'C': {
        const kind = this.b.u8(this.at++);
        this.text(kind === 0x53 ? f.statement : f.portal);
        return;
      }
      default:
        if (layer.ok && type === 'f') this.text(f.error);
    }
  }

  fromServer(type: string): void {
    const { layer, b } = this;
    switch (type) {
      case 'R': {
        const kind = this.uint(f.auth, 4);
        if (kind === 5) layer.bytes(f.salt, this.at, 4);
        else if (kind === 10) while (this.more && b.u8(this.at) !== 0) this.text(f.mechanism);
        else if (kind === 11 || kind === 12) this.rest(f.saslData);
        else if (kind === 8) this.rest(f.gssData);
        return;
      }
      case 'S':
        this.text(f.name);
        this.text(f.value);
        return;
      case 'K':
        this.uint(f.pid, 4);
        this.uint(f.key, 4);
        return;
      case 'Z':
        layer.uint(f.status, this.at, 1);
        return;
      case 'C':
        this.text(f.tag);
        return;
      case 'T': {
        const count = this.uint(f.columns, 2);
        for (let i = 0; i < count && this.more; i++) {
          this.text(f.column);
          this.uint(f.table, 4);
          this.uint(f.index, 2);
          this.uint(f.typeOid, 4);
          this.uint(f.size, 2);
          this.uint(f.modifier, 4);
          this.uint(f.format, 2);
        }
        return;
      }
      case 'D':
        this.values(this.uint(f.columns, 2));
        return;
      case 't': {
        const count = this.uint(f.columns, 2);
        for (let i = 0; i < count && this.more; i++) this.uint(f.typeOid, 4);
        return;
      }
      case 'G':
      case 'H':
      case 'W': {
        this.uint(f.format, 1);
        const count = this.uint(f.columns, 2);
        for (let i = 0; i < count && this.more; i++) this.uint(f.format, 2);
        return;
      }
      case 'v': {
        this.uint(f.supportedMinor, 4);
        const count = this.uint(f.unknownOptions, 4);
        for (let i = 0; i < count && this.more; i++) this.text(f.unknownOption);
        return;
      }
      case 'V':
        this.values(1);
        return;
      case 'A':
        this.uint(f.pid, 4);
        this.text(f.condition);
        if (this.more && b.u8(this.at) !== 0) this.text(f.text);
        return;
      case 'd':
        this.rest(f.copied);
        return;
      case 'E':
      case 'N':
        while (this.more) {
          const field = errorFields.get(String.fromCharCode(b.u8(this.at++)));
          if (field === undefined && b.u8(this.at - 1) === 0) return;
          this.text(field ?? f.text);
        }
        return;
      default:
    }
  }
}

/** A message of the client without a type: the beginning of a session, or a request beside it. */
function startup(layer: Layer, b: Buf, at: number): [number, string] {
  const length = layer.uint(f.length, at);
  const end = Math.min(b.end, at + Math.max(8, length));
  const code = b.u32(at + 4);
  layer.add(
    f.type,
    at,
    0,
    code === SSL_REQUEST
      ? 'SSL request'
      : code === GSS_REQUEST
        ? 'GSS encrypt request'
        : code === CANCEL
          ? 'Cancel request'
          : 'Startup message',
  );
  if (code === SSL_REQUEST || code === GSS_REQUEST || code === CANCEL) {
    if (code === CANCEL) {
      layer.uint(f.pid, at + 8);
      layer.uint(f.key, at + 12);
    }
    return [end, ''];
  }
  layer.uint(f.major, at + 4, 2);
  layer.uint(f.minor, at + 6, 2);
  const message = new Message(layer, b, at + 8, end);
  while (message.more && b.u8(message.at) !== 0) {
    message.text(f.name);
    message.text(f.value);
  }
  return [end, ''];
}

export const pgsql = app({
  name: 'pgsql',
  short: 'PGSQL',
  title: 'PostgreSQL',
  fields: Object.values(f),
  framer,
  read(layer, b, d) {
    const client = d.transport?.fromClient !== false;
    const letters: string[] = [];
    each(layer, b, (at, info) => {
      info.push('');
      layer.add(f.frontend, b.offset, 0, client, { hidden: true });
      if (client && b.u8(at) === 0) {
        const [next] = startup(layer, b, at);
        letters.push('');
        return next;
      }
      const letter = String.fromCharCode(b.u8(at));
      const word = client && letter === 'p' ? answerTo(b, at + 5) : ((client ? clientNames : serverNames).get(letter) ?? 'Unknown');
      layer.add(f.type, at, 1, word);
      const length = layer.uint(f.length, at + 1);
      const end = Math.min(b.end, at + 1 + Math.max(4, length));
      const message = new Message(layer, b, at + 5, end);
      if (client) message.fromClient(letter);
      else message.fromServer(letter);
      letters.push(letter);
      return end;
    });
    return `${client ? '>' : '<'}${letters.slice(0, 30).join('/')}`;
  },
});
