/** MySQL's client/server protocol 4.1 and later (MySQL internals manual, chapter 14), and the step into TLS in its login. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, type FieldDef, nameOf, names, none, string, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import type { Framer } from '../dissect/framer.ts';
import { flows } from '../flow/tcp-flows.ts';
import { app, each, le16, lengthFramer } from './app-kit.ts';
import { mysqlAttributeFields, queryAttributes } from './mysql-attributes.ts';
import { tls } from './tls.ts';

/** Character sets with their collations. */
const collations = names({
  3: 'dec8 COLLATE dec8_swedish_ci',
  4: 'cp850 COLLATE cp850_general_ci',
  5: 'latin1 COLLATE latin1_german1_ci',
  6: 'hp8 COLLATE hp8_english_ci',
  7: 'koi8r COLLATE koi8r_general_ci',
  8: 'latin1 COLLATE latin1_swedish_ci',
  9: 'latin2 COLLATE latin2_general_ci',
  10: 'swe7 COLLATE swe7_swedish_ci',
  11: 'ascii COLLATE ascii_general_ci',
  14: 'cp1251 COLLATE cp1251_bulgarian_ci',
  15: 'latin1 COLLATE latin1_danish_ci',
  16: 'hebrew COLLATE hebrew_general_ci',
  20: 'latin7 COLLATE latin7_estonian_cs',
  21: 'latin2 COLLATE latin2_hungarian_ci',
  22: 'koi8u COLLATE koi8u_general_ci',
  23: 'cp1251 COLLATE cp1251_ukrainian_ci',
  25: 'greek COLLATE greek_general_ci',
  26: 'cp1250 COLLATE cp1250_general_ci',
  27: 'latin2 COLLATE latin2_croatian_ci',
  29: 'cp1257 COLLATE cp1257_lithuanian_ci',
  30: 'latin5 COLLATE latin5_turkish_ci',
  31: 'latin1 COLLATE latin1_german2_ci',
  32: 'armscii8 COLLATE armscii8_general_ci',
  33: 'utf8 COLLATE utf8_general_ci',
  36: 'cp866 COLLATE cp866_general_ci',
  37: 'keybcs2 COLLATE keybcs2_general_ci',
  38: 'macce COLLATE macce_general_ci',
  39: 'macroman COLLATE macroman_general_ci',
  40: 'cp852 COLLATE cp852_general_ci',
  41: 'latin7 COLLATE latin7_general_ci',
  42: 'latin7 COLLATE latin7_general_cs',
  43: 'macce COLLATE macce_bin',
  44: 'cp1250 COLLATE cp1250_croatian_ci',
  45: 'utf8mb4 COLLATE utf8mb4_general_ci',
  46: 'utf8mb4 COLLATE utf8mb4_bin',
  47: 'latin1 COLLATE latin1_bin',
  48: 'latin1 COLLATE latin1_general_ci',
  49: 'latin1 COLLATE latin1_general_cs',
  50: 'cp1251 COLLATE cp1251_bin',
  51: 'cp1251 COLLATE cp1251_general_ci',
  52: 'cp1251 COLLATE cp1251_general_cs',
  53: 'macroman COLLATE macroman_bin',
  57: 'cp1256 COLLATE cp1256_general_ci',
  58: 'cp1257 COLLATE cp1257_bin',
  59: 'cp1257 COLLATE cp1257_general_ci',
  63: 'binary COLLATE binary',
  64: 'armscii8 COLLATE armscii8_bin',
  65: 'ascii COLLATE ascii_bin',
  66: 'cp1250 COLLATE cp1250_bin',
  67: 'cp1256 COLLATE cp1256_bin',
  68: 'cp866 COLLATE cp866_bin',
  69: 'dec8 COLLATE dec8_bin',
  70: 'greek COLLATE greek_bin',
  71: 'hebrew COLLATE hebrew_bin',
  72: 'hp8 COLLATE hp8_bin',
  73: 'keybcs2 COLLATE keybcs2_bin',
  74: 'koi8r COLLATE koi8r_bin',
  75: 'koi8u COLLATE koi8u_bin',
  77: 'latin2 COLLATE latin2_bin',
  78: 'latin5 COLLATE latin5_bin',
  79: 'latin7 COLLATE latin7_bin',
  80: 'cp850 COLLATE cp850_bin',
  81: 'cp852 COLLATE cp852_bin',
  82: 'swe7 COLLATE swe7_bin',
  83: 'utf8 COLLATE utf8_bin',
  92: 'geostd8 COLLATE geostd8_general_ci',
  93: 'geostd8 COLLATE geostd8_bin',
  94: 'latin1 COLLATE latin1_spanish_ci',
  99: 'cp1250 COLLATE cp1250_polish_ci',
  192: 'utf8 COLLATE utf8_unicode_ci',
  193: 'utf8 COLLATE utf8_icelandic_ci',
  194: 'utf8 COLLATE utf8_latvian_ci',
  195: 'utf8 COLLATE utf8_romanian_ci',
  196: 'utf8 COLLATE utf8_slovenian_ci',
  197: 'utf8 COLLATE utf8_polish_ci',
  198: 'utf8 COLLATE utf8_estonian_ci',
  199: 'utf8 COLLATE utf8_spanish_ci',
  200: 'utf8 COLLATE utf8_swedish_ci',
  201: 'utf8 COLLATE utf8_turkish_ci',
  202: 'utf8 COLLATE utf8_czech_ci',
  203: 'utf8 COLLATE utf8_danish_ci',
  204: 'utf8 COLLATE utf8_lithuanian_ci',
  205: 'utf8 COLLATE utf8_slovak_ci',
  206: 'utf8 COLLATE utf8_spanish2_ci',
  207: 'utf8 COLLATE utf8_roman_ci',
  208: 'utf8 COLLATE utf8_persian_ci',
  209: 'utf8 COLLATE utf8_esperanto_ci',
  210: 'utf8 COLLATE utf8_hungarian_ci',
  211: 'utf8 COLLATE utf8_sinhala_ci',
  212: 'utf8 COLLATE utf8_german2_ci',
  213: 'utf8 COLLATE utf8_croatian_ci',
  214: 'utf8 COLLATE utf8_unicode_520_ci',
  215: 'utf8 COLLATE utf8_vietnamese_ci',
  223: 'utf8 COLLATE utf8_general_mysql500_ci',
  224: 'utf8mb4 COLLATE utf8mb4_unicode_ci',
  225: 'utf8mb4 COLLATE utf8mb4_icelandic_ci',
  226: 'utf8mb4 COLLATE utf8mb4_latvian_ci',
  227: 'utf8mb4 COLLATE utf8mb4_romanian_ci',
  228: 'utf8mb4 COLLATE utf8mb4_slovenian_ci',
  229: 'utf8mb4 COLLATE utf8mb4_polish_ci',
  230: 'utf8mb4 COLLATE utf8mb4_estonian_ci',
  231: 'utf8mb4 COLLATE utf8mb4_spanish_ci',
  232: 'utf8mb4 COLLATE utf8mb4_swedish_ci',
  233: 'utf8mb4 COLLATE utf8mb4_turkish_ci',
  234: 'utf8mb4 COLLATE utf8mb4_czech_ci',
  235: 'utf8mb4 COLLATE utf8mb4_danish_ci',
  236: 'utf8mb4 COLLATE utf8mb4_lithuanian_ci',
  237: 'utf8mb4 COLLATE utf8mb4_slovak_ci',
  238: 'utf8mb4 COLLATE utf8mb4_spanish2_ci',
  239: 'utf8mb4 COLLATE utf8mb4_roman_ci',
  240: 'utf8mb4 COLLATE utf8mb4_persian_ci',
  241: 'utf8mb4 COLLATE utf8mb4_esperanto_ci',
  242: 'utf8mb4 COLLATE utf8mb4_hungarian_ci',
  243: 'utf8mb4 COLLATE utf8mb4_sinhala_ci',
  244: 'utf8mb4 COLLATE utf8mb4_german2_ci',
  245: 'utf8mb4 COLLATE utf8mb4_croatian_ci',
  246: 'utf8mb4 COLLATE utf8mb4_unicode_520_ci',
  247: 'utf8mb4 COLLATE utf8mb4_vietnamese_ci',
  248: 'gb18030 COLLATE gb18030_chinese_ci',
  249: 'gb18030 COLLATE gb18030_bin',
  250: 'gb18030 COLLATE gb18030_unicode_520_ci',
  255: 'utf8mb4 COLLATE utf8mb4_0900_ai_ci',
  256: 'utf8mb4 COLLATE utf8mb4_de_pb_0900_ai_ci',
  257: 'utf8mb4 COLLATE utf8mb4_is_0900_ai_ci',
  258: 'utf8mb4 COLLATE utf8mb4_lv_0900_ai_ci',
  259: 'utf8mb4 COLLATE utf8mb4_ro_0900_ai_ci',
  260: 'utf8mb4 COLLATE utf8mb4_sl_0900_ai_ci',
  261: 'utf8mb4 COLLATE utf8mb4_pl_0900_ai_ci',
  262: 'utf8mb4 COLLATE utf8mb4_et_0900_ai_ci',
  263: 'utf8mb4 COLLATE utf8mb4_es_0900_ai_ci',
  264: 'utf8mb4 COLLATE utf8mb4_sv_0900_ai_ci',
  265: 'utf8mb4 COLLATE utf8mb4_tr_0900_ai_ci',
  266: 'utf8mb4 COLLATE utf8mb4_cs_0900_ai_ci',
  267: 'utf8mb4 COLLATE utf8mb4_da_0900_ai_ci',
  268: 'utf8mb4 COLLATE utf8mb4_lt_0900_ai_ci',
  269: 'utf8mb4 COLLATE utf8mb4_sk_0900_ai_ci',
  270: 'utf8mb4 COLLATE utf8mb4_es_trad_0900_ai_ci',
  271: 'utf8mb4 COLLATE utf8mb4_la_0900_ai_ci',
  273: 'utf8mb4 COLLATE utf8mb4_eo_0900_ai_ci',
  274: 'utf8mb4 COLLATE utf8mb4_hu_0900_ai_ci',
  275: 'utf8mb4 COLLATE utf8mb4_hr_0900_ai_ci',
  277: 'utf8mb4 COLLATE utf8mb4_vi_0900_ai_ci',
  278: 'utf8mb4 COLLATE utf8mb4_0900_as_cs',
  279: 'utf8mb4 COLLATE utf8mb4_de_pb_0900_as_cs',
  280: 'utf8mb4 COLLATE utf8mb4_is_0900_as_cs',
  281: 'utf8mb4 COLLATE utf8mb4_lv_0900_as_cs',
  282: 'utf8mb4 COLLATE utf8mb4_ro_0900_as_cs',
  283: 'utf8mb4 COLLATE utf8mb4_sl_0900_as_cs',
  284: 'utf8mb4 COLLATE utf8mb4_pl_0900_as_cs',
  285: 'utf8mb4 COLLATE utf8mb4_et_0900_as_cs',
  286: 'utf8mb4 COLLATE utf8mb4_es_0900_as_cs',
  287: 'utf8mb4 COLLATE utf8mb4_sv_0900_as_cs',
  288: 'utf8mb4 COLLATE utf8mb4_tr_0900_as_cs',
  289: 'utf8mb4 COLLATE utf8mb4_cs_0900_as_cs',
  290: 'utf8mb4 COLLATE utf8mb4_da_0900_as_cs',
  291: 'utf8mb4 COLLATE utf8mb4_lt_0900_as_cs',
  292: 'utf8mb4 COLLATE utf8mb4_sk_0900_as_cs',
  293: 'utf8mb4 COLLATE utf8mb4_es_trad_0900_as_cs',
  294: 'utf8mb4 COLLATE utf8mb4_la_0900_as_cs',
  296: 'utf8mb4 COLLATE utf8mb4_eo_0900_as_cs',
  297: 'utf8mb4 COLLATE utf8mb4_hu_0900_as_cs',
  298: 'utf8mb4 COLLATE utf8mb4_hr_0900_as_cs',
  300: 'utf8mb4 COLLATE utf8mb4_vi_0900_as_cs',
  303: 'utf8mb4 COLLATE utf8mb4_ja_0900_as_cs',
  304: 'utf8mb4 COLLATE utf8mb4_ja_0900_as_cs_ks',
  305: 'utf8mb4 COLLATE utf8mb4_0900_as_ci',
  306: 'utf8mb4 COLLATE utf8mb4_ru_0900_ai_ci',
  307: 'utf8mb4 COLLATE utf8mb4_ru_0900_as_cs',
  308: 'utf8mb4 COLLATE utf8mb4_zh_0900_as_cs',
  309: 'utf8mb4 COLLATE utf8mb4_0900_bin',
});

