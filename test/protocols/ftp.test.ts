import { describe, expect, it } from 'vitest';
import { eth, fieldsOf, IP_A, IP_B, ip4, join, u16, u32 } from './network-packets.ts';
import { octets, ofFrames, overTcp, type Said, survivesCuts, tcpFrames } from './talk.ts';

const CWD = 'ftp.current-working-directory';
const directories = (...said: Said[]): string[] => {
  const t = overTcp(21, ...said);
  return said.map((_, n) => fieldsOf(t.at(n), CWD)[CWD]);
};

describe('FTP: the working directory', () => {
  it('is known from the reply to PWD on, and changes when CWD and CDUP succeed', () => {
    const quoted = '/home/a "b"';
    const steps: [Said, string][] = [
      [['>', 'CWD early\r\n'], ''],
      [['<', '250 OK\r\n'], ''],
      [['>', 'PWD\r\n'], ''],
      [['<', '257 "/home/a ""b""" is current\r\n'], quoted],
      [['>', 'CWD x/../pub\r\n'], quoted],
      [['<', '250 OK\r\n'], `${quoted}/pub`],
      [['>', 'CWD none\r\n'], `${quoted}/pub`],
      [['<', '550 No\r\n'], `${quoted}/pub`],
      [['>', 'cdup\r\n'], `${quoted}/pub`],
      [['<', '200 OK\r\n'], quoted],
      [['>', 'CWD /etc\r\n'], quoted],
      [['<', '250 OK\r\n'], '/etc'],
      [['>', 'CWD init.d/\r\n'], '/etc'],
      [['<', '250 OK\r\n'], '/etc/init.d/'],
      [['>', 'CWD ..\r\n'], '/etc/init.d/'],
      [['<', '250 OK\r\n'], '/etc'],
      [['>', 'DELE a\r\n'], '/etc'],
      [['<', '250 OK\r\n'], '/etc'],
    ];
    expect(directories(...steps.map(([said]) => said))).toEqual(steps.map(([, directory]) => directory));
  });

  it('does not take the reply to MKD, which looks the same, for it', () => {
    expect(directories(['>', 'MKD new\r\n'], ['<', '257 "/new" created\r\n'])).toEqual(['', '']);
  });
});

describe('FTP: replies', () => {
  it('have the words of their code, also where a command asks for a value', () => {
    const t = overTcp(21, ['>', 'PWD\r\n'], ['<', '257 "/" is current\r\n'], ['>', 'SIZE a\r\n'], ['<', '213 6\r\n']);
    const words = (row: number) =>
      t
        .at(row)
        .layers.at(-1)
        ?.fields.flatMap(function all(node): string[] {
          return [...(node.abbrev === 'ftp.response.code' ? [node.display] : []), ...node.children.flatMap(all)];
        });
    expect(words(1)).toEqual(['PATHNAME created (257)']);
    expect(words(3)).toEqual(['File status (213)']);
  });
});

