/** Telephone events in RTP (RFC 4733, formerly RFC 2833): keys pressed, tones, and Cisco's signals. */
import { bool, nameOf, names, uint8, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const f = {
  event: uint8('rtpevent.event_id', 'Event ID', {
    names: names({
      0: 'DTMF Zero 0',
      1: 'DTMF One 1',
      2: 'DTMF Two 2',
      3: 'DTMF Three 3',
      4: 'DTMF Four 4',
      5: 'DTMF Five 5',
      6: 'DTMF Six 6',
      7: 'DTMF Seven 7',
      8: 'DTMF Eight 8',
      9: 'DTMF Nine 9',
      10: 'DTMF Star *',
      11: 'DTMF Pound #',
      12: 'DTMF A',
      13: 'DTMF B',
      14: 'DTMF C',
      15: 'DTMF D',
      16: 'Flash',
      32: 'Fax ANS',
      33: 'Fax /ANS',
      34: 'Fax ANSam',
      35: 'Fax /ANSam',
      36: 'Fax CNG',
      37: 'V.21 channel 1, 0 bit',
      38: 'V.21 channel 1, 1 bit',
      39: 'V.21 channel 2, 0 bit',
      40: 'V.21 channel 2, 1 bit',
      192: 'Cisco NSE: Shift to voiceband data mode',
      193: 'Cisco NSE: Disable echo cancellation',
      194: 'Cisco NSE: Shift to voice mode',
      199: 'Cisco NSE: Advertise Modem relay capability',
      200: 'Cisco NSE: Shift to fax relay mode',
      201: 'Positive acknowledgement of Cisco NSE',
    }),
  }),
  end: bool('rtpevent.end_of_event', 'End of Event', { mask: 0x80 }),
  reserved: bool('rtpevent.reserved', 'Reserved', { mask: 0x40 }),
  volume: uint8('rtpevent.volume', 'Volume', { mask: 0x3f }),
  duration: uint16('rtpevent.duration', 'Event Duration'),
};

export const rtpEvent = app({
  name: 'rtpevent',
  short: 'RTP EVENT',
  title: 'RFC 2833 RTP Event',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    const event = layer.uint(f.event, o);
    const end = layer.uint(f.end, o + 1, 1) !== 0;
    layer.uint(f.reserved, o + 1, 1);
    layer.uint(f.volume, o + 1);
    layer.uint(f.duration, o + 2);
    return `Payload type=RTP Event, ${nameOf(f.event, event) ?? event}${end ? ' (end)' : ''}`;
  },
});