const HEADER = 4;
const CONNECT_WITH_DB = 0x0008;
const SSL = 0x0800;
const PROTOCOL_41 = 0x0200;
const PLUGIN_AUTH = 0x0008;

const f = {
  length: uint24('mysql.packet_length', 'Packet Length'),
  number: uint8('mysql.packet_number', 'Packet Number'),
  greeting: none('mysql.server_greeting', 'Server Greeting'),
  protocol: uint8('mysql.protocol', 'Protocol'),
  version: string('mysql.version', 'Version'),
  thread: uint32('mysql.thread_id', 'Thread ID'),
  salt: string('mysql.salt', 'Salt'),
  salt2: string('mysql.salt2', 'Salt'),
  serverCaps: uint16('mysql.caps.server', 'Server Capabilities', { base: 'hex' }),
  serverExtended: uint16('mysql.extcaps.server', 'Extended Server Capabilities', { base: 'hex' }),
  language: uint8('mysql.server_language', 'Server Language', {
    names: collations,
  }),
  status: uint16('mysql.server_status', 'Server Status', { base: 'hex' }),
  pluginLength: uint8('mysql.auth_plugin.length', 'Authentication Plugin Length'),
  plugin: string('mysql.auth_plugin', 'Authentication Plugin'),
  login: none('mysql.login_request', 'Login Request'),
  clientCaps: uint16('mysql.caps.client', 'Client Capabilities', { base: 'hex' }),
  clientExtended: uint16('mysql.extcaps.client', 'Extended Client Capabilities', { base: 'hex' }),
  maxPacket: uint32('mysql.max_packet', 'MAX Packet'),
  charset: uint8('mysql.charset', 'Charset', {
    names: collations,
  }),
  user: string('mysql.user', 'Username'),
  password: bytes('mysql.passwd', 'Password'),
  schema: string('mysql.schema', 'Schema'),
  clientPlugin: string('mysql.client_auth_plugin', 'Client Auth Plugin'),
  request: none('mysql.request', 'Request Command'),
  command: uint8('mysql.command', 'Command', {
    names: names({
      0: 'SLEEP',
      1: 'Quit',
      2: 'Use Database',
      3: 'Query',
      4: 'Show Fields',
      5: 'Create Database',
      6: 'Drop Database',
      7: 'Refresh',
      8: 'Shutdown',
      9: 'Statistics',
      10: 'Process List',
      11: 'Connect',
      12: 'Kill Server Thread',
      13: 'Dump Debuginfo',
      14: 'Ping',
      15: 'Time',
      16: 'Insert Delayed',
      17: 'Change User',
      18: 'Send Binlog',
      19: 'Send Table',
      20: 'Slave Connect',
      21: 'Register Slave',
      22: 'Prepare Statement',
      23: 'Execute Statement',
      24: 'Send BLOB',
      25: 'Close Statement',
      26: 'Reset Statement',
      27: 'Set Option',
      28: 'Fetch Data',
      29: 'Daemon',
      30: 'Send Binlog GTID',
      31: 'Reset Connection',
      250: 'Execute Bulk Statement',
    }),
  }),
  query: string('mysql.query', 'Statement'),
  response: uint8('mysql.response_code', 'Response Code', {
    base: 'hex',
    names: names({ 0: 'OK Packet', 255: 'ERR Packet', 254: 'EOF Packet' }),
  }),
  affected: uint64('mysql.affected_rows', 'Affected Rows'),
  warnings: uint16('mysql.warnings', 'Warnings'),
  error: uint16('mysql.error_code', 'Error Code'),
  sqlState: string('mysql.sqlstate', 'SQL state'),
  message: string('mysql.error.message', 'Error message'),
};
const COM_INIT_DB = 2;
const COM_QUERY = 3;
const COM_PREPARE = 22;

