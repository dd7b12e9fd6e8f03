/** Notices that an open file was changed by somebody else: what is read from it later is then not what was indexed. */
import { type Stats, stat } from 'node:fs';
import type { FileChange } from '../messages.ts';

/** How often the file is looked at. A look costs one system call; changes by other machines on a network share are seen too. */
const LOOK_MS = 1000;

export class FileWatch {
  /** What became of the file; null while it is as it was. */
  change: FileChange | null = null;
  readonly #path: string;
  readonly #changed: () => void;
  readonly #timer: NodeJS.Timeout;
  #known: Stats | null = null;
  #over = false;
  #looking = false;

  /** `changed`: called when `change` has another value. */
  constructor(path: string, changed: () => void, everyMs = LOOK_MS) {
    this.#path = path;
    this.#changed = changed;
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  /** The file has been read to its end: what was added while it was read is no change. */
  settle(): void {
    stat(this.#path, (error, now) => {
      const known = this.#known;
      if (error !== null || this.#over || known === null || now.ino !== known.ino || now.dev !== known.dev || now.size < known.size) return;
      this.#known = now;
      this.#tell(null);
    });
  }

  end(): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    // A share that does not answer is not asked again and again.
    if (this.#looking) return;
    this.#looking = true;
    stat(this.#path, (error, now) => {
      this.#looking = false;
      if (this.#over) return;
      if (error !== null) {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') this.#tell('gone');
        return;
      }
      const known = this.#known;
      if (known === null) this.#known = now;
      else if (now.ino !== known.ino || now.dev !== known.dev) this.#tell('replaced');
      else if (now.size < known.size) this.#tell('cut');
      else if (now.size > known.size) this.#tell('grown');
      else if (now.mtimeMs !== known.mtimeMs) this.#tell('rewritten');
      else if (this.change === 'gone' || this.change === 'replaced') this.#tell(null);
    });
  }

  #tell(change: FileChange | null): void {
    // A file that was cut and then written anew is still not the one that was read.
    if (change === this.change || ((change === 'grown' || change === 'rewritten') && this.change === 'cut')) return;
    this.change = change;
    this.#changed();
  }
}
