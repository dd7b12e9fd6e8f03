/** Names for bodies of HTTP that become files: from their URLs, without what any file system minds, and never outside their folder. */

import { entryOf } from './entry-of.ts';

/** Octets of a name, so that any file system takes it with a number behind. */
const MOST_OCTETS = 120;

/** Names that Windows takes for devices, whatever ending they have. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;

/** Endings by media type: what a name without one gets. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/json': '.json',
  'application/javascript': '.js',
  'application/pdf': '.pdf',
  'application/wasm': '.wasm',
  'application/x-www-form-urlencoded': '.txt',
  'application/xml': '.xml',
  'application/zip': '.zip',
  'application/gzip': '.gz',
  'audio/mpeg': '.mp3',
  'font/woff2': '.woff2',
  'font/woff': '.woff',
  'image/avif': '.avif',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/svg+xml': '.svg',
  'image/vnd.microsoft.icon': '.ico',
  'image/webp': '.webp',
  'image/x-icon': '.ico',
  'text/css': '.css',
  'text/csv': '.csv',
  'text/html': '.html',
  'text/javascript': '.js',
  'text/plain': '.txt',
  'text/xml': '.xml',
  'video/mp4': '.mp4',
};

/** Cuts a text to so many octets of UTF-8, at a whole character. */
function cutTo(text: string, octets: number): string {
  let length = 0;
  let kept = '';
  for (const character of text) {
    length += new TextEncoder().encode(character).length;
    if (length > octets) break;
    kept += character;
  }
  return kept;
}

/** One part of a path as a name on any file system; '' if nothing of it is left. */
export function safePart(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._ ()+=@,-]/gu, '_')
    // Not hidden, not a folder's own name, and with an end that Windows keeps.
    .replace(/^[. ]+|[. ]+$/g, '');
  const ending = /\.[A-Za-z\d]{1,8}$/.exec(plain)?.[0] ?? '';
  const stem = cutTo(plain.slice(0, plain.length - ending.length), MOST_OCTETS - ending.length).replace(/[. ]+$/, '');
  const name = stem + ending;
  return DEVICE.test(name) ? `_${name}` : name;
}

/** The last part of a URL's path as a name, with an ending that the media type asks for. @param otherwise the name of a body without one */
export function bodyName(path: string, contentType: string, otherwise: string): string {
  const last = (path.split(/[?#]/)[0] ?? '').split('/').filter(Boolean).at(-1) ?? '';
  let plain = last;
  try {
    plain = decodeURIComponent(last);
  } catch {
    // Not percent-encoded text: as it is.
  }
  const safe = safePart(plain);
  const name = safe === '' ? otherwise : safe;
  const ending = entryOf(ENDINGS, (contentType.split(';')[0] ?? '').trim().toLowerCase()) ?? '';
  return /\.[a-z\d]{1,8}$/i.test(name) ? name : `${name}${ending}`;
}

/** Gives each name once in a folder, whether it minds capitals or not: a second `a.txt` becomes `a (2).txt`. */
export class UniqueNames {
  readonly #counts = new Map<string, number>();

  take(name: string): string {
    const ending = /\.[A-Za-z\d]{1,8}$/.exec(name)?.[0] ?? '';
    const stem = name.slice(0, name.length - ending.length);
    for (let count = this.#counts.get(name.toLowerCase()) ?? 0; ; ) {
      count++;
      const tried = count === 1 ? name : `${stem} (${count})${ending}`;
      // What is given out is taken too: no later name may be the same as one with a number.
      if (count > 1 && this.#counts.has(tried.toLowerCase())) continue;
      this.#counts.set(name.toLowerCase(), count);
      if (count > 1) this.#counts.set(tried.toLowerCase(), 1);
      return tried;
    }
  }
}
