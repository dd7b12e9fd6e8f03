/** Internet Printing Protocol (RFC 8010, section 3; operations and states of RFC 8011): the body of an HTTP message to a printer, with the document behind it. */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, int32, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { callData } from './next.ts';

const f = {
  version: uint16('ipp.version', 'version'),
  operation: uint16('ipp.operation_id', 'operation-id', {
    base: 'hex',
    names: names({
      2: 'Print-Job',
      3: 'Print-URI',
      4: 'Validate-Job',
      5: 'Create-Job',
      6: 'Send-Document',
      7: 'Send-URI',
      8: 'Cancel-Job',
      9: 'Get-Job-Attributes',
      10: 'Get-Jobs',
      11: 'Get-Printer-Attributes',
      12: 'Hold-Job',
      13: 'Release-Job',
      14: 'Restart-Job',
      16: 'Pause-Printer',
      17: 'Resume-Printer',
      18: 'Purge-Jobs',
      19: 'Set-Printer-Attributes',
      20: 'Set-Job-Attributes',
      21: 'Get-Printer-Supported-Values',
      22: 'Create-Printer-Subscriptions',
      23: 'Create-Job-Subscriptions',
      24: 'Get-Subscription-Attributes',
      25: 'Get-Subscriptions',
      26: 'Renew-Subscription',
      27: 'Cancel-Subscription',
      28: 'Get-Notifications',
      29: 'Reserved (ipp-indp-method)',
      30: 'Reserved (ipp-get-resources)',
      31: 'Reserved (ipp-get-resources)',
      32: 'Reserved (ipp-get-resources)',
      33: 'Reserved (ipp-install)',
      34: 'Enable-Printer',
      35: 'Disable-Printer',
      36: 'Pause-Printer-After-Current-Job',
      37: 'Hold-New-Jobs',
      38: 'Release-Held-New-Jobs',
      39: 'Deactivate-Printer',
      40: 'Activate-Printer',
      41: 'Restart-Printer',
      42: 'Shutdown-Printer',
      43: 'Startup-Printer',
      44: 'Reprocess-Job',
      45: 'Cancel-Current-Job',
      46: 'Suspend-Current-Job',
      47: 'Resume-Job',
      48: 'Promote-Job',
      49: 'Schedule-Job-After',
      51: 'Cancel-Document',
      52: 'Get-Document-Attributes',
      53: 'Get-Documents',
      54: 'Delete-Document',
      55: 'Set-Document-Attributes',
      56: 'Cancel-Jobs',
      57: 'Cancel-My-Jobs',
      58: 'Resubmit-Job',
      59: 'Close-Job',
      60: 'Identify-Printer',
      61: 'Validate-Document',
      62: 'Add-Document-Images',
      63: 'Acknowledge-Document',
      64: 'Acknowledge-Identify-Printer',
      65: 'Acknowledge-Job',
      66: 'Fetch-Document',
      67: 'Fetch-Job',
      68: 'Get-Output-Device-Attributes',
      69: 'Update-Active-Jobs',
      70: 'Deregister-Output-Device',
      71: 'Update-Document-Status',
      72: 'Update-Job-Status',
      73: 'Update-Output-Device-Attributes',
      74: 'Get-Next-Document-Data',
      16385: 'CUPS-Get-Default',
      16386: 'CUPS-Get-Printers',
      16387: 'CUPS-Add-Modify-Printer',
      16388: 'CUPS-Delete-Printer',
      16389: 'CUPS-Get-Classes',
      16390: 'CUPS-Add-Modify-Class',
      16391: 'CUPS-Delete-Class',
      16392: 'CUPS-Accept-Jobs',
      16393: 'CUPS-Reject-Jobs',
      16394: 'CUPS-Set-Default',
      16395: 'CUPS-Get-Devices',
      16396: 'CUPS-Get-PPDs',
      16397: 'CUPS-Move-Job',
      16398: 'CUPS-Authenticate-Job',
      16399: 'CUPS-Get-PPD',
      16423: 'CUPS-Get-Document',
      16424: 'CUPS-Create-Local-Printer',
    }),
  }),
  status: uint16('ipp.status_code', 'status-code', {
    base: 'hex',
    names: names({
      0: 'successful-ok',
      1: 'successful-ok-ignored-or-substituted-attributes',
      2: 'successful-ok-conflicting-attributes',
      3: 'successful-ok-ignored-subscriptions',
      5: 'successful-ok-too-many-events',
      7: 'successful-ok-events-complete',
      1024: 'client-error-bad-request',
      1025: 'client-error-forbidden',
      1026: 'client-error-not-authenticated',
      1027: 'client-error-not-authorized',
      1028: 'client-error-not-possible',
      1029: 'client-error-timeout',
      1030: 'client-error-not-found',
      1031: 'client-error-gone',
      1032: 'client-error-request-entity-too-large',
      1033: 'client-error-request-value-too-long',
      1034: 'client-error-document-format-not-supported',
      1035: 'client-error-attributes-or-values-not-supported',
      1036: 'client-error-uri-scheme-not-supported',
      1037: 'client-error-charset-not-supported',
      1038: 'client-error-conflicting-attributes',
      1039: 'client-error-compression-not-supported',
      1040: 'client-error-compression-error',
      1041: 'client-error-document-format-error',
      1042: 'client-error-document-access-error',
      1043: 'client-error-attributes-not-settable',
      1044: 'client-error-ignored-all-subscriptions',
      1045: 'client-error-too-many-subscriptions',
      1048: 'client-error-document-password-error',
      1049: 'client-error-document-permission-error',
      1050: 'client-error-document-security-error',
      1051: 'client-error-document-unprintable-error',
      1052: 'client-error-account-info-needed',
      1053: 'client-error-account-closed',
      1054: 'client-error-account-limit-reached',
      1055: 'client-error-account-authorization-failed',
      1056: 'client-error-not-fetchable',
      1280: 'server-error-internal-error',
      1281: 'server-error-operation-not-supported',
      1282: 'server-error-service-unavailable',
      1283: 'server-error-version-not-supported',
      1284: 'server-error-device-error',
      1285: 'server-error-temporary-error',
      1286: 'server-error-not-accepting-jobs',
      1287: 'server-error-busy',
      1288: 'server-error-job-canceled',
      1289: 'server-error-multiple-document-jobs-not-supported',
      1290: 'server-error-printer-is-deactivated',
      1291: 'server-error-too-many-jobs',
      1292: 'server-error-too-many-documents',
    }),
  }),
  request: uint32('ipp.request_id', 'request-id'),
  name: string('ipp.name', 'name'),
  member: string('ipp.memberattrname', 'memberAttrName'),
  boolean: bool('ipp.boolean_value', 'boolean value'),
  integer: int32('ipp.integer_value', 'integer value'),
  enumeration: int32('ipp.enum_value', 'enum value'),
  outOfBand: uint8('ipp.outofband_value', 'out-of-band value', { base: 'hex' }),
  text: string('ipp.charstring_value', 'string value'),
  octets: string('ipp.octetstring_value', 'octetString value'),
  dateTime: bytes('ipp.datetime_value', 'dateTime value'),
  resolution: bytes('ipp.resolution_value', 'resolution value'),
  range: bytes('ipp.rangeofinteger_value', 'rangeOfInteger value'),
  textWithLanguage: bytes('ipp.textwithlanguage_value', 'textWithLanguage value'),
  nameWithLanguage: bytes('ipp.namewithlanguage_value', 'nameWithLanguage value'),
  unknown: bytes('ipp.unknown_value', 'unknown value'),
};