describe('FTP: announced connections', () => {
  it('reads EPRT of both families, and EPSV with the address that answers', () => {
    const t = overTcp(
      21,
      ['>', 'EPRT |2|2001:db8::1|5282|\r\n'],
      ['>', 'EPRT |1|10.1.2.3|6275|\r\n'],
      ['<', '229 Entering (|||6446|)\r\n'],
    );
    expect(fieldsOf(t.at(0), 'ftp.eprt.af', 'ftp.eprt.ipv6', 'ftp.eprt.port', 'ftp.eprt.ip')).toEqual({
      'ftp.eprt.af': '2',
      'ftp.eprt.ipv6': '2001:db8::1',
      'ftp.eprt.port': '5282',
      'ftp.eprt.ip': '',
    });
    expect(fieldsOf(t.at(1), 'ftp.eprt.af', 'ftp.eprt.ip', 'ftp.eprt.port')).toEqual({
      'ftp.eprt.af': '1',
      'ftp.eprt.ip': '10.1.2.3',
      'ftp.eprt.port': '6275',
    });
    expect(fieldsOf(t.at(2), 'ftp.epsv.port', 'ftp.epsv.ip')).toEqual({
      'ftp.epsv.port': '6446',
      'ftp.epsv.ip': Array.from(IP_B).join('.'),
    });
  });

  it("says that a translator stands between where the address is not the sender's", () => {
    const own = `PORT ${Array.from(IP_A).join(',')},1,2\r\n`;
    const t = overTcp(21, ['>', own], ['>', 'PORT 9,9,9,9,1,2\r\n'], ['<', '227 Passive (9,9,9,9,1,2)\r\n']);
    expect(fieldsOf(t.at(0), 'ftp.active.nat', 'ftp.active.port')).toEqual({ 'ftp.active.nat': '', 'ftp.active.port': '258' });
    expect(fieldsOf(t.at(1), 'ftp.active.nat', 'ftp.active.cip')).toEqual({ 'ftp.active.nat': '1', 'ftp.active.cip': '9.9.9.9' });
    expect(fieldsOf(t.at(2), 'ftp.passive.nat')).toEqual({ 'ftp.passive.nat': '1' });
  });

  it('tells which command a data connection answers', () => {
    const data = (payload: string, seq: number): Uint8Array => {
      const header = join(u16(20000), u16(40000), u32(seq), u32(0), [0x50, 24], u16(8192), u16(0), u16(0));
      return eth(0x0800, ip4(join(header, octets(payload)), { proto: 6, src: IP_B, dst: IP_A }));
    };
    const control = tcpFrames(21, [
      ['>', 'PWD\r\n'],
      ['<', '257 "/pub"\r\n'],
      ['>', 'EPSV\r\n'],
      ['<', '229 Entering (|||20000|)\r\n'],
      ['>', 'RETR a b.txt\r\n'],
      ['>', 'CWD sub\r\n'],
      ['<', '250 OK\r\n'],
    ]);
    const t = ofFrames(...control.slice(0, 7), data('early', 1), ...control.slice(7), data('text', 6));
    const names = [
      'ftp-data.setup-frame',
      'ftp-data.setup-method',
      'ftp-data.command',
      'ftp-data.command-frame',
      'ftp-data.current-working-directory',
    ] as const;
    expect(Object.values(fieldsOf(t.at(7), ...names))).toEqual(['7', 'EPASV', '', '', '']);
    expect(Object.values(fieldsOf(t.at(11), ...names))).toEqual(['7', 'EPASV', 'RETR a b.txt', '9', '/pub']);
    const came = ['frames', 'bytes', 'first-frame-num', 'last-frame-num', 'duration', 'bitrate'].map((x) => `ftp.command-response.${x}`);
    const ask = (row: number) => Object.values(fieldsOf(t.at(row), 'ftp.setup-frame', 'ftp.command-frame', 'ftp.command', ...came));
    expect(ask(6)).toEqual(['', '9', 'RETR a b.txt', '', '', '', '', '', '']);
    expect(ask(8)).toEqual(['7', '', '', '2', '9', '8', '12', '4000', '0']);
    expect(ask(9)).toEqual(Array(9).fill(''));
  });

  it('stands lines that are cut anywhere or say nonsense', () => {
    survivesCuts(21, [['>', 'EPRT |2|2001:db8::1|5282|\r\n']]);
    survivesCuts(21, [['<', '229 Entering (|||6446|)\r\n']]);
    survivesCuts(21, [
      ['>', 'PWD\r\n'],
      ['<', '257 "/a""b"\r\n'],
    ]);
    for (const line of ['EPRT |9|x|y|', 'EPRT |1|300.1.1.1|99999|', 'EPRT ||||', 'CWD', `CWD ${'../'.repeat(600)}`]) {
      expect(overTcp(21, ['>', `${line}\r\n`]).stacks).toEqual(['ftp']);
    }
  });
});
