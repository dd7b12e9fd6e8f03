import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fieldsOf, join, u32 } from './network-packets.ts';
import { octets, overTcp, type Said, survivesCuts } from './talk.ts';

const lists = ['kex-a,kex-b', 'ssh-rsa', 'aes', 'des', 'hmac-c', 'hmac-s', 'none', 'zlib', '', ''];
const payload = join([20], new Uint8Array(16).fill(7), ...lists.map((list) => join(u32(list.length), octets(list))), [0], u32(0));
const init = join(u32(payload.length + 1 + 4), [4], payload, [1, 2, 3, 4]);
const said: readonly Said[] = [
  ['<', 'SSH-2.0-server\r\n'],
  ['>', 'SSH-2.0-client\r\n'],
  ['>', init],
  ['<', init],
];

describe('SSH', () => {
  const t = overTcp(22, ...said);

  it('reads what each side offers, and its fingerprint', () => {
    const d = t.at(2);
    expect(
      fieldsOf(d, 'ssh.message_code', 'ssh.kex_algorithms', 'ssh.mac_algorithms_server_to_client', 'ssh.cookie', 'ssh.padding_string'),
    ).toEqual({
      'ssh.message_code': '20',
      'ssh.kex_algorithms': 'kex-a,kex-b',
      'ssh.mac_algorithms_server_to_client': 'hmac-s',
      'ssh.cookie': '07'.repeat(16),
      'ssh.padding_string': '01020304',
    });
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    expect(fieldsOf(d, 'ssh.kex.hassh', 'ssh.direction')).toEqual({
      'ssh.kex.hassh': md5('kex-a,kex-b;aes;hmac-c;none'),
      'ssh.direction': '0',
    });
    expect(fieldsOf(t.at(3), 'ssh.kex.hasshserver')).toEqual({ 'ssh.kex.hasshserver': md5('kex-a,kex-b;des;hmac-s;zlib') });
  });

  it('numbers the packets of each direction from the line before them on', () => {
    const number = (d: ReturnType<typeof t.at>) => fieldsOf(d, 'ssh.seq_num')['ssh.seq_num'];
    const keys = packet([21]);
    const talk = overTcp(22, ...said, ['>', packet([2], counted('x'))], ['<', join(packet([2], counted('x')), keys)], ['>', keys]);
    expect([0, 2, 3, 4, 5, 6].map((n) => number(talk.at(n)))).toEqual(['', '0', '0', '1', '1,2', '2']);
    // Where the begin of the direction is missing nobody can tell.
    expect(number(overTcp(22, ['>', init]).at(0))).toBe('');
    const split = overTcp(22, ['>', 'SSH-2.0-client\r\n'], ['>', init.slice(0, 50)], ['>', join(init.slice(50), keys)]);
    expect([1, 2].map((n) => number(split.at(n)))).toEqual(['', '0,1']);
  });

  it('waits for the end of a packet', () => {
    const cut = overTcp(22, ['>', 'SSH-2.0-client\r\n'], ['>', init.slice(0, 50)], ['>', init.slice(50)]);
    expect(fieldsOf(cut.at(2), 'ssh.server_host_key_algorithms')).toEqual({ 'ssh.server_host_key_algorithms': 'ssh-rsa' });
  });

  it('stands being cut anywhere, and lists longer than the packet', () => {
    survivesCuts(22, said);
    const lying = init.slice();
    lying.set([0xff, 0xff, 0xff, 0xff], 22);
    expect(overTcp(22, ['>', lying]).stacks).toEqual(['ssh']);
  });
});