const packets = lengthFramer(HEADER, (h) => HEADER + le16(h, 0) + (h[2] as number) * 65536);
const framer: Framer = {
  feed(side, bytes, offset, end) {
    const whole = side.carryLength === 0;
    const next = packets.feed(side, bytes, offset, end);
    // The login's fixed part alone, with this flag, asks for TLS; it always fits a segment.
    if (whole && side.fromClient && next === offset + HEADER + 32 && bytes[offset + 3] === 1 && (le16(bytes, offset + HEADER) & SSL) !== 0)
      side.capture.state(flows).app[side.stream] = tls.id + 1;
    return next;
  },
};

/** A login behind the request for TLS, which has its number: the same flags, and the octets of zero that only a login has. */
function isSecureLogin(b: Buf, at: number): boolean {
  if ((b.u8(at + 1) & (SSL >> 8)) === 0) return false;
  for (let o = at + 9; o < at + 28; o++) if (b.u8(o) !== 0) return false;
  return true;
}

/** Text that a zero octet ends, not past `end`; gives where the next part begins. */
function zeroText(layer: Layer, b: Buf, field: FieldDef, at: number, end: number): number {
  let stop = at;
  while (stop < end && b.u8(stop) !== 0) stop++;
  layer.string(field, at, Math.min(end, stop + 1) - at, { zero: true });
  return Math.min(end, stop + 1);
}

