import { Copy, Download, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FollowPieceData, FollowTarget, Transport } from '../../src/messages.ts';
import { count, size } from '../format.ts';
import { copyText } from '../ui/clipboard.ts';
import { useSave } from '../ui/useSave.ts';
import type { Charset } from './charsets.ts';
import { eachPage } from './each-page.ts';
import { copiedText, type Form, isAbove } from './stream-text.ts';
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
  /** All pieces are known: what is copied before would end in the middle. */
  readonly whole: boolean;
  readonly name: string;
}

/** Copies what is shown, saves the bytes; says how far it is and can be cancelled. */
export function Take({ transport, target, form, charset, bytes, missing, whole, name }: TakeProps) {
  const below = isAbove(target.kind);
  const [done, setDone] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    if (target.stream >= 0) setSaid('');
    return () => running.current?.abort();
  }, [target]);

  /** Runs `work` with a signal that ends it; true if it came to its end. */
  const run = async (work: (signal: AbortSignal) => Promise<string | null>): Promise<boolean> => {
    const stop = new AbortController();
    running.current?.abort();
    running.current = stop;
    setSaid('');
    setDone(0);
    const wrong = await work(stop.signal);
    if (running.current === stop) {
      running.current = null;
      setDone(null);
    }
    if (wrong !== null) setSaid(`${words.failed} ${wrong}`);
    return wrong === null && !stop.signal.aborted;
  };

  const saving = useSave(transport);
  const save = async (): Promise<void> => {
    setSaid('');
    const saved = await saving.save({ what: 'stream', target }, `${name}.bin`);
    if (saved === null) return;
    setSaid(
      typeof saved === 'string'
        ? `${words.notSaved} ${saved}`
        : words.saved(size(saved.bytes), missing === 0 ? '' : words.missing(words.bytes(missing, count(missing)), below)),
    );
  };

  const copy = async (): Promise<void> => {
    if (bytes > COPY_BYTES) {
      setSaid(words.tooLargeToCopy(size(COPY_BYTES)));
      return;
    }
    const pieces: FollowPieceData[] = [];
    let read = 0;
    const all = await run((signal) =>
      eachPage(transport, target, signal, (page) => {
        read += page.reduce((sum, piece) => sum + piece.bytes.length, 0);
        setDone(read);
        return pieces.push(...page) > 0;
      }),
    );
    if (!all) return;
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
        ? `[${words.missing(words.bytes(piece.length, count(piece.length)), below)}]\n`
        : copiedText(piece, form, charset, last[piece.side], after[k]);
      last[piece.side] = piece;
    }
    setSaid((await copyText(text)) ? words.copied(size(bytes)) : words.notCopied);
  };

  const { progress } = saving;
  const part = progress === null ? done : (bytes * progress.done) / Math.max(1, progress.total);
  return (
    <span className="str-take">
      <span className="dim" role="status" data-testid="stream-said">
        {part === null ? said : words.saving(size(part), size(bytes))}
      </span>
      {part === null ? (
        <>
          <button
            type="button"
            className="btn small"
            disabled={bytes === 0 || !whole}
            onClick={() => void copy()}
            data-testid="stream-copy"
          >
            <Copy className="i" aria-hidden="true" />
            {words.copy}
          </button>
          <button
            type="button"
            className="btn small"
            disabled={bytes === 0 || !whole}
            onClick={() => void save()}
            data-testid="stream-save"
          >
            <Download className="i" aria-hidden="true" />
            {words.save}
          </button>
        </>
      ) : (
        <button
          type="button"
          className="btn small"
          onClick={() => (progress === null ? running.current?.abort() : saving.cancel())}
          data-testid="stream-cancel"
        >
          <X className="i" aria-hidden="true" />
          {words.cancel}
        </button>
      )}
    </span>
  );
}
