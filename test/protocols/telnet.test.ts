import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

const said = '\xff\xfd\x03\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0login\xff\xff: \r\n\xff\xf9';

describe('Telnet', () => {
  it('tells commands, options and data apart', () => {
    const d = overTcp(23, ['<', said]).at(0);
    expect(fieldsOf(d, 'telnet.cmd', 'telnet.subcmd', 'telnet.naws_subopt.width', 'telnet.naws_subopt.height')).toEqual({
      'telnet.cmd': '253,250,240,249',
      'telnet.subcmd': '3,31',
      'telnet.naws_subopt.width': '80',
      'telnet.naws_subopt.height': '24',
    });
    expect(fieldsOf(d, 'telnet.data')['telnet.data']).toMatch(/^login.*: \r\n$/);
  });

  it('stands being cut anywhere', () => survivesCuts(23, [['<', said]]));
});