function greeting(layer: Layer, b: Buf, at: number, end: number): string {
  const node = layer.add(f.greeting, at, end - at, null);
  node.uint(f.protocol, at);
  let o = zeroText(layer, b, f.version, at + 1, end);
  const version = b.text(at + 1, o - at - 2);
  layer.uintLe(f.thread, o);
  layer.string(f.salt, o + 4, 9, { zero: true });
  o += 13;
  layer.uintLe(f.serverCaps, o);
  if (end - o >= 31) {
    layer.uint(f.language, o + 2);
    layer.uintLe(f.status, o + 3);
    const extended = layer.uintLe(f.serverExtended, o + 5);
    const plugin = layer.uint(f.pluginLength, o + 7);
    o += 18;
    o = zeroText(layer, b, f.salt2, o, end);
    if ((extended & PLUGIN_AUTH) !== 0 && plugin > 0 && o < end) zeroText(layer, b, f.plugin, o, end);
  }
  return `Server Greeting  proto=10 version=${version}`;
}

function login(layer: Layer, b: Buf, at: number, end: number): string {
  const caps = b.le16(at);
  layer.add(f.login, at, end - at, null);
  layer.uintLe(f.clientCaps, at);
  if ((caps & PROTOCOL_41) === 0) return 'Login Request';
  const extended = layer.uintLe(f.clientExtended, at + 2);
  layer.uintLe(f.maxPacket, at + 4);
  layer.uint(f.charset, at + 8);
  let o = at + 32;
  if (o >= end) return 'SSL Request';
  const from = o;
  o = zeroText(layer, b, f.user, o, end);
  const user = b.text(from, o - from - 1);
  const length = b.u8(o++);
  if (length > 0 && o + length <= end) layer.bytes(f.password, o, length);
  o += length;
  let db = '';
  if ((caps & CONNECT_WITH_DB) !== 0 && o < end) {
    const begin = o;
    o = zeroText(layer, b, f.schema, o, end);
    db = ` db=${b.text(begin, o - begin - 1)}`;
  }
  if ((extended & PLUGIN_AUTH) !== 0 && o < end) zeroText(layer, b, f.clientPlugin, o, end);
  return `Login Request user=${user}${db}`;
}

