/** MQ Telemetry Transport Protocol: named, with its leading fields. */
import { names, uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const mqtt = plain({
  name: 'mqtt',
  short: 'MQTT',
  title: 'MQ Telemetry Transport Protocol',
  kind: 0,
  leads: [
    {
      field: uint8('mqtt.msgtype', 'Message Type', {
        mask: 0xf0,
        names: names({
          1: 'Connect Command',
          2: 'Connect Ack',
          3: 'Publish Message',
          4: 'Publish Ack',
          8: 'Subscribe Request',
          9: 'Subscribe Ack',
          10: 'Unsubscribe Request',
          11: 'Unsubscribe Ack',
          12: 'Ping Request',
          13: 'Ping Response',
          14: 'Disconnect Req',
        }),
      }),
      offset: 0,
    },
  ],
});