const counted = (value: string | Uint8Array): Uint8Array => join(u32(octets(value).length), octets(value));
const packet = (...parts: (Uint8Array | number[])[]): Uint8Array => {
  const content = join(...parts);
  return join(u32(content.length + 1 + 4), [4], content, [9, 9, 9, 9]);
};
const offer = (methods: string): Uint8Array => packet([20], new Uint8Array(16), ...[methods, ...lists.slice(1)].map(counted), [0], u32(0));
const opening = (client: string, server: string): Said[] => [
  ['>', 'SSH-2.0-client\r\n'],
  ['<', 'SSH-2.0-server\r\n'],
  ['>', offer(client)],
  ['<', offer(server)],
];
const newKeys = packet([21]);
const rsaKey = counted(join(counted('ssh-rsa'), counted(Uint8Array.of(35)), counted(Uint8Array.of(0, 0xbf, 1))));
const rsaSignature = counted(join(counted('ssh-rsa'), counted(Uint8Array.of(0x9f, 0xae))));

describe('The key exchange of SSH', () => {
  it('reads messages 30 and 31 by the first method of the client that the server has', () => {
    const numbers: Said[] = [
      ['>', packet([30], counted(Uint8Array.of(1, 2, 3)))],
      ['<', packet([31], rsaKey, counted(Uint8Array.of(4, 5)), rsaSignature)],
    ];
    const curve = overTcp(
      22,
      ...opening('none-such,curve25519-sha256,diffie-hellman-group14-sha256', 'diffie-hellman-group14-sha256,curve25519-sha256'),
      ...numbers,
    );
    expect(fieldsOf(curve.at(4), 'ssh.ecdh.q_c', 'ssh.ecdh.q_c_length', 'ssh.dh.e', 'ssh.message_code', 'ssh.payload')).toEqual({
      'ssh.ecdh.q_c': '010203',
      'ssh.ecdh.q_c_length': '3',
      'ssh.dh.e': '',
      'ssh.message_code': '30',
      'ssh.payload': '',
    });
    expect(
      fieldsOf(curve.at(5), 'ssh.ecdh.q_s', 'ssh.host_key.rsa.e', 'ssh.host_key.rsa.n', 'ssh.host_sig.rsa', 'ssh.host_key.length'),
    ).toEqual({
      'ssh.ecdh.q_s': '0405',
      'ssh.host_key.rsa.e': '23',
      'ssh.host_key.rsa.n': '00bf01',
      'ssh.host_sig.rsa': '9fae',
      'ssh.host_key.length': '23',
    });
    const group = overTcp(22, ...opening('diffie-hellman-group14-sha256', 'diffie-hellman-group14-sha256'), ...numbers);
    expect(fieldsOf(group.at(4), 'ssh.ecdh.q_c', 'ssh.dh.e', 'ssh.mpint_length')).toEqual({
      'ssh.ecdh.q_c': '',
      'ssh.dh.e': '010203',
      'ssh.mpint_length': '3',
    });
    expect(fieldsOf(group.at(5), 'ssh.ecdh.q_s', 'ssh.dh.f')).toEqual({ 'ssh.ecdh.q_s': '', 'ssh.dh.f': '0405' });
  });

  it('learns the method from an offer in two segments', () => {
    const whole = offer('curve25519-sha256');
    const t = overTcp(
      22,
      ['<', offer('curve25519-sha256')],
      ['>', whole.slice(0, 40)],
      ['>', whole.slice(40)],
      ['>', packet([30], counted(Uint8Array.of(7)))],
    );
    expect(fieldsOf(t.at(3), 'ssh.ecdh.q_c')).toEqual({ 'ssh.ecdh.q_c': '07' });
  });

  it('does not guess what 30 means where one offer was not seen', () => {
    const t = overTcp(22, ['>', 'SSH-2.0-client\r\n'], ['>', offer('curve25519-sha256')], ['>', packet([30], counted(Uint8Array.of(1)))]);
    expect(fieldsOf(t.at(2), 'ssh.ecdh.q_c', 'ssh.dh.e', 'ssh.payload')).toEqual({
      'ssh.ecdh.q_c': '',
      'ssh.dh.e': '',
      'ssh.payload': '0000000101',
    });
  });

  it('reads a group that is asked for', () => {
    const t = overTcp(
      22,
      ...opening('diffie-hellman-group-exchange-sha256', 'diffie-hellman-group-exchange-sha256'),
      ['>', packet([34], u32(1024), u32(2048), u32(8192))],
      ['<', packet([31], counted(Uint8Array.of(0, 0xde)), counted(Uint8Array.of(2)))],
      ['>', packet([32], counted(Uint8Array.of(5)))],
      ['<', join(packet([33], rsaKey, counted(Uint8Array.of(6)), rsaSignature), newKeys)],
    );
    expect(fieldsOf(t.at(4), 'ssh.dh_gex.min', 'ssh.dh_gex.nbits', 'ssh.dh_gex.max')).toEqual({
      'ssh.dh_gex.min': '1024',
      'ssh.dh_gex.nbits': '2048',
      'ssh.dh_gex.max': '8192',
    });
    expect(fieldsOf(t.at(5), 'ssh.dh_gex.p', 'ssh.dh_gex.g')).toEqual({ 'ssh.dh_gex.p': '00de', 'ssh.dh_gex.g': '02' });
    expect(fieldsOf(t.at(6), 'ssh.dh.e')).toEqual({ 'ssh.dh.e': '05' });
    expect(fieldsOf(t.at(7), 'ssh.dh.f', 'ssh.host_sig.type')).toEqual({ 'ssh.dh.f': '06', 'ssh.host_sig.type': 'ssh-rsa' });
  });

  it('takes nothing for clear after New Keys, whatever it looks like, and sets its length apart', () => {
    const like = packet([2], counted('no'));
    const t = overTcp(22, ...opening('curve25519-sha256', 'curve25519-sha256'), ['>', join(newKeys, like)], ['>', like], ['<', like]);
    for (const row of [4, 5]) {
      expect(fieldsOf(t.at(row), 'ssh.packet_length_encrypted', 'ssh.encrypted_packet', 'ssh.ignore_data')).toEqual({
        'ssh.packet_length_encrypted': '0000000c',
        'ssh.encrypted_packet': Buffer.from(like.subarray(4)).toString('hex'),
        'ssh.ignore_data': '',
      });
    }
    expect(fieldsOf(t.at(6), 'ssh.packet_length_encrypted', 'ssh.ignore_data')).toEqual({
      'ssh.packet_length_encrypted': '',
      'ssh.ignore_data': '6e6f',
    });
  });

  it('reads why a side hangs up before there are keys', () => {
    const t = overTcp(22, ['<', 'SSH-2.0-server\r\n'], ['<', packet([1], u32(2), counted('Too old'), counted('en'))]);
    expect(fieldsOf(t.at(1), 'ssh.disconnect_reason', 'ssh.disconnect_description', 'ssh.lang_tag')).toEqual({
      'ssh.disconnect_reason': '0x00000002',
      'ssh.disconnect_description': 'Too old',
      'ssh.lang_tag': 'en',
    });
  });

  it('does not read messages of version 1 as those of version 2', () => {
    const t = overTcp(22, ['<', 'SSH-1.99-server\r\n'], ['>', 'SSH-1.5-client\r\n'], ['<', packet([2], counted('key'))]);
    expect(fieldsOf(t.at(2), 'ssh.ignore_data', 'ssh.padding_string')).toEqual({ 'ssh.ignore_data': '', 'ssh.padding_string': '' });
  });

  it('stands lengths that lie at every place, and being cut anywhere', () => {
    const start = opening('curve25519-sha256', 'curve25519-sha256');
    const reply = packet([31], rsaKey, counted(Uint8Array.of(4, 5)), rsaSignature);
    survivesCuts(22, [...start, ['<', reply]]);
    for (let at = 6; at < reply.length; at++) {
      const lying = reply.slice();
      lying.fill(0xff, at, at + 4);
      expect(overTcp(22, ...start, ['<', lying]).stacks.at(-1)).toBe('ssh');
    }
  });
});
