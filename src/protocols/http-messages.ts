/** What HTTP messages say, as read at full depth: for those who show exchanges, whatever the version. */
import type { LayerNode } from '../dissect/tree.ts';

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
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Octets of the body without chunk lines, still content-coded: those that were captured. */
  bodyBytes: number;
  /** The body with content codings undone (as it was sent where that failed); empty without one. */
  body: Uint8Array;
  /** The body is still coded: the coding is not known here, or its bytes are not so coded. */
  coded: boolean;
}

/** The messages of a dissection, by their layers. Filled as long as the layer lives. */
export const httpMessages = new WeakMap<LayerNode, HttpMessage>();
