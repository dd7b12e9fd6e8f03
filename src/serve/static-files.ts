/** The files of the window, and the headers that keep its page to itself. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

/**
 * Content security policy of the page. Scripts come from this server only and are never inline or evaluated; styles may be inline, because
 * the grid writes style elements. `sockets`: where the page may open a WebSocket, beyond its own origin.
 */
export function contentSecurityPolicy(sockets: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    `connect-src 'self'${sockets === '' ? '' : ` ${sockets}`}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Media type for a file name's extension, with its dot. */
export function contentType(extension: string): string {
  return TYPES[extension.toLowerCase()] ?? 'application/octet-stream';
}

/** Sets the headers of every answer. */
export function setSafeHeaders(request: IncomingMessage, response: ServerResponse): void {
  const host = request.headers.host ?? '';
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(`ws://${host}`));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), clipboard-read=()');
  response.setHeader('Cache-Control', 'no-store');
}

/** The file that a URL path means inside `root`, or null. Neither `..` nor a symbolic link leads out. */
export async function fileInside(root: string, urlPath: string): Promise<string | null> {
  let name: string;
  try {
    name = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const wanted = path.join(root, name.endsWith('/') ? `${name}index.html` : name);
  try {
    const [top, found] = await Promise.all([realpath(root), realpath(wanted)]);
    if (found !== top && !found.startsWith(top + path.sep)) return null;
    return (await stat(found)).isFile() ? found : null;
  } catch {
    return null;
  }
}

export async function sendFile(request: IncomingMessage, response: ServerResponse, file: string): Promise<void> {
  const { size } = await stat(file);
  response.setHeader('Content-Type', contentType(path.extname(file)));
  response.setHeader('Content-Length', size);
  // Names in assets/ change with their content.
  if (path.basename(path.dirname(file)) === 'assets') response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await new Promise<void>((resolve) => {
    const stream = createReadStream(file);
    stream.on('error', () => response.destroy());
    response.on('close', () => {
      stream.destroy();
      resolve();
    });
    stream.pipe(response);
  });
}
