/** Calls of H.323: Q.931 messages in TPKT (H.225.0, Annex over TCP), the H.225.0 in their user-user element, and its RAS over UDP. */
import type { Buf } from '../dissect/dissection.ts';
import { bool, bytes, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { app, be16, lengthFramer, scanned } from './app-kit.ts';

const DISCRIMINATOR = 0x08;
const TPKT = 4;
const USER_USER = 0x7e;
/** User information as X.208 and X.209 write it: H.225.0. */
const ASN1 = 5;
const MAX_ELEMENTS = 100;
/** Bits of the octet with the length of the call reference (ITU-T Q.931, section 4.3). */
const REFERENCE_LENGTH = 0x0f;
const f = {
  discriminator: uint8('q931.disc', 'Protocol discriminator', { base: 'hex' }),
  referenceLength: uint8('q931.call_ref_len', 'Call reference value length'),
  flag: bool('q931.call_ref_flag', 'Call reference flag', {
    bool: ['Message sent to originating side', 'Message sent from originating side'],
  }),
  reference: bytes('q931.call_ref', 'Call reference value'),
  type: uint8('q931.message_type', 'Message type', {
    base: 'hex',
    names: names({
      0: 'ESCAPE',
      1: 'ALERTING',
      2: 'CALL PROCEEDING',
      3: 'PROGRESS',
      5: 'SETUP',
      6: 'GROUP SERVICE',
      7: 'CONNECT',
      8: 'RESYNC REQ',
      9: 'RESYNC RESP',
      10: 'VERSION',
      11: 'GROUP SERVICE ACK',
      13: 'SETUP ACKNOWLEDGE',
      15: 'CONNECT ACKNOWLEDGE',
      32: 'USER INFORMATION',
      33: 'SUSPEND REJECT',
      34: 'RESUME REJECT',
      36: 'HOLD',
      37: 'SUSPEND',
      38: 'RESUME',
      40: 'HOLD_ACKNOWLEDGE',
      45: 'SUSPEND ACKNOWLEDGE',
      46: 'RESUME ACKNOWLEDGE',
      48: 'HOLD_REJECT',
      49: 'RETRIEVE',
      51: 'RETRIEVE ACKNOWLEDGE',
      55: 'RETRIEVE REJECT',
      64: 'DETACH',
      69: 'DISCONNECT',
      70: 'RESTART',
      72: 'DETACH ACKNOWLEDGE',
      77: 'RELEASE',
      78: 'RESTART ACKNOWLEDGE',
      90: 'RELEASE COMPLETE',
      96: 'SEGMENT',
      98: 'FACILITY',
      100: 'REGISTER',
      106: 'FACILITY ACKNOWLEDGE',
      110: 'NOTIFY',
      114: 'FACILITY REJECT',
      117: 'STATUS ENQUIRY',
      121: 'CONGESTION CONTROL',
      123: 'INFORMATION',
      125: 'STATUS',
    }),
  }),
  element: uint8('q931.information_element', 'Information element', {
    names: names({
      4: 'Bearer capability',
      8: 'Cause',
      16: 'Call identity',
      20: 'Call state',
      24: 'Channel identification',
      28: 'Facility',
      30: 'Progress indicator',
      39: 'Notification indicator',
      40: 'Display',
      44: 'Keypad facility',
      52: 'Signal',
      108: 'Calling party number',
      112: 'Called party number',
      126: 'User-user',
    }),
  }),
  length: uint16('q931.information_element_len', 'Length'),
  display: string('q931.display_information', 'Display information'),
  user: uint8('q931.user.protocol_discriminator', 'Protocol discriminator', {
    base: 'hex',
    names: names({
      0: 'User-specific protocol',
      1: 'OSI high layer protocols',
      2: 'X.244',
      3: 'Reserved for system management convergence function',
      4: 'IA5 characters',
      5: 'X.208 and X.209 coded user information',
      6: 'Undefined',
      7: 'V.120 rate adaption',
      8: 'Q.931/I.451 user-network call control messages',
    }),
  }),
};
const h = {
  ras: uint32('h225.RasMessage', 'RasMessage', {
    names: names({
      0: 'gatekeeperRequest',
      1: 'gatekeeperConfirm',
      2: 'gatekeeperReject',
      3: 'registrationRequest',
      4: 'registrationConfirm',
      5: 'registrationReject',
      6: 'unregistrationRequest',
      7: 'unregistrationConfirm',
      8: 'unregistrationReject',
      9: 'admissionRequest',
      10: 'admissionConfirm',
      11: 'admissionReject',
      12: 'bandwidthRequest',
      13: 'bandwidthConfirm',
      14: 'bandwidthReject',
      15: 'disengageRequest',
      16: 'disengageConfirm',
      17: 'disengageReject',
      18: 'locationRequest',
      19: 'locationConfirm',
      20: 'locationReject',
      21: 'infoRequest',
      22: 'infoRequestResponse',
      23: 'nonStandardMessage',
      24: 'unknownMessageResponse',
      25: 'requestInProgress',
      26: 'resourcesAvailableIndicate',
      27: 'resourcesAvailableConfirm',
      28: 'infoRequestAck',
      29: 'infoRequestNak',
      30: 'serviceControlIndication',
      31: 'serviceControlResponse',
      32: 'admissionConfirmSequence',
    }),
  }),
  user: none('h225.H323_UserInformation_element', 'H323-UserInformation'),
};

/** What a message is about is packed (X.691): its kind alone is read. */
export const h225 = app({
  name: 'h225',
  short: 'H.225.0',
  title: 'H.225.0',
  fields: Object.values(h),
  accepts: (b, o, end) => end - o >= 2 && (b[o] as number) < 0x80,
  read(layer, b, d) {
    if (d.transport?.kind !== 'udp') {
      layer.add(h.user, b.offset, b.length, null);
      return 'CS';
    }
    // An extension bit, five bits of choice; what follows belongs to the choice.
    const kind = (b.u8(b.offset) >> 2) & 0x1f;
    layer.add(h.ras, b.offset, b.length, kind);
    return `RAS: ${nameOf(h.ras, kind) ?? kind}`;
  },
});

/** Runs `one` over the elements: its kind, where its value begins and ends. */
function elements(b: Uint8Array, from: number, end: number, one: (kind: number, at: number, from: number, to: number) => void): void {
  for (let at = from, n = 0; at < end && n < MAX_ELEMENTS; n++) {
    const kind = b[at] as number;
    // The octet is the whole element.
    if (kind >= 0x80) {
      at++;
      continue;
    }
    const head = kind === USER_USER ? 3 : 2;
    if (at + head > end) return;
    const to = at + head + (kind === USER_USER ? be16(b, at + 1) : (b[at + 1] as number));
    if (to > end) return;
    one(kind, at, at + head, to);
    at = to;
  }
}
const typeAt = (b: Uint8Array, o: number): number => o + 2 + ((b[o + 1] as number) & REFERENCE_LENGTH);
const carriesH225 = (b: Uint8Array, kind: number, from: number, to: number): boolean =>
  kind === USER_USER && to - from > 1 && b[from] === ASN1;

/** Runs `one` over the messages in TPKT that are long enough to be calls. */
function messages(bytes: Uint8Array, offset: number, end: number, one: (from: number, to: number) => void): void {
  for (let at = offset, n = 0; at + TPKT + 4 <= end && n < MAX_ELEMENTS; n++) {
    const length = be16(bytes, at + 2);
    if (length < TPKT) return;
    const stop = Math.min(end, at + length);
    if (stop - at >= TPKT + 4) one(at + TPKT, stop);
    at += length;
  }
}

const q931 = app({
  name: 'q931',
  short: 'Q.931',
  title: 'Q.931',
  fields: Object.values(f),
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.discriminator, o);
    const size = b.u8(o + 1) & REFERENCE_LENGTH;
    if (layer.has(o + 1, 1)) layer.add(f.referenceLength, o + 1, 1, size);
    if (size > 0 && layer.has(o + 2, size)) {
      const reference = Uint8Array.from(b.slice(o + 2, size));
      layer.add(f.flag, o + 2, 1, (reference[0] as number) >= 0x80);
      reference[0] = (reference[0] as number) & 0x7f;
      layer.add(f.reference, o + 2, size, reference);
    }
    const type = layer.uint(f.type, o + 2 + size);
    if (!layer.ok) return '';
    elements(b.bytes, typeAt(b.bytes, o) + 1, b.end, (kind, at, from, to) => {
      const node = layer.text(at, to - at, nameOf(f.element, kind) ?? 'Element');
      node.uint(f.element, at);
      node.uint(f.length, at + 1, kind === USER_USER ? 2 : 1);
      if (kind === 40) node.string(f.display, from, to - from);
      if (kind === USER_USER && to > from) node.uint(f.user, from);
      if (carriesH225(b.bytes, kind, from, to)) d.call(h225, b.from(from + 1, to));
    });
    return nameOf(f.type, type) ?? `Message ${type}`;
  },
});

