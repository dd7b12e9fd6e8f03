/** OpenWire, ActiveMQ's protocol (OpenWire version 2 specification): commands with their length before them. */
import { nameOf, names, string, uint8, uint32 } from '../dissect/field.ts';
import { app, be32, begins, each, lengthFramer } from './app-kit.ts';

const WIREFORMAT_INFO = 1;

const f = {
  length: uint32('openwire.length', 'Length'),
  command: uint8('openwire.command', 'Command', {
    names: names({
      1: 'WireFormatInfo',
      2: 'BrokerInfo',
      3: 'ConnectionInfo',
      4: 'SessionInfo',
      5: 'ConsumerInfo',
      6: 'ProducerInfo',
      7: 'TransactionInfo',
      8: 'DestinationInfo',
      9: 'RemoveSubscriptionInfo',
      10: 'KeepAliveInfo',
      11: 'ShutdownInfo',
      12: 'RemoveInfo',
      14: 'ControlCommand',
      15: 'FlushCommand',
      16: 'ConnectionError',
      17: 'ConsumerControl',
      18: 'ConnectionControl',
      19: 'ProducerAck',
      20: 'MessagePull',
      21: 'MessageDispatch',
      22: 'MessageAck',
      23: 'ActiveMQMessage',
      24: 'ActiveMQBytesMessage',
      25: 'ActiveMQMapMessage',
      26: 'ActiveMQObjectMessage',
      27: 'ActiveMQStreamMessage',
      28: 'ActiveMQTextMessage',
      29: 'ActiveMQBlobMessage',
      30: 'Response',
      31: 'ExceptionResponse',
      32: 'DataResponse',
      33: 'DataArrayResponse',
      34: 'IntegerResponse',
      40: 'DiscoveryEvent',
      50: 'JournalTopicAck',
      52: 'JournalQueueAck',
      53: 'JournalTrace',
      54: 'JournalTransaction',
      55: 'SubscriptionInfo',
      60: 'PartialCommand',
      61: 'LastPartialCommand',
      65: 'ReplayCommand',
      70: 'Byte',
      71: 'Char',
      72: 'Short',
      73: 'Integer',
      74: 'Long',
      75: 'Double',
      76: 'Float',
      77: 'String',
      78: 'Boolean',
      79: 'ByteArray',
      90: 'MessageDispatchNotification',
      91: 'NetworkBridgeFilter',
      100: 'ActiveMQQueue',
      101: 'ActiveMQTopic',
      102: 'ActiveMQTempQueue',
      103: 'ActiveMQTempTopic',
      110: 'MessageId',
      111: 'LocalTransactionId',
      112: 'XATransactionId',
      120: 'ConnectionId',
      121: 'SessionId',
      122: 'ConsumerId',
      123: 'ProducerId',
      124: 'BrokerId',
    }),
  }),
  id: uint32('openwire.command.id', 'Command Id'),
  response: uint8('openwire.command.response_required', 'Command response required'),
  magic: string('openwire.wireformatinfo.magic', 'Magic'),
  version: uint32('openwire.wireformatinfo.version', 'Version'),
};

export const openwire = app({
  name: 'openwire',
  short: 'OpenWire',
  title: 'OpenWire',
  fields: Object.values(f),
  sticky: true,
  accepts: (b, o, end) => end - o >= 17 && b[o + 4] === WIREFORMAT_INFO && begins(b, o + 5, end, 'ActiveMQ'),
  framer: lengthFramer(5, (h) => 4 + be32(h, 0)),
  read: (layer, b) =>
    each(layer, b, (at, info) => {
      const length = layer.uint(f.length, at);
      const command = layer.uint(f.command, at + 4);
      if (command === WIREFORMAT_INFO) {
        layer.string(f.magic, at + 5, 8);
        layer.uint(f.version, at + 13);
      } else if (length >= 6) {
        layer.uint(f.id, at + 5);
        layer.uint(f.response, at + 9);
      }
      info.push(nameOf(f.command, command) ?? `Command ${command}`);
      return at + 4 + Math.max(1, length);
    }),
});
