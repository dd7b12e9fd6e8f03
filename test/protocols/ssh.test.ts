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
