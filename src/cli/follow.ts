/** `sevenfold follow`: what both sides of a stream sent, printed as `tshark -q -z follow` prints it, or written to a file. */
import { followStream } from '../engine/follow.ts';
import type { FollowedStream } from '../engine/follow-pieces.ts';
import { followSaid } from '../engine/follow-said.ts';
import { saveFollowed } from '../engine/follow-save.ts';
import { followDecrypted } from '../engine/follow-tls.ts';
import type { FollowKind } from '../messages.ts';
import { isSameFile } from '../system/same-file.ts';
import { entryOf } from '../words/entry-of.ts';
import { complain, readCapture, UNREADABLE, USAGE } from './load.ts';
import { Output } from './output.ts';

export interface FollowOptions {
  readonly file: string;
  /** 'tcp:N', 'udp:N', 'tls:N', 'http:N' or 'http2:N', and 'http2:N,S' for stream S inside it. */
  readonly stream: string;
  /** 'ascii', 'hex' or 'raw'. */
  readonly as: string;
  /** File for the bytes themselves; nothing is printed then. */
  readonly write?: string | undefined;
  /** Of one side only: '0' (sender of the first packet) or '1'. */
  readonly node?: string | undefined;
}

const RULE = '===================================================================';

export async function runFollow(options: FollowOptions): Promise<number> {
  const wanted = /^(?:(tcp|udp|tls|http|http2):(\d{1,9})|(http2):(\d{1,9}),(\d{1,10}))$/.exec(options.stream);
  if (wanted === null) {
    complain(
      `--stream takes tcp:N, udp:N, tls:N, http:N or http2:N with the number that tcp.stream or udp.stream shows, or http2:N,S with that of ` +
        `http2.streamid too, not "${options.stream}".`,
    );
    return USAGE;
  }
  const style = entryOf(styles, options.as);
  if (style === undefined) {
    complain(`--as takes ascii, hex or raw, not "${options.as}".`);
    return USAGE;
  }
  if (options.node !== undefined && options.node !== '0' && options.node !== '1') {
    complain(`--node takes 0 (the sender of the stream's first packet) or 1, not "${options.node}".`);
    return USAGE;
  }
  if (options.write !== undefined && (await isSameFile(options.write, options.file))) {
    complain('-w names the capture itself; choose another name.');
    return USAGE;
  }
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const kind = (wanted[1] ?? wanted[3]) as FollowKind;
  const stream = Number(wanted[2] ?? wanted[4]);
  const substream = wanted[5] === undefined ? null : Number(wanted[5]);
  const followed =
    kind === 'tcp' || kind === 'udp'
      ? followStream(result.capture, kind, stream)
      : kind === 'tls'
        ? await followDecrypted(result.capture, stream)
        : await followSaid(result.capture, kind, stream, substream);
  if (followed === null) {
    complain({ code: 'invalid', ...nothing(options.file, kind, stream, substream) });
    return UNREADABLE;
  }
  const side = options.node === undefined ? null : options.node === '0' ? 0 : 1;
  if (options.write !== undefined) return (await writeBytes(followed, side, options.write)) ? result.status : UNREADABLE;
  const out = new Output();
  const filter = `${kind === 'udp' ? 'udp' : 'tcp'}.stream eq ${stream}${substream === null ? '' : ` and http2.streamid eq ${substream}`}`;
  out.write(`\n${RULE}\nFollow: ${kind},${options.as}\nFilter: ${filter}\n`);
  out.write(`Node 0: ${followed.nodes[0]}\nNode 1: ${followed.nodes[1]}\n`);
  const offsets: [number, number] = [0, 0];
  const bytesOf = kind === 'tcp' || kind === 'udp' ? '' : 'TCP ';
  for (let k = 0; k < followed.size; k++) {
    const piece = followed.piece(k);
    if (side !== null && piece.side !== side) continue;
    // As in tshark the words stand where the bytes would.
    const bytes = piece.gap ? Buffer.from(`[${piece.length} ${bytesOf}bytes missing in capture file]\0`) : followed.bytesOf(k);
    out.write(style(bytes, piece.side, offsets));
    await out.drain();
  }
  out.write(`${RULE}\n`);
  await out.flush();
  return result.status;
}

/** Why there is nothing to follow, and what to do. */
function nothing(file: string, kind: FollowKind, stream: number, substream: number | null): { message: string; advice: string } {
  const lists = 'sevenfold connections lists the TCP streams.';
  if (kind === 'udp') {
    return {
      message: `${file} has no UDP stream ${stream}.`,
      advice: 'sevenfold stats FILE conversations lists the streams of both kinds.',
    };
  }
  if (kind === 'tcp') return { message: `${file} has no TCP stream ${stream}.`, advice: lists };
  if (kind === 'tls') {
    return {
      message: `${file} has nothing that was decrypted in TCP stream ${stream}.`,
      advice: `--keylog FILE gives the secrets; ${lists}`,
    };
  }
  const where = substream === null ? `TCP stream ${stream}` : `HTTP/2 stream ${substream} of TCP stream ${stream}`;
  return {
    message: `${file} has no ${kind === 'http' ? 'HTTP' : 'HTTP/2'} message in ${where}.`,
    advice: `sevenfold follow FILE --stream tcp:${stream} shows the bytes as they are, where there is such a stream; ${lists}`,
  };
}

/** Text of one piece; `offsets`: bytes printed so far of each side. */
type Style = (bytes: Uint8Array, side: 0 | 1, offsets: [number, number]) => string;

const styles: Readonly<Record<string, Style>> = {
  ascii: (bytes, side) => `${side === 1 ? '\t' : ''}${bytes.length}\n${asciiOf(bytes)}\n`,
  raw: (bytes, side) => `${side === 1 ? '\t' : ''}${Buffer.from(bytes).toString('hex')}\n`,
  hex: (bytes, side, offsets) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 16) {
      const line = bytes.subarray(at, at + 16);
      let hex = '';
      let words = '';
      for (let k = 0; k < 16; k++) {
        const byte = line[k];
        hex += byte === undefined ? '   ' : `${byte.toString(16).padStart(2, '0')} `;
        if (byte !== undefined) words += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
        if (k === 7) {
          hex += ' ';
          if (line.length > 8) words += ' ';
        }
      }
      const offset = (offsets[side] + at).toString(16).toUpperCase().padStart(8, '0');
      // tshark leaves out one blank at the end of a line.
      text += `${side === 1 ? '\t' : ''}${offset}  ${hex} ${words.replace(/ $/, '')}\n`;
    }
    offsets[side] += bytes.length;
    return text;
  },
};

/** Printable characters and line ends; all else is a dot. Control characters must not reach the terminal. */
function asciiOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d ? String.fromCharCode(byte) : '.';
  }
  return text;
}

/** Writes what one side sent, or both, to a file. */
async function writeBytes(followed: FollowedStream, side: 0 | 1 | null, path: string): Promise<boolean> {
  const saved = await saveFollowed(followed, side === null ? null : followed.ofSide(side), path, () => true);
  if (!saved.ok) {
    complain(saved.failure);
    return false;
  }
  const missing = side === null ? followed.missing[0] + followed.missing[1] : followed.missing[side];
  const bytesOf = followed.kind === 'tcp' || followed.kind === 'udp' ? '' : 'TCP ';
  if (missing > 0) complain(`${missing} ${bytesOf}bytes were not captured and are left out of ${path}.`);
  return true;
}
