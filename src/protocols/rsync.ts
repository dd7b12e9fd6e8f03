/** The rsync daemon's protocol: greetings, what the client asks for, then data. */
import { defineState } from '../dissect/capture-index.ts';
import { bytes, string } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { RowFlag } from '../table/packet-table.ts';
import { app, begins } from './app-kit.ts';
import { find, lineAt, lineText } from './text-lines.ts';

const MAGIC = '@RSYNCD:';

const f = {
  magic: string('rsync.hdr_magic', 'Magic Header'),
  version: string('rsync.hdr_version', 'Header Version'),
  query: string('rsync.query', 'Client Query String'),
  motd: string('rsync.motd', 'Server MOTD String'),
  modules: string('rsync.module_list', 'Server Module List'),
  response: string('rsync.response', 'RSYNCD Response String'),
  command: string('rsync.command', 'Client Command String'),
  data: bytes('rsync.data', 'rsync data'),
};

enum Step {
  Greeting = 0,
  Query = 1,
  Command = 2,
  Motd = 3,
  Modules = 4,
  Data = 5,
}

/** Where each side of a connection is, and where it was at each row. */
class Steps {
  readonly client = new Map<number, Step>();
  readonly server = new Map<number, Step>();
  readonly ofRow = new Map<number, Step>();
}
const steps = defineState(() => new Steps());

function index(w: IndexWalk): void {
  if (w.quoted) return;
  const table = w.capture.state(steps);
  if ((w.flags & RowFlag.FromClient) !== 0) {
    const step = table.client.get(w.stream) ?? Step.Greeting;
    if (step !== Step.Greeting) table.ofRow.set(w.row, step);
    if (step === Step.Greeting) table.client.set(w.stream, Step.Query);
    else if (step === Step.Query) {
      table.client.set(w.stream, Step.Command);
      table.server.set(w.stream, begins(w.bytes, w.offset, w.end, '#list') ? Step.Modules : Step.Data);
    }
    return;
  }
  const step = table.server.get(w.stream) ?? Step.Greeting;
  if (step !== Step.Greeting) table.ofRow.set(w.row, step);
  else table.server.set(w.stream, Step.Motd);
}

export const rsync = app({
  name: 'rsync',
  short: 'RSYNC',
  title: 'RSYNC File Synchroniser',
  fields: Object.values(f),
  index,
  read(layer, b, d) {
    const side = d.transport?.fromClient === false ? 'Server' : 'Client';
    const step = d.capture.state(steps).ofRow.get(d.row) ?? Step.Greeting;
    const { stop, next } = lineAt(b, b.offset);
    const text = lineText(b, b.offset, stop);
    switch (step) {
      case Step.Greeting:
        if (!begins(b.bytes, b.offset, b.end, MAGIC)) break;
        layer.string(f.magic, b.offset, MAGIC.length);
        if (b.length > MAGIC.length) {
          const from = b.offset + MAGIC.length + (b.u8(b.offset + MAGIC.length) === 32 ? 1 : 0);
          layer.string(f.version, from, b.end - from);
        }
        return `${side} Initialisation (Version ${text.slice(MAGIC.length + 1)})`;
      case Step.Query:
        layer.string(f.query, b.offset, b.length);
        return `Client Query: ${text}`;
      case Step.Command: {
        const zero = find(b, 0, b.offset, b.end);
        const end = zero < 0 ? next : Math.min(next, zero);
        layer.string(f.command, b.offset, b.length, { zero: true });
        if (end < b.end) layer.text(end, b.end - end, 'Trailing stray characters');
        return `Client Command: ${text}`;
      }
      case Step.Motd:
        layer.string(f.motd, b.offset, b.length);
        return 'Server MOTD';
      case Step.Modules:
        layer.string(f.modules, b.offset, b.length);
        return 'Server Module List';
      default:
    }
    layer.bytes(f.data, b.offset, b.length);
    return 'Data';
  },
});
