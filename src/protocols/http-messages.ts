/** What HTTP messages say, as read at full depth: for those who show exchanges, whatever the version. */
import type { CodingFlaw, LayerNode } from '../messages.ts';
import { isUndone } from './http-body.ts';

/** True if the body is still coded, as it was sent. */
export function stillCoded({ flaw }: Pick<HttpMessage, 'flaw'>): boolean {
  return !isUndone(flaw);
}

export interface HttpMessage {
  /** Of a request: the method; '' for a response. */
  readonly method: string;
  /** Of a request: the target as sent, and with scheme and host where these are known. */
  readonly uri: string;
  readonly fullUri: string;
  readonly host: string;
  /** Of a response: status code (0 for a request) and reason phrase. */
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  /** In order, as sent; UTF-8. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Octets of start line, headers and the empty line as sent; -1 where they have no such form (HTTP/2). */
  readonly headBytes: number;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Octets of the body without chunk lines, still content-coded: those that were captured. */
  readonly bodyBytes: number;
  /** The body with content codings undone (as it was sent where that failed); empty without one. May be undone when it is asked for. */
  readonly body: Uint8Array;
  /** Its length, which is remembered when the body is not. */
  readonly decodedBytes: number;
  /** Why the content coding could not be undone, or not wholly; null if it was, or there was none. */
  readonly flaw: CodingFlaw | null;
}

/** The messages of a dissection, by their layers. Filled as long as the layer lives. */
export const httpMessages = new WeakMap<LayerNode, HttpMessage>();
