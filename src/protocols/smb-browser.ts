/** The browser service of Windows networks (MS-BRWS), in transactions of SMB to a mailslot. */
import { nameOf, names, string, uint8, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const m = {
  command: uint8('browser.command', 'Command', {
    base: 'hex',
    names: names({
      1: 'Host Announcement',
      2: 'Request Announcement',
      8: 'Browser Election Request',
      9: 'Get Backup List Request',
      10: 'Get Backup List Response',
      11: 'Become Backup Browser',
      12: 'Domain/Workgroup Announcement',
      13: 'Master Announcement',
      14: 'Reset Browser State Announcement',
      15: 'Local Master Announcement',
    }),
  }),
  updateCount: uint8('browser.update_count', 'Update Count'),
  period: uint32('browser.period', 'Update Periodicity'),
  server: string('browser.server', 'Server Name'),
  osMajor: uint8('browser.os_major', 'OS Major Version'),
  osMinor: uint8('browser.os_minor', 'OS Minor Version'),
  serverType: uint32('browser.server_type', 'Server Type', { base: 'hex' }),
  comment: string('browser.comment', 'Host Comment'),
};

/** Announcements of the computer browser service (MS-BRWS 2.2), in mailslots. */
export const browser = app({
  name: 'browser',
  short: 'BROWSER',
  title: 'Microsoft Windows Browser Protocol',
  fields: Object.values(m),
  read(layer, b) {
    const o = b.offset;
    const command = layer.uint(m.command, o);
    // Host, workgroup and local master announcements have one form.
    if (command === 1 || command === 12 || command === 15) {
      layer.uint(m.updateCount, o + 1);
      layer.uintLe(m.period, o + 2);
      layer.string(m.server, o + 6, 16, { zero: true });
      layer.uint(m.osMajor, o + 22);
      layer.uint(m.osMinor, o + 23);
      layer.uintLe(m.serverType, o + 24);
    }
    return nameOf(m.command, command) ?? '';
  },
});