function request(layer: Layer, at: number, end: number): string {
  const node = layer.add(f.request, at, end - at, null);
  const command = node.uint(f.command, at);
  if (end > at + 1) {
    if (command === COM_INIT_DB) node.string(f.schema, at + 1, end - at - 1);
    else if (command === COM_QUERY || command === COM_PREPARE) {
      const from = command === COM_QUERY ? queryAttributes(node, layer.buf, at + 1, end) : at + 1;
      if (from < end) node.string(f.query, from, end - from);
    }
  }
  return `Request ${nameOf(f.command, command) ?? command}`;
}

function response(layer: Layer, b: Buf, at: number, end: number): string {
  const code = b.u8(at);
  if (code !== 0 && code !== 0xfe && code !== 0xff) return 'Response';
  layer.uint(f.response, at);
  if (code === 0 && end - at >= 7 && b.u8(at + 1) < 0xfb && b.u8(at + 2) < 0xfb) {
    layer.uint(f.affected, at + 1, 1);
    layer.uintLe(f.status, at + 3);
    layer.uintLe(f.warnings, at + 5);
    return 'Response OK';
  }
  if (code === 0xfe && end - at === 5) {
    layer.uintLe(f.warnings, at + 1);
    layer.uintLe(f.status, at + 3);
    return 'Response EOF';
  }
  if (code !== 0xff || end - at < 3) return 'Response';
  const error = layer.uintLe(f.error, at + 1);
  let o = at + 3;
  if (b.u8(o) === 0x23) {
    layer.string(f.sqlState, o + 1, 5);
    o += 6;
  }
  if (o < end) layer.string(f.message, o, end - o);
  return `Response Error ${error}`;
}

export const mysql = app({
  name: 'mysql',
  short: 'MySQL',
  title: 'MySQL Protocol',
  fields: [...Object.values(f), ...Object.values(mysqlAttributeFields)],
  framer,
  read: (layer, b, d: Dissection) =>
    each(layer, b, (at, info) => {
      const length = layer.uintLe(f.length, at);
      const number = layer.uint(f.number, at + 3);
      const end = Math.min(b.end, at + HEADER + length);
      const o = at + HEADER;
      const client = d.transport?.fromClient !== false;
      if (layer.ok && end > o) {
        if (client && (number === 1 || (number === 2 && isSecureLogin(b, o))) && end - o >= 32) info.push(login(layer, b, o, end));
        else if (client && number === 0) info.push(request(layer, o, end));
        else if (!client && number === 0 && b.u8(o) === 10) info.push(greeting(layer, b, o, end));
        else if (!client) info.push(response(layer, b, o, end));
        else info.push('Auth Switch Response');
      } else info.push('');
      return at + HEADER + length;
    }),
});
