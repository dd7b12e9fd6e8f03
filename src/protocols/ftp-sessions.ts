/** What the index remembers of FTP: working directories, and which command a data connection answers (RFC 959, RFC 2428). */
import { defineState } from '../dissect/capture-index.ts';
import { lowerBound } from '../table/ascending.ts';
import { UNSET } from '../table/packet-table.ts';

/** Sessions, announced connections, data connections and directories that are kept, of each; the longest directory. */
const MAX_KEPT = 65_536;
const MAX_TEXT = 1024;

/** How a data connection was announced, and what for. */
interface Setup {
  readonly row: number;
  readonly method: string;
  /** `tcp.stream` of the control connection. */
  readonly control: number;
  /** The command whose data it carries, with its argument; '' while none was seen. */
  command: string;
  commandRow: number;
  /** Packets with data in them, their bytes, and the rows of the first and the last; UNSET before the first. */
  frames: number;
  bytes: number;
  firstRow: number;
  lastRow: number;
}

interface Session {
  /** Directory asked for by the command last sent, if that was CWD or CDUP; '' otherwise. */
  asked: string;
  asksPwd: boolean;
  readonly rows: number[];
  readonly directories: string[];
  /** Announced last, its command not seen yet. */
  setup: Setup | null;
}

const DATA_COMMANDS: ReadonlySet<string> = new Set(['LIST', 'NLST', 'MLSD', 'RETR', 'STOR', 'STOU', 'APPE']);
const DIRECTORY_COMMANDS: ReadonlySet<string> = new Set(['CWD', 'XCWD', 'CDUP', 'XCUP', 'PWD', 'XPWD']);

/** `path` as seen from `from`, '.' and '..' resolved, a '/' at its end kept; '' where `from` is needed and unknown. */
function resolvePath(from: string, path: string): string {
  if (!path.startsWith('/') && from === '') return '';
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** The directory in the reply to PWD: in quotes, a quote inside doubled (RFC 959 appendix II). */
function quotedPath(line: string): string {
  return /"((?:[^"]|"")*)"/.exec(line)?.[1]?.replaceAll('""', '"') ?? '';
}

class FtpSessions {
  readonly #sessions = new Map<number, Session>();
  readonly #announced = new Map<number, Setup>();
  readonly #data = new Map<number, Setup>();
  readonly #byRow = new Map<number, Setup>();
  #directories = 0;

  #session(stream: number): Session | undefined {
    let session = this.#sessions.get(stream);
    if (session === undefined && this.#sessions.size < MAX_KEPT) {
      session = { asked: '', asksPwd: false, rows: [], directories: [], setup: null };
      this.#sessions.set(stream, session);
    }
    return session;
  }

  /** A command was sent: `line` without its end. */
  command(stream: number, row: number, line: string): void {
    const space = line.indexOf(' ');
    const name = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const moves = DIRECTORY_COMMANDS.has(name);
    const session = moves ? this.#session(stream) : this.#sessions.get(stream);
    if (session === undefined) return;
    session.asksPwd = name === 'PWD' || name === 'XPWD';
    const path = name === 'CDUP' || name === 'XCUP' ? '..' : space < 0 ? '' : line.slice(space + 1);
    session.asked = moves && !session.asksPwd ? path : '';
    if (session.setup !== null && DATA_COMMANDS.has(name)) {
      session.setup.command = line;
      session.setup.commandRow = row;
      this.#note(row, session.setup);
      session.setup = null;
    }
  }

  /** A reply came: the directory changes if it says that the command for that succeeded. */
  reply(stream: number, row: number, code: number, line: string): void {
    const session = this.#sessions.get(stream);
    if (session === undefined) return;
    if (code === 257 && session.asksPwd) this.#moved(session, row, quotedPath(line));
    // CDUP succeeds with 200 (RFC 959) or 250 (RFC 1123 section 4.1.2.8 asks for what most servers send).
    else if ((code === 250 || code === 200) && session.asked !== '')
      this.#moved(session, row, resolvePath(session.directories.at(-1) ?? '', session.asked));
    session.asked = '';
    session.asksPwd = false;
  }

  #moved(session: Session, row: number, directory: string): void {
    if (directory === '' || directory.length > MAX_TEXT || directory === session.directories.at(-1) || this.#directories >= MAX_KEPT)
      return;
    this.#directories++;
    session.rows.push(row);
    session.directories.push(directory);
  }

  /** The directory of a control connection once packet `row` was read; '' if unknown. */
  directory(stream: number, row: number): string {
    const session = this.#sessions.get(stream);
    if (session === undefined) return '';
    return session.directories[lowerBound(session.rows, row + 1) - 1] ?? '';
  }

  /** A data connection was announced: give the result to announce() with each endpoint (AddressTable id, port) it may have. */
  setup(stream: number, row: number, method: string): Setup {
    const setup: Setup = {
      row,
      method,
      control: stream,
      command: '',
      commandRow: row,
      frames: 0,
      bytes: 0,
      firstRow: UNSET,
      lastRow: UNSET,
    };
    this.#note(row, setup);
    const session = this.#session(stream);
    if (session !== undefined) session.setup = setup;
    return setup;
  }

  /** The announcement that is in `row`, or that the command there was given for. */
  setupAt(row: number): Setup | undefined {
    return this.#byRow.get(row);
  }

  #note(row: number, setup: Setup): void {
    if (this.#byRow.size < 2 * MAX_KEPT) this.#byRow.set(row, setup);
  }

  announce(address: number, port: number, setup: Setup): void {
    const key = address * 65536 + port;
    // Deleted first, so that the order is that of the announcements.
    this.#announced.delete(key);
    this.#announced.set(key, setup);
    if (this.#announced.size > MAX_KEPT) {
      for (const oldest of this.#announced.keys()) {
        this.#announced.delete(oldest);
        break;
      }
    }
  }

  /** A packet of the data connection `stream` was seen between two endpoints: from the first on it belongs to what was announced last. */
  attach(stream: number, src: number, srcPort: number, dst: number, dstPort: number): Setup | undefined {
    const known = this.#data.get(stream);
    if (known !== undefined || this.#data.size >= MAX_KEPT) return known;
    const setup = this.#announced.get(dst * 65536 + dstPort) ?? this.#announced.get(src * 65536 + srcPort);
    if (setup !== undefined) this.#data.set(stream, setup);
    return setup;
  }

  setupOf(stream: number): Setup | undefined {
    return this.#data.get(stream);
  }
}

export const ftpSessions = defineState(() => new FtpSessions());
