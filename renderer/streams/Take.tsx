import { Copy, Download, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FollowPieceData, FollowTarget, Transport } from '../../src/messages.ts';
import { copyText } from '../app/clipboard.ts';
import { download } from '../app/download.ts';
import { count, size } from '../format.ts';
import type { Charset } from './charsets.ts';
import { eachPage } from './each-page.ts';
import { copiedText, type Form } from './stream-text.ts';
import { words } from './words.ts';

/** Most bytes that go onto the clipboard. */
const COPY_BYTES = 4 * 1024 * 1024;

interface TakeProps {
  readonly transport: Transport;
  readonly target: FollowTarget;
  readonly form: Form;
  readonly charset: Charset;
  readonly bytes: number;
  readonly missing: number;
  readonly name: string;
}

/** Copies what is shown, saves the bytes; says how far it is and can be cancelled. */
export function Take({ transport, target, form, charset, bytes, missing, name }: TakeProps) {
  const [done, setDone] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    if (target.stream >= 0) setSaid('');
    return () => running.current?.abort();
  }, [target]);

  const run = async (each: (pieces: readonly FollowPieceData[]) => boolean): Promise<boolean> => {
    const stop = new AbortController();
    running.current?.abort();
    running.current = stop;
    setSaid('');
    setDone(0);
    let read = 0;
    const wrong = await eachPage(transport, target, stop.signal, (pieces) => {
      read += pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
      setDone(read);
      return each(pieces);
    });
    if (running.current === stop) {
      running.current = null;
      setDone(null);
    }
    if (wrong !== null) setSaid(`${words.failed} ${wrong}`);
    return wrong === null && !stop.signal.aborted;
  };

  const save = async (): Promise<void> => {
    // Every page is a Blob of its own at once: the browser keeps large ones on disk, so that the page never holds the whole stream.
    const parts: Blob[] = [];
    const all = await run((pieces) => {
      parts.push(new Blob(pieces.map((piece) => piece.bytes.slice())));
      return true;
    });
    if (!all) return;
    const blob = new Blob(parts, { type: 'application/octet-stream' });
    download(blob, `${name}.bin`);
    setSaid(words.saved(size(blob.size), missing === 0 ? '' : words.missing(words.bytes(missing, count(missing)))));
  };

  const copy = async (): Promise<void> => {
    if (bytes > COPY_BYTES) {
      setSaid(words.tooLargeToCopy(size(COPY_BYTES)));
      return;
    }
    const pieces: FollowPieceData[] = [];
    if (!(await run((page) => pieces.push(...page) > 0))) return;
    const last: (FollowPieceData | undefined)[] = [undefined, undefined];
    const after: (FollowPieceData | undefined)[] = new Array(pieces.length);
    for (let k = pieces.length - 1; k >= 0; k--) {
      const piece = pieces[k] as FollowPieceData;
      after[k] = last[piece.side];
      last[piece.side] = piece;
    }
    last.fill(undefined);
    let text = '';
    for (const [k, piece] of pieces.entries()) {
      text += piece.gap
        ? `[${words.missing(words.bytes(piece.length, count(piece.length)))}]\n`
        : copiedText(piece, form, charset, last[piece.side], after[k]);
      last[piece.side] = piece;
    }
    setSaid((await copyText(text)) ? words.copied(size(bytes)) : words.notCopied);
  };

  return (
    <span className="str-take">
      <span className="dim" role="status" data-testid="stream-said">
        {done === null ? said : words.saving(size(done), size(bytes))}
      </span>
      {done === null ? (
        <>
          <button type="button" className="btn small" disabled={bytes === 0} onClick={() => void copy()} data-testid="stream-copy">
            <Copy className="i" aria-hidden="true" />
            {words.copy}
          </button>
          <button type="button" className="btn small" disabled={bytes === 0} onClick={() => void save()} data-testid="stream-save">
            <Download className="i" aria-hidden="true" />
            {words.save}
          </button>
        </>
      ) : (
        <button type="button" className="btn small" onClick={() => running.current?.abort()} data-testid="stream-cancel">
          <X className="i" aria-hidden="true" />
          {words.cancel}
        </button>
      )}
    </span>
  );
}
