/**
 * Skinny Client Control Protocol: which message it is, and the media streams that it sets up (StartMediaTransmission, its
 * acknowledgement and OpenReceiveChannelAck name an address and a port).
 */
import { names, uint32 } from '../dissect/field.ts';
import type { Framer, StreamSide } from '../dissect/framer.ts';
import { app, bounded, each, le32, lengthFramer } from './app-kit.ts';
import { announceMedia } from './media-setups.ts';
import { rtp } from './rtp.ts';

const START_TRANSMISSION = 0x8a;
const RECEIVE_ACK = 0x22;
const START_ACK = 0x154;
/** A message has its number at least. */
const LEAST_DATA = 4;
/** Header versions from which on addresses say whether they are IPv4 or IPv6, and take 16 bytes. */
const WIDE_ADDRESSES = 18;

const f = {
  length: uint32('skinny.data_length', 'Data length'),
  version: uint32('skinny.hdr_version', 'Header version', {
    names: names({
      0: 'Basic',
      10: 'V10',
      11: 'V11',
      15: 'V15',
      16: 'V16',
      17: 'V17',
      18: 'V18',
      19: 'V19',
      20: 'V20',
      21: 'V21',
      22: 'V22',
    }),
    base: 'hex',
  }),
  message: uint32('skinny.messageId', 'Message ID', {
    names: names({
      0: 'KeepAliveReq',
      1: 'RegisterReq',
      2: 'IpPort',
      3: 'KeypadButton',
      4: 'EnblocCall',
      5: 'Stimulus',
      6: 'OffHook',
      7: 'OnHook',
      34: 'OpenReceiveChannelAck',
      38: 'SoftKeyEvent',
      73: 'MediaPathEvent',
      129: 'RegisterAck',
      130: 'StartTone',
      131: 'StopTone',
      133: 'SetRinger',
      134: 'SetLamp',
      136: 'SetSpeakerMode',
      138: 'StartMediaTransmission',
      139: 'StopMediaTransmission',
      256: 'KeepAliveAck',
      261: 'OpenReceiveChannel',
      262: 'CloseReceiveChannel',
      272: 'SelectSoftKeys',
      273: 'CallState',
      278: 'ActivateCallPlane',
      285: 'DialedNumber',
      324: 'DisplayPriNotifyV2',
      325: 'DisplayPromptStatusV2',
      330: 'CallInfoV2',
      340: 'StartMediaTransmissionAck',
    }),
  }),
};

/** Notes the endpoint that the message at b[at, end) names. */
function announce(side: StreamSide, b: Uint8Array, at: number, end: number): void {
  if (end - at < 28) return;
  const message = le32(b, at + 8);
  if (message !== START_TRANSMISSION && message !== RECEIVE_ACK && message !== START_ACK) return;
  const wide = le32(b, at + 4) >= WIDE_ADDRESSES;
  let place = at + (message === START_TRANSMISSION ? 20 : message === RECEIVE_ACK ? 16 : 24);
  let six = false;
  if (wide) {
    six = le32(b, place) !== 0;
    place += 4;
  }
  const portAt = place + (wide ? 16 : 4);
  if (portAt + 4 > end) return;
  const port = le32(b, portAt);
  if (port === 0 || port > 65535) return;
  const { addresses } = side.capture;
  announceMedia(side.capture, side.row, six ? addresses.intern6(b, place) : addresses.intern4(b, place), port, rtp.id, 'SKINNY');
}

const cut = lengthFramer(4, (head) => bounded(8 + le32(head, 0)));
const framer: Framer = {
  feed(side, bytes, offset, end) {
    const next = cut.feed(side, bytes, offset, end);
    if (next > offset && side.carryLength === 0) announce(side, bytes, offset, next);
    return next;
  },
};

const versions = f.version.names as ReadonlyMap<number, string>;

export const skinny = app({
  name: 'skinny',
  short: 'SKINNY',
  title: 'Skinny Client Control Protocol',
  fields: Object.values(f),
  // Programs of all kinds listen on port 2000: the length and the version are what Cisco's header can have.
  accepts: (b, o, end) => end - o >= 8 && le32(b, o) >= LEAST_DATA && versions.has(le32(b, o + 4)),
  framer,
  read(layer, b) {
    return each(layer, b, (at, info) => {
      const length = layer.uintLe(f.length, at);
      layer.uintLe(f.version, at + 4);
      const message = layer.uintLe(f.message, at + 8);
      if (layer.ok) info.push((f.message.names as ReadonlyMap<number, string>).get(message) ?? `Message ${message}`);
      return at + 8 + length;
    });
  },
});
