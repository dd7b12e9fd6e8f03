import { describe, expect, it } from 'vitest';
import { packetJson } from '../../src/cli/packet-text.ts';
import { connectionCount, connectionRow } from '../../src/connections/connections.ts';
import { saidIn } from '../../src/dissect/said.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { check, HARMLESS } from './check.ts';
import { joins, longAddresses, longTexts } from './hostile-mechanisms.ts';
import { answeredPipeline, slowHandshake } from './hostile-streams.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import { HOSTILE } from './scale.ts';

/**
 * What it takes to dissect every row, and to ask for every connection and exchange: packets read again from the file, fields made, looks
 * at the index.
 */
function work(list: FrameList): { reads: number; fields: number; looks: number } {
  const { capture, reader } = indexed(list);
  const { packets } = capture;
  const chunkOf = packets.chunkOf.bind(packets);
  let looks = 0;
  packets.chunkOf = (row) => {
    looks++;
    return chunkOf(row);
  };
  let fields = 0;
  for (let row = 0; row < packets.length; row++) fields += dissectPacket(capture, row).fieldDefs.size;
  for (let stream = 0; stream < connectionCount(capture); stream++) connectionRow(capture, stream);
  for (let exchange = 0; exchange < exchangeCount(capture); exchange++) exchangeRow(capture, exchange);
  return { reads: reader.reads, fields, looks };
}

describe('captures made to cost more than they weigh', () => {
  it.each(HOSTILE)('%s: do no harm, and twice the packets are twice the work', (_, make) => {
    expect(check(make(40))).toMatchObject(HARMLESS);
    const once = work(make(80));
    const twice = work(make(160));
    expect(twice.reads).toBeLessThanOrEqual(2 * once.reads + 400);
    expect(twice.fields).toBeLessThanOrEqual(2.5 * once.fields);
    expect(twice.looks).toBeLessThanOrEqual(2.5 * once.looks + 400);
  });

  it('a TLS message in records of one octet is copied a few times at most, not once for every record', () => {
    const list = slowHandshake(250);
    let copied = 0;
    // That of all typed arrays.
    const arrays = Object.getPrototypeOf(Uint8Array.prototype) as { set: (this: Uint8Array, from: ArrayLike<number>, at?: number) => void };
    const { set } = arrays;
    arrays.set = function (from, at) {
      copied += from.length;
      set.call(this, from, at);
    };
    try {
      const { capture } = indexed(list);
      const indexing = copied;
      // 250 packets with 200 records: 50,000 octets.
      expect(indexing).toBeLessThan(1_000_000);
      for (let row = 0; row < capture.packets.length; row++) dissectPacket(capture, row);
      expect(copied - indexing).toBeLessThan(2_000_000);
    } finally {
      arrays.set = set;
    }
  });

  it('a packet of a Multipath TCP connection that everybody joins names the latest streams alone', () => {
    const { capture } = indexed(joins(400));
    const named = dissectPacket(capture, 399)
      .layers.flatMap((layer) => layer.fields)
      .flatMap((node) => [node, ...node.children])
      .find((node) => node.abbrev === 'mptcp.analysis.subflows');
    expect(String(named?.value).trim().split(' ').slice(0, 3)).toEqual(['399', '398', '397']);
    expect(String(named?.value).trim().split(' ')).toHaveLength(256);
  });

  it('a segment whose octets stand for half a gigabyte of text is shown as far as there is room, and can be printed', () => {
    const { capture } = indexed(longTexts(7, 1800));
    const d = dissectPacket(capture, 6);
    const headers = d.layers.flatMap((layer) => layer.fields).length;
    expect(headers).toBeGreaterThan(10);
    expect(JSON.stringify(packetJson(d)).length).toBeLessThan(100e6);
    expect(saidIn(d.layers, 'http2').reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(32e6);
  });

  it('heads of exchanges are kept as far as their texts have room, and the others are told without them', () => {
    const { capture } = indexed(longAddresses(120));
    const facts = capture.state(httpFacts);
    while (facts.advance());
    expect(exchangeCount(capture)).toBeGreaterThan(10_000);
    expect(facts.heads.length).toBeGreaterThan(1000);
    expect(facts.heads.length * 3 * 3900).toBeLessThan(80e6);
    expect(storyOf(capture, exchangeCount(capture) - 1).facts.length).toBeGreaterThan(0);
  });

  it('answers in a pipeline read the packet of their requests once', () => {
    const { capture, reader } = indexed(answeredPipeline(5));
    const answers = dissectPacket(capture, 4);
    expect(answers.layers.filter((layer) => layer.protocol === 'http')).toHaveLength(20);
    expect(reader.reads).toBeLessThanOrEqual(3);
    const before = reader.reads;
    for (let exchange = 0; exchange < exchangeCount(capture); exchange++) exchangeRow(capture, exchange);
    expect(exchangeCount(capture)).toBe(20);
    expect(reader.reads - before).toBeLessThanOrEqual(5);
  });
});