const END_OF_ATTRIBUTES = 3;
/** Tags below this begin a group of attributes, others are types of values (3.5.1, 3.5.2). */
const FIRST_VALUE = 0x10;
const groups = names({
  1: 'operation-attributes-tag',
  2: 'job-attributes-tag',
  3: 'end-of-attributes-tag',
  4: 'printer-attributes-tag',
  5: 'unsupported-attributes-tag',
  6: 'subscription-attributes-tag',
  7: 'event-notification-attributes-tag',
  8: 'resource-attributes-tag',
  9: 'document-attributes-tag',
  10: 'system-attributes-tag',
});
const MEMBER_NAME = 0x4a;
const types = names({
  16: 'unsupported',
  18: 'unknown',
  19: 'no-value',
  21: 'not-settable',
  22: 'delete-attribute',
  23: 'admin-define',
  33: 'integer',
  34: 'boolean',
  35: 'enum',
  48: 'octetString',
  49: 'dateTime',
  50: 'resolution',
  51: 'rangeOfInteger',
  52: 'begCollection',
  53: 'textWithLanguage',
  54: 'nameWithLanguage',
  55: 'endCollection',
  65: 'textWithoutLanguage',
  66: 'nameWithoutLanguage',
  68: 'keyword',
  69: 'uri',
  70: 'uriScheme',
  71: 'charset',
  72: 'naturalLanguage',
  73: 'mimeMediaType',
  74: 'memberAttrName',
});

