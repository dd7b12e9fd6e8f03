/**
 * Who may talk to the server of browser mode. The address that is printed carries a token that works once; it buys a session cookie.
 * Every request must name a loopback host (a foreign name would be DNS rebinding) and, where it changes something, come from our own page.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Sessions at a time: each is a browser that used a token. */
const SESSION_LIMIT = 16;

export class Access {
  /** Digests, so that comparing takes the same time for every guess. */
  readonly #tokens = new Set<string>();
  readonly #sessions: string[] = [];
  /** The port is in the name: cookies do not tell ports apart, and another server may run beside this one. */
  #cookie = 'sevenfold';

  usePort(port: number): void {
    this.#cookie = `sevenfold-${port}`;
  }

  /** A new token for the address; it works once. */
  newToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.add(digest(token));
    return token;
  }

  /** The `Set-Cookie` value that a token buys; null if it is unknown or used. */
  spend(token: string): string | null {
    const wanted = digest(token);
    for (const known of this.#tokens) {
      if (!equal(known, wanted)) continue;
      this.#tokens.delete(known);
      const session = randomBytes(32).toString('base64url');
      this.#sessions.push(digest(session));
      if (this.#sessions.length > SESSION_LIMIT) this.#sessions.shift();
      return `${this.#cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    }
    return null;
  }

  hasSession(request: IncomingMessage): boolean {
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      if (at < 0 || part.slice(0, at).trim() !== this.#cookie) continue;
      const given = digest(part.slice(at + 1).trim());
      let known = false;
      for (const session of this.#sessions) known = equal(session, given) || known;
      if (known) return true;
    }
    return false;
  }
}

/** The Host header names this machine's loopback. Any port: a tunnel may lead here from another one. */
export function hostIsLoopback(request: IncomingMessage): boolean {
  const host = request.headers.host;
  if (host === undefined) return false;
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host);
  return match?.[1] !== undefined && LOOPBACK_NAMES.has(match[1].toLowerCase());
}

/** The request comes from a page of this very server. Browsers send Origin with every WebSocket and every POST. */
export function originIsOwn(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
