/** Writing what is open, or a part of it, to files: one at a time. */
import { markedRows } from '../dissect/marked-rows.ts';
import type { Answer, SaveContent, SaveProgress, SaveResult } from '../messages.ts';
import { exchangeCount } from './exchange-read.ts';
import { saveBodies, saveBody, saveHar } from './http-save.ts';
import type { Open } from './open.ts';
import { noExchange, noStream, Refusal } from './refusal.ts';
import { type SavedRows, save, type Tell } from './save.ts';

/** Between two tellings of how far a file is that is being written, ms. */
const SAVING_MS = 150;

export class Saving {
  readonly #tell: (progress: SaveProgress | null) => void;
  /** The file that is being written. */
  #running: { stopped: boolean } | null = null;
  /** Who waits for its end. */
  #waiting: (() => void)[] = [];

  /** @param tell hears how far it is, and null at its end */
  constructor(tell: (progress: SaveProgress | null) => void) {
    this.#tell = tell;
  }

  /** Ends what is being written; nothing is left of it. */
  stop(): void {
    if (this.#running !== null) this.#running.stopped = true;
  }

  /** Fulfilled when nothing is being written. */
  async over(): Promise<void> {
    if (this.#running !== null) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** @param isOpen whether the capture still is */
  async write(open: Open, content: SaveContent, path: string, isOpen: () => boolean): Promise<Answer<SaveResult>> {
    const { capture, view, exchanges, follow } = open;
    if (this.#running !== null) {
      return {
        ok: false,
        failure: { code: 'busy', message: 'Another file is being saved.', advice: 'Wait for it, or cancel it in the status bar.' },
      };
    }
    const saving = { stopped: false };
    this.#running = saving;
    let told = performance.now();
    const tell: Tell = (done, total) => {
      if (performance.now() - told >= SAVING_MS) {
        told = performance.now();
        this.#tell({ done, total });
      }
      return !saving.stopped && isOpen();
    };
    try {
      switch (content.what) {
        case 'packets':
          return await save(capture, path, content.format, rowsToSave(open, content.only), tell);
        case 'stream':
          return (await follow.save(content.target, path, tell)) ?? noStream(content.target.kind, content.target.stream);
        case 'har':
          return await saveHar(capture, exchanges.of(view), path, tell);
        case 'bodies':
          return await saveBodies(capture, exchanges.of(view), path, tell);
        default:
          if (content.exchange >= exchangeCount(capture)) noExchange(content.exchange);
          return await saveBody(capture, content.exchange, content.side, path, tell);
      }
    } finally {
      this.#running = null;
      this.#tell(null);
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
}

/** Null: all of them. The marked ones are those of now, whatever is marked while they are written. */
function rowsToSave({ capture, view }: Open, only: 'all' | 'view' | 'marked'): SavedRows | null {
  if (only !== 'marked') return only === 'view' ? view : null;
  const rows = capture.state(markedRows).rows.filter((row) => row < capture.packets.length);
  if (rows.length === 0) throw new Refusal({ code: 'no-such', message: 'No packet is marked.', advice: 'Mark packets with M.' });
  return { matched: rows.length, rowAt: (position) => rows[position] as number };
}
