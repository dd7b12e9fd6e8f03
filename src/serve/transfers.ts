/** Files that go through the browser: captures dropped into the page, and saved files to download. All temporary. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { safeName } from '../host/file-names.ts';
import type { SaveTarget } from '../host/session.ts';
import { fail } from '../system/failure.ts';

/** Left free on the disk by uploads and downloads. */
const SPARE_BYTES = 256 << 20;
/** Free space is looked at again after so many bytes. */
const LOOK_BYTES = 64 << 20;
/** Prepared downloads that were never fetched, at a time. */
const DOWNLOAD_LIMIT = 32;

interface Download {
  readonly path: string;
  readonly name: string;
}

export class Transfers {
  readonly #root: string;
  #folder: Promise<string> | null = null;
  readonly #downloads = new Map<string, Download>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Writes a request's body to a new file named `name`, as far as the disk has room. Rejects with a HostError or the system's error;
   * then nothing is left.
   */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    const folder = await this.#newFolder();
    const file = path.join(folder, safeName(name));
    try {
      const declared = Number(request.headers['content-length'] ?? 0);
      await needRoom(folder, Number.isFinite(declared) ? declared : 0);
      const handle = await open(file, 'wx', 0o600);
      try {
        let sinceLook = 0;
        // Left open on failure, so that the answer can still be sent.
        for await (const chunk of request.iterator({ destroyOnReturn: false })) {
          const bytes = chunk as Buffer;
          sinceLook += bytes.length;
          if (sinceLook > LOOK_BYTES) {
            sinceLook = 0;
            await needRoom(folder, bytes.length);
          }
          let done = 0;
          while (done < bytes.length) done += (await handle.write(bytes, done)).bytesWritten;
        }
        if (!request.complete) throw fail('io', 'The upload was broken off.', 'Drop the file again.');
      } finally {
        await handle.close();
      }
      return file;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Removes an uploaded file, by the path that `receive` gave. */
  async forget(file: string): Promise<void> {
    await rm(path.dirname(file), { recursive: true, force: true });
  }

  /** A place to save to whose content can be fetched once. */
  async prepare(name: string): Promise<SaveTarget> {
    const folder = await this.#newFolder();
    const file = path.join(folder, safeName(name));
    const failed = (): Promise<void> => rm(folder, { recursive: true, force: true });
    return {
      path: file,
      hasRoom: () => hasRoom(folder, 0),
      done: () => {
        const ticket = randomBytes(24).toString('base64url');
        this.#downloads.set(ticket, { path: file, name: path.basename(file) });
        const oldest = [...this.#downloads.keys()][0];
        if (this.#downloads.size > DOWNLOAD_LIMIT && oldest !== undefined) void this.#drop(oldest);
        return { path: null, download: `/download/${ticket}` };
      },
      failed,
    };
  }

  /** Sends a prepared file; false if there is none for this ticket. The ticket is used up. */
  async send(ticket: string, response: ServerResponse): Promise<boolean> {
    const download = this.#downloads.get(ticket);
    if (download === undefined) return false;
    this.#downloads.delete(ticket);
    const { size } = await stat(download.path);
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Length', size);
    const plain = download.name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
    response.setHeader('Content-Disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(download.name)}`);
    await new Promise<void>((resolve) => {
      const stream = createReadStream(download.path);
      stream.on('error', () => response.destroy());
      response.on('close', () => {
        stream.destroy();
        resolve();
      });
      stream.pipe(response);
    });
    await rm(path.dirname(download.path), { recursive: true, force: true });
    return true;
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    const folder = await this.#folder?.catch(() => null);
    this.#folder = null;
    this.#downloads.clear();
    if (folder != null) await rm(folder, { recursive: true, force: true });
  }

  async #drop(ticket: string): Promise<void> {
    const download = this.#downloads.get(ticket);
    this.#downloads.delete(ticket);
    if (download !== undefined) await rm(path.dirname(download.path), { recursive: true, force: true });
  }

  async #newFolder(): Promise<string> {
    this.#folder ??= mkdir(this.#root, { recursive: true, mode: 0o700 }).then(() => mkdtemp(path.join(this.#root, 'window-')));
    return mkdtemp(path.join(await this.#folder, 'file-'));
  }
}

/** True if so many bytes more leave enough of the disk free. */
async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize - bytes >= SPARE_BYTES;
}

async function needRoom(folder: string, bytes: number): Promise<void> {
  if (!(await hasRoom(folder, bytes)))
    throw fail('io', 'There is not enough free disk space for this file.', 'Free some space, or open the file by its path.');
}
