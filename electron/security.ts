/** Everything that keeps a window to itself: where its page comes from, what it may load, and what it may not do. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Session, WebContents } from 'electron';
import { contentSecurityPolicy, contentType, fileInside } from '../src/serve/static-files.ts';

/** The window's pages have an address of their own: not a file, so that they cannot read files. */
export const SCHEME = 'app';
export const PAGE = `${SCHEME}://sevenfold/index.html`;

/** True for an address of our own page. */
export function isOwnPage(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${SCHEME}:` && url.host === 'sevenfold';
  } catch {
    return false;
  }
}

/** Answers requests for `app://sevenfold/…` from the folder of the built window. */
export function pageHandler(root: string): (request: { readonly url: string; readonly method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    const file = method === 'GET' && isOwnPage(url) ? await fileInside(root, new URL(url).pathname) : null;
    const headers = {
      'Content-Security-Policy': contentSecurityPolicy(''),
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    };
    if (file === null)
      return new Response('There is no such file.', { status: 404, headers: { ...headers, 'Content-Type': 'text/plain' } });
    const body = await readFile(file);
    return new Response(new Uint8Array(body), { headers: { ...headers, 'Content-Type': contentType(path.extname(file)) } });
  };
}

/** Rights that a page may have: writing to the clipboard when the user copies. All else is denied. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Denies permissions and everything that would come from elsewhere. */
export function hardenSession(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'webRequest'>,
): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(ALLOWED_PERMISSIONS.has(permission) && isOwnPage(contents.getURL())),
  );
  session.setPermissionCheckHandler((_, permission, origin) => ALLOWED_PERMISSIONS.has(permission) && isOwnPage(origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
}

/** Our own files, what the page made itself, and the developer tools. */
export function mayLoad(address: string): boolean {
  return isOwnPage(address) || /^(?:blob:app:\/\/sevenfold\/|data:|devtools:)/.test(address);
}

/** Denies leaving the page, opening windows and embedding pages. */
export function hardenContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
