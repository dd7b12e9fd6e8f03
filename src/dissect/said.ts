/**
 * What the layers of a packet say, for those who follow a conversation above the transport: HTTP messages with their codings undone,
 * the frames of HTTP/2, what TLS hid. Filled by the dissectors at full depth, as long as the layer lives.
 */
import type { LayerNode } from '../messages.ts';

/** One utterance. */
export interface Said {
  /** Protocol under which it is followed, such as 'http'. */
  readonly protocol: string;
  /** Stream inside the connection, as that of HTTP/2; 0 where there are none. */
  readonly substream: number;
  /** Never empty. */
  readonly bytes: Uint8Array;
}

const spoken = new WeakMap<LayerNode, Said[]>();

/** Notes what a layer says; nothing if there are no bytes. */
export function say(layer: LayerNode, protocol: string, bytes: Uint8Array, substream = 0): void {
  if (bytes.length === 0) return;
  const said = spoken.get(layer);
  if (said === undefined) spoken.set(layer, [{ protocol, substream, bytes }]);
  else said.push({ protocol, substream, bytes });
}

/** What the layers of one packet say under `protocol`, in order. */
export function saidIn(layers: readonly LayerNode[], protocol: string): Said[] {
  return layers.flatMap((layer) => spoken.get(layer)?.filter((each) => each.protocol === protocol) ?? []);
}