/** Enumerations of the attributes that say how a printer and its jobs are (RFC 8011, sections 5.3.7, 5.4.11, 5.2.10, 5.2.13, 5.2.2, 5.1.15). */
const enumerations: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  'job-state': names({
    3: 'pending',
    4: 'pending-held',
    5: 'processing',
    6: 'processing-stopped',
    7: 'canceled',
    8: 'aborted',
    9: 'completed',
  }),
  'printer-state': names({ 3: 'idle', 4: 'processing', 5: 'stopped' }),
  'orientation-requested': names({ 3: 'portrait', 4: 'landscape', 5: 'reverse-landscape', 6: 'reverse-portrait', 7: 'none' }),
  'print-quality': names({ 3: 'draft', 4: 'normal', 5: 'high' }),
};
const MAX_VALUES = 10_000;
/** Characters of an attribute's values in its line. */
const MAX_SHOWN = 300;

/** Adds one value at [at, at + length); gives its text. */
function readValue(node: Node, tag: number, name: string, at: number, length: number): string {
  const b = node.buf;
  const type = types.get(tag) ?? `tag 0x${tag.toString(16).padStart(2, '0')}`;
  const raw = (field: FieldDef): string => {
    node.bytes(field, at, length);
    return length > 0 ? Buffer.from(b.slice(at, length)).toString('hex') : '';
  };
  switch (tag) {
    case 0x21:
    case 0x23: {
      if (length !== 4) return raw(f.unknown);
      const value = b.u32(at) | 0;
      const word = tag === 0x23 ? enumerations[name.replace(/-(default|supported)$/, '')]?.get(value) : undefined;
      if (tag === 0x21) node.add(f.integer, at, 4, value);
      else node.add(f.enumeration, at, 4, value, word === undefined ? {} : { display: `${word} (${value})` });
      return word ?? String(value);
    }
    case 0x22:
      if (length !== 1) return raw(f.unknown);
      return node.uint(f.boolean, at, 1) !== 0 ? 'true' : 'false';
    case 0x30:
      return `'${node.string(f.octets, at, length)}'`;
    case 0x31: {
      raw(f.dateTime);
      if (length !== 11) return '';
      const two = (k: number): string => String(b.u8(at + k)).padStart(2, '0');
      const zone = `${String.fromCharCode(b.u8(at + 8))}${two(9)}${two(10)}`;
      return `${b.u16(at)}-${two(2)}-${two(3)} ${two(4)}:${two(5)}:${two(6)}.${b.u8(at + 7)} ${zone}`;
    }
    case 0x32:
      raw(f.resolution);
      if (length !== 9) return '';
      return `${b.u32(at) | 0}x${b.u32(at + 4) | 0}${{ 3: 'dpi', 4: 'dpcm' }[b.u8(at + 8)] ?? ''}`;
    case 0x33:
      raw(f.range);
      return length === 8 ? `${b.u32(at) | 0}-${b.u32(at + 4) | 0}` : '';
    case 0x34:
      return '{';
    case 0x37:
      return '}';
    case 0x35:
    case 0x36: {
      raw(tag === 0x35 ? f.textWithLanguage : f.nameWithLanguage);
      // Its language, and the text (3.9).
      const text = at + 2 + b.u16(at);
      return length >= 4 && text + 2 <= at + length ? `'${b.text(text + 2, Math.min(b.u16(text), at + length - text - 2))}'` : '';
    }
    case MEMBER_NAME:
      return `${node.string(f.member, at, length)}=`;
    default:
      if (tag < 0x20) {
        node.add(f.outOfBand, at, 0, tag, { display: type });
        return type;
      }
      if (tag >= 0x40 && tag < 0x60) return `'${node.string(f.text, at, length, { display: b.text(at, length) })}'`;
      return raw(f.unknown);
  }
}

