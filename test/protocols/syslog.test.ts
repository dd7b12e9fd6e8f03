import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

const read = (text: string) => ofFrames(udpFrame(50000, 514, text)).at(0);

describe('syslog', () => {
  it('reads priority, time, host and process of RFC 3164', () => {
    const d = read('<13>Sep  2 19:16:12 host app[7]: hello');
    expect(
      fieldsOf(d, 'syslog.facility', 'syslog.level', 'syslog.timestamp_rfc3164', 'syslog.hostname', 'syslog.procid', 'syslog.msgid'),
    ).toEqual({
      'syslog.facility': '1',
      'syslog.level': '5',
      'syslog.timestamp_rfc3164': 'Sep  2 19:16:12',
      'syslog.hostname': 'host',
      'syslog.procid': 'app',
      'syslog.msgid': '[7]: hello',
    });
    expect(d.columns.info).toContain('USER.NOTICE: ');
  });

  it('reads the header of RFC 5424', () => {
    const d = read('<165>1 2003-10-11T22:14:15.003Z mymachine app 12 ID47 - text');
    expect(fieldsOf(d, 'syslog.version', 'syslog.hostname', 'syslog.appname', 'syslog.procid', 'syslog.msgid')).toEqual({
      'syslog.version': '1',
      'syslog.hostname': 'mymachine',
      'syslog.appname': 'app',
      'syslog.procid': '12',
      'syslog.msgid': 'ID47',
    });
  });

  it('takes a message without priority, and any cut', () => {
    expect(fieldsOf(read('plain'), 'syslog.msg', 'syslog.level')).toEqual({ 'syslog.msg': 'plain', 'syslog.level': '' });
    const text = '<165>1 2003-10-11T22:14:15.003Z m a 1 I - \xef\xbb\xbft';
    for (let end = 1; end <= text.length; end++) expect(read(text.slice(0, end)).protocolNames).toMatch(/:udp:syslog$/);
  });
});
