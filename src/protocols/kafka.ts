/** Kafka's protocol: the header of requests, and the number by which a response answers one. */
import { int16, int32, nameOf, names, string } from '../dissect/field.ts';
import { be32, bounded } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const f = {
  key: int16('kafka.api_key', 'API Key', {
    names: names({
      0: 'Produce',
      1: 'Fetch',
      2: 'Offsets',
      3: 'Metadata',
      4: 'LeaderAndIsr',
      5: 'StopReplica',
      6: 'UpdateMetadata',
      7: 'ControlledShutdown',
      8: 'OffsetCommit',
      9: 'OffsetFetch',
      10: 'FindCoordinator',
      11: 'JoinGroup',
      12: 'Heartbeat',
      13: 'LeaveGroup',
      14: 'SyncGroup',
      15: 'DescribeGroups',
      16: 'ListGroups',
      17: 'SaslHandshake',
      18: 'ApiVersions',
      19: 'CreateTopics',
      20: 'DeleteTopics',
      21: 'DeleteRecords',
      22: 'InitProducerId',
      23: 'OffsetForLeaderEpoch',
      24: 'AddPartitionsToTxn',
      25: 'AddOffsetsToTxn',
      26: 'EndTxn',
      27: 'WriteTxnMarkers',
      28: 'TxnOffsetCommit',
      29: 'DescribeAcls',
      30: 'CreateAcls',
      31: 'DeleteAcls',
      32: 'DescribeConfigs',
      33: 'AlterConfigs',
      34: 'AlterReplicaLogDirs',
      35: 'DescribeLogDirs',
      36: 'SaslAuthenticate',
      37: 'CreatePartitions',
      38: 'CreateDelegationToken',
      39: 'RenewDelegationToken',
      40: 'ExpireDelegationToken',
      41: 'DescribeDelegationToken',
      42: 'DeleteGroups',
      43: 'ElectLeaders',
      44: 'IncrementalAlterConfigs',
      45: 'AlterPartitionReassignments',
      46: 'ListPartitionReassignments',
      47: 'OffsetDelete',
    }),
  }),
  version: int16('kafka.api_version', 'API Version'),
  correlation: int32('kafka.correlation_id', 'Correlation ID'),
  client: string('kafka.client_id', 'Client ID'),
};

export const kafka = record({
  name: 'kafka',
  short: 'Kafka',
  title: 'Kafka',
  header: 4,
  length: (h) => bounded(4 + be32(h, 0)),
  rows: [row(int32('kafka.len', 'Length'), 0)],
  fields: Object.values(f),
  more(layer, b, at, end, d) {
    if (end - at < 8) return undefined;
    if (d.transport?.fromClient === false) {
      const correlation = put(layer, f.correlation, at + 4);
      return `Response ${correlation}`;
    }
    const key = put(layer, f.key, at + 4);
    const version = put(layer, f.version, at + 6);
    put(layer, f.correlation, at + 8);
    const size = b.u16(at + 12);
    if (size < 0x8000 && end - at >= 14 + size) layer.string(f.client, at + 14, size);
    return `${nameOf(f.key, key) ?? key} v${version} Request`;
  },
});