/** Where the value with its tag at `at` ends: its name, and itself. */
function valueEnd(b: Buf, at: number): number {
  const name = at + 3 + b.u16(at + 1);
  return name + 2 + b.u16(name);
}

/** One attribute with all its values, the first of which has the name; gives where the next begins. `end`: what the message has. */
function readAttribute(parent: Node, from: number, end: number): number {
  const b = parent.buf;
  let stop = valueEnd(b, from);
  // Values without a name go on; a collection's are all without, up to its end.
  let count = 1;
  for (; count < MAX_VALUES && stop + 3 <= end && b.u8(stop) >= FIRST_VALUE && b.u16(stop + 1) === 0; count++) stop = valueEnd(b, stop);
  const first = b.u8(from);
  const name = b.text(from + 3, b.u16(from + 1));
  const type = types.get(first) ?? `tag 0x${first.toString(16).padStart(2, '0')}`;
  const isCollection = first === 0x34;
  const node = parent.text(from, Math.min(stop, end) - from, `${name} (${count > 1 && !isCollection ? '1setOf ' : ''}${type})`);
  node.string(f.name, from + 3, b.u16(from + 1));
  const said: string[] = [];
  for (let at = from; at < stop && at + 5 <= end && node.ok; at = valueEnd(b, at)) {
    const value = at + 3 + b.u16(at + 1);
    const length = b.u16(value);
    if (value + 2 + length > end) {
      parent.layer.fail('malformed');
      return end;
    }
    said.push(readValue(node, b.u8(at), name, value + 2, length));
  }
  node.display = said.join(isCollection ? ' ' : ',').slice(0, MAX_SHOWN);
  return stop;
}

/** The groups of attributes from `from` on; gives where the data begins, or the end. */
function readGroups(layer: Layer, from: number, end: number): number {
  const b = layer.buf;
  let group: Node = layer;
  for (let at = from; at < end && layer.ok && !layer.d.full; ) {
    const tag = b.u8(at);
    if (tag >= FIRST_VALUE) {
      if (at + 5 > end) break;
      at = readAttribute(group, at, end);
      continue;
    }
    group = layer.text(at, 1, groups.get(tag) ?? `Reserved (0x${tag.toString(16).padStart(2, '0')})`);
    at++;
    if (tag === END_OF_ATTRIBUTES) return at;
  }
  return end;
}

export const ipp = app({
  name: 'ipp',
  short: 'IPP',
  title: 'Internet Printing Protocol',
  osi: '7',
  fields: Object.values(f),
  read(layer, b, d) {
    const o = b.offset;
    layer.add(f.version, o, 2, b.u16(o), { display: `${b.u8(o)}.${b.u8(o + 1)}` });
    const asked = d.transport?.fromClient !== false;
    const field = asked ? f.operation : f.status;
    const code = layer.uint(field, o + 2);
    layer.uint(f.request, o + 4);
    const words = `IPP ${asked ? 'Request' : 'Response'} (${nameOf(field, code) ?? `0x${code.toString(16).padStart(4, '0')}`})`;
    if (!layer.ok) return words;
    const document = readGroups(layer, o + 8, b.end);
    if (document < b.end) {
      layer.size(document - o);
      callData(d, b.from(document));
    }
    return words;
  },
});
