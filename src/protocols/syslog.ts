/** Syslog over UDP, in the forms of RFC 3164 and RFC 5424, which are told apart by what stands behind the priority. */
import { abstime, bool, names, string, TRUE_FALSE, uint8, uint24 } from '../dissect/field.ts';
import type { Time } from '../messages.ts';
import { app } from './app-kit.ts';
import { lineText, wordAt } from './text-lines.ts';

const facilities = [
  ['KERN', 'kernel messages'],
  ['USER', 'random user-level messages'],
  ['MAIL', 'mail system'],
  ['DAEMON', 'system daemons'],
  ['AUTH', 'security/authorization messages'],
  ['SYSLOG', 'messages generated internally by syslogd'],
  ['LPR', 'line printer subsystem'],
  ['NEWS', 'network news subsystem'],
  ['UUCP', 'UUCP subsystem'],
  ['CRON', 'clock daemon (BSD, Linux)'],
  ['AUTHPRIV', 'security/authorization messages (private)'],
  ['FTP', 'ftp daemon'],
  ['NTP', 'ntp subsystem'],
  ['LOGAUDIT', 'log audit'],
  ['LOGALERT', 'log alert'],
  ['CRON', 'clock daemon (Solaris)'],
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => [`LOCAL${n}`, 'reserved for local use']),
] as const;
const levels = [
  ['EMERG', 'system is unusable'],
  ['ALERT', 'action must be taken immediately'],
  ['CRIT', 'critical conditions'],
  ['ERR', 'error conditions'],
  ['WARNING', 'warning conditions'],
  ['NOTICE', 'normal but significant condition'],
  ['INFO', 'informational'],
  ['DEBUG', 'debug-level messages'],
] as const;
const words = (list: readonly (readonly string[])[]) => names(Object.fromEntries(list.map(([a, b], i) => [i, `${a} - ${b}`])));

const f = {
  facility: uint8('syslog.facility', 'Facility', { names: words(facilities) }),
  level: uint8('syslog.level', 'Level', { names: words(levels) }),
  message: string('syslog.msg', 'Message'),
  msuPresent: bool('syslog.msu_present', 'SS7 MSU present', { bool: TRUE_FALSE }),
  version: string('syslog.version', 'Syslog version'),
  timestamp: abstime('syslog.timestamp', 'Syslog timestamp'),
  timestamp3164: string('syslog.timestamp_rfc3164', 'Syslog timestamp (RFC3164)'),
  hostname: string('syslog.hostname', 'Syslog hostname'),
  appName: string('syslog.appname', 'Syslog app name'),
  processId: string('syslog.procid', 'Syslog process id'),
  messageId: string('syslog.msgid', 'Syslog message id'),
  bom: uint24('syslog.msgid.bom', 'Syslog BOM', { base: 'hex' }),
};

/** RFC 3339, as RFC 5424 section 6.2.3 has it. */
function parseTime(text: string): Time | null {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text);
  if (match === null) return null;
  const ms = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(ms)) return null;
  return { sec: ms / 1000, nsec: Number((match[2] ?? '').padEnd(9, '0')) };
}

export const syslog = app({
  name: 'syslog',
  short: 'Syslog',
  title: 'Syslog message',
  fields: Object.values(f),
  read(layer, b) {
    const priority = /^<([0-9]{1,3})>/.exec(b.text(b.offset, 5));
    let at = b.offset;
    let info = '';
    if (priority !== null && Number(priority[1]) < 1024) {
      const value = Number(priority[1]);
      const length = priority[0].length;
      layer.add(f.facility, at, length, value >> 3);
      layer.add(f.level, at, length, value & 7);
      at += length;
      const facility = facilities[value >> 3]?.[0] ?? '(unknown)';
      info = `${facility}.${levels[value & 7]?.[0] ?? ''}: `;
    }
    const text = b.text(at, b.end - at);
    const zero = text.indexOf('\0');
    const node = layer.add(f.message, at, b.end - at, zero < 0 ? text : text.slice(0, zero));
    if (priority !== null) {
      const skip = b.u8(at) === 32 ? 1 : 0;
      if (/^1 /.test(text)) {
        node.string(f.version, at, 1);
        const fields = [f.timestamp, f.hostname, f.appName, f.processId, f.messageId];
        let from = at + 2;
        for (const field of fields) {
          const word = wordAt(b, from, b.end);
          if (word.stop === b.end) break;
          if (field === f.timestamp) {
            const time = parseTime(b.text(from, word.stop - from));
            if (time !== null) node.add(field, from, word.stop - from, time);
          } else node.string(field, from, word.stop - from);
          from = word.stop + 1;
        }
        if (b.u24(from) === 0xefbbbf) node.uint(f.bom, from);
      } else if (/^ ?[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} /.test(text)) {
        const from = at + skip;
        node.string(f.timestamp3164, from, 15);
        const host = wordAt(b, from + 16, b.end);
        node.string(f.hostname, from + 16, host.stop - from - 16);
        let stop = host.stop + 1;
        while (stop < b.end && /[\w./-]/.test(String.fromCharCode(b.u8(stop)))) stop++;
        if (host.stop + 1 < stop) {
          node.string(f.processId, host.stop + 1, stop - host.stop - 1);
          if (stop < b.end) node.string(f.messageId, stop, b.end - stop, { zero: true });
        }
      }
    }
    return info + lineText(b, at, b.end);
  },
});