function scan(w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void {
  messages(bytes, offset, end, (from, to) => {
    w.push(q931);
    const type = typeAt(bytes, from);
    if (type >= to) return;
    elements(bytes, type + 1, to, (kind, _, at, stop) => {
      if (carriesH225(bytes, kind, at, stop)) w.push(h225);
    });
  });
}

/** The same in TPKT over TCP, recognised by both. */
export const q931Tcp = app({
  name: 'q931',
  short: 'Q.931',
  title: 'TPKT',
  fields: [],
  sticky: true,
  mayBegin: (octet) => octet === 3,
  accepts: (b, o, end) => end - o >= 7 && b[o] === 3 && b[o + 1] === 0 && be16(b, o + 2) >= 7 && b[o + TPKT] === DISCRIMINATOR,
  framer: scanned(
    lengthFramer(TPKT, (head) => (head[0] === 3 && head[1] === 0 && be16(head, 2) >= TPKT ? be16(head, 2) : REJECT)),
    scan,
  ),
  read(layer, b: Buf, d) {
    messages(b.bytes, b.offset, b.end, (from, to) => {
      layer.text(from - TPKT, TPKT, 'TPKT', `Length: ${b.u16(from - 2)}`);
      d.call(q931, b.from(from, to));
    });
    return '';
  },
});
