import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { rpcCalls } from '../../src/protocols/rpc-calls.ts';
import { NONE } from '../../src/table/packet-table.ts';
import { fieldsOf, join, u32 } from './network-packets.ts';
import { ofFrames, overTcp, survivesCuts, udpFrame } from './talk.ts';

const words = (text: string) =>
  join(
    u32(text.length),
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
    new Uint8Array((4 - (text.length & 3)) & 3),
  );
const nobody = [...u32(0), ...u32(0)];
const call = (xid: number, program: number, version: number, procedure: number, ...args: (Uint8Array | readonly number[])[]) =>
  join(u32(xid), u32(0), u32(2), u32(program), u32(version), u32(procedure), nobody, nobody, ...args);
const reply = (xid: number, ...results: (Uint8Array | readonly number[])[]) => join(u32(xid), u32(1), u32(0), nobody, u32(0), ...results);
const record = (message: Uint8Array) => join(u32((0x80000000 | message.length) >>> 0), message);
const getPort = join(u32(100005), u32(3), u32(17), u32(0));
const ask = (xid: number, port = 700) => udpFrame(port, 111, call(xid, 100000, 2, 3, getPort));
const tell = (xid: number, port = 700) => udpFrame(111, port, reply(xid, u32(20048)), true);

describe('ONC RPC over UDP', () => {
  test('names the program of a call, and of a reply by its call', () => {
    const t = ofFrames(ask(7), tell(7));
    expect(t.stacks).toEqual(['rpc:portmap', 'rpc:portmap']);
    expect(fieldsOf(t.at(0), 'rpc.program', 'rpc.procedure', 'portmap.prog', 'portmap.proto', 'rpc.repframe')).toEqual({
      'rpc.program': '100000',
      'rpc.procedure': '3',
      'portmap.prog': '100005',
      'portmap.proto': '17',
      'rpc.repframe': '2',
    });
    expect(fieldsOf(t.at(1), 'rpc.program', 'rpc.procedure', 'portmap.port', 'rpc.reqframe', 'rpc.time')).toEqual({
      'rpc.program': '100000',
      'rpc.procedure': '3',
      'portmap.port': '20048',
      'rpc.reqframe': '1',
      'rpc.time': '1.000000000',
    });
    expect(t.at(1).columns.info).toBe('V2 GETPORT Reply (Call In 1)');
  });

  test('takes a reply that nobody has asked for as data', () => {
    expect(ofFrames(ask(7), tell(8), tell(7)).stacks).toEqual(['rpc:portmap', 'data', 'rpc:portmap']);
    expect(ofFrames(tell(7)).stacks).toEqual(['data']);
  });

  test('tells programs of one conversation apart by the number of the call', () => {
    const path = words('/home');
    const t = ofFrames(
      udpFrame(800, 2049, call(1, 100005, 3, 1, path)),
      udpFrame(800, 2049, call(2, 100227, 3, 1, new Uint8Array(8))),
      udpFrame(2049, 800, reply(2, u32(0)), true),
      udpFrame(2049, 800, reply(1, u32(13)), true),
    );
    expect(t.stacks).toEqual(['rpc:mount', 'rpc:nfsacl', 'rpc:nfsacl', 'rpc:mount']);
    expect(fieldsOf(t.at(0), 'mount.path')['mount.path']).toBe('/home');
    expect(fieldsOf(t.at(3), 'mount.status')['mount.status']).toBe('13');
  });

  test('is alone where there are no arguments, and has data where nobody knows them', () => {
    const t = ofFrames(
      udpFrame(800, 900, call(1, 100003, 3, 0)),
      udpFrame(800, 900, call(2, 100232, 10, 1, u32(5))),
      udpFrame(800, 900, call(3, 100003, 3, 99, u32(5))),
      udpFrame(900, 800, join(u32(3), u32(1), u32(0), nobody, u32(2), u32(2), u32(4)), true),
      udpFrame(900, 800, join(u32(2), u32(1), u32(1), u32(1), u32(5)), true),
    );
    expect(t.stacks).toEqual(['rpc', 'rpc:data', 'rpc:data', 'rpc', 'rpc']);
    expect(fieldsOf(t.at(3), 'rpc.state_accept', 'rpc.programversion.max')).toEqual({
      'rpc.state_accept': '2',
      'rpc.programversion.max': '4',
    });
    expect(fieldsOf(t.at(4), 'rpc.state_reject', 'rpc.state_auth')).toEqual({ 'rpc.state_reject': '1', 'rpc.state_auth': '5' });
  });

  test('says who calls', () => {
    const name = words('host');
    const user = join(u32(1), u32(4 + name.length + 16), u32(0x1234), name, u32(1000), u32(100), u32(1), u32(27));
    const message = join(u32(1), u32(0), u32(2), u32(100003), u32(3), u32(0), user, nobody);
    expect(fieldsOf(ofFrames(udpFrame(800, 2049, message)).at(0), 'rpc.auth.machinename', 'rpc.auth.uid', 'rpc.auth.gid')).toEqual({
      'rpc.auth.machinename': 'host',
      'rpc.auth.uid': '1000',
      'rpc.auth.gid': '100,27',
    });
  });

  test('cut at any length throws nowhere, and both depths agree', () => {
    const frame = udpFrame(800, 2049, call(1, 100000, 3, 3, u32(100005), u32(1), words('udp'), words(''), words('')));
    for (let length = 42; length <= frame.length; length++) ofFrames(frame.slice(0, length), tell(1, 800));
  });
});

describe('ONC RPC over TCP', () => {
  test('finds calls and replies in records, on the port of the port mapper too', () => {
    const t = overTcp(
      111,
      ['>', record(call(9, 100000, 2, 3, getPort))],
      ['<', record(reply(9, u32(2049)))],
      ['<', record(reply(10, u32(1)))],
    );
    expect(t.stacks).toEqual(['rpc:portmap', 'rpc:portmap', 'data']);
    expect(fieldsOf(t.at(1), 'rpc.fraglen', 'rpc.lastfrag', 'portmap.port')).toEqual({
      'rpc.fraglen': '28',
      'rpc.lastfrag': '1',
      'portmap.port': '2049',
    });
  });

  test('puts a record together from segments cut anywhere', () => {
    const bytes = record(call(9, 100003, 3, 1, words('0123456789abcdef')));
    for (let cut = 1; cut < bytes.length; cut++) {
      const t = overTcp(
        2049,
        ['>', record(call(8, 100003, 3, 0))],
        ['>', bytes.slice(0, cut)],
        ['>', bytes.slice(cut)],
        ['<', record(reply(9, u32(2)))],
      );
      expect([t.stacks[2], t.stacks[3], fieldsOf(t.at(3), 'nfs.status3')['nfs.status3']]).toEqual(['rpc:nfs', 'rpc:nfs', '2']);
    }
  });

  test('survives being cut', () =>
    survivesCuts(111, [
      ['>', record(call(9, 100000, 2, 3, getPort))],
      ['<', record(reply(9, u32(2049)))],
    ]));
});

test('of calls with one number a reply means the newest before it, and the table grows', () => {
  const { capture } = ofFrames(ask(7), tell(7), ask(7), tell(7));
  const calls = capture.state(rpcCalls);
  expect([1, 3].map((row) => fieldsOf(dissectPacket(capture, row), 'rpc.reqframe')['rpc.reqframe'])).toEqual(['1', '3']);
  for (let n = 0; n < 500; n++) calls.call(1, n, 10 + n, 100000 + n, 2, 3);
  expect(calls.program[calls.find(1, 321, 1000)]).toBe(100321);
  expect(calls.find(1, 321, 300)).toBe(NONE);
  expect(calls.answer(2, 321, 1000)).toBe(false);
});
