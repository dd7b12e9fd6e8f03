/**
 * How messages cross the WebSocket of browser mode: JSON text in which a `Uint8Array` stands as {"$u8": base64} and a bigint as
 * {"$big": "123"}. An object that merely looks like one of the two gets one more `$` on its way out and loses it on its way in.
 * Used on both ends, so without Node and without the DOM.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 0x3d;
const TO_CODE = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
/** 255: not a base64 letter. */
const FROM_CODE = new Uint8Array(256).fill(255);
TO_CODE.forEach((code, value) => {
  FROM_CODE[code] = value;
});
const latin1 = new TextDecoder('latin1');

/** Names that need one more `$`, or have one too many. */
const ESCAPED = /^\$+(u8|big)$/;

export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    out[at++] = TO_CODE[bits >> 18] as number;
    out[at++] = TO_CODE[(bits >> 12) & 63] as number;
    out[at++] = TO_CODE[(bits >> 6) & 63] as number;
    out[at++] = TO_CODE[bits & 63] as number;
  }
  if (whole < bytes.length) {
    const first = bytes[whole] as number;
    const second = whole + 1 < bytes.length ? (bytes[whole + 1] as number) : 0;
    out[at++] = TO_CODE[first >> 2] as number;
    out[at++] = TO_CODE[((first & 3) << 4) | (second >> 4)] as number;
    out[at++] = whole + 1 < bytes.length ? (TO_CODE[(second & 15) << 2] as number) : PAD;
    out[at++] = PAD;
  }
  return latin1.decode(out);
}

/** What newer browsers have of their own, many times as fast as a loop (TC39: Uint8Array to and from base64); Node 20 has not. */
const native = (Uint8Array as { fromBase64?: (text: string, options: { lastChunkHandling: 'strict' }) => Uint8Array }).fromBase64;

/** Throws a SyntaxError where the text is not base64 with padding. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new SyntaxError('base64 text has a length that is a multiple of 4');
  if (native !== undefined) return native.call(Uint8Array, text, { lastChunkHandling: 'strict' });
  const pad = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - pad);
  const letters = text.length - pad;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < letters; i++) {
    const code = text.charCodeAt(i);
    const value = code < 256 ? (FROM_CODE[code] as number) : 255;
    if (value === 255) throw new SyntaxError(`not a base64 letter at ${i}`);
    bits = ((bits << 6) | value) & 0xffffff;
    if ((i & 3) === 1) out[at++] = (bits >> 4) & 255;
    else if ((i & 3) === 2) out[at++] = (bits >> 2) & 255;
    else if ((i & 3) === 3) out[at++] = bits & 255;
  }
  return out;
}

/** Plain data with `Uint8Array` and bigint in it, as text. */
export function encode(value: unknown): string {
  return JSON.stringify(toPlain(value));
}

/** Reverses `encode`. Throws a SyntaxError for text that `encode` cannot have made. */
export function decode(text: string): unknown {
  return fromPlain(JSON.parse(text));
}

/** The value itself where nothing in it needs a form of its own, else a copy of the parts that do: most messages are not copied. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return { $big: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { $u8: toBase64(value) };
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const plain = toPlain(value[i]);
      if (plain !== value[i]) {
        copy ??= value.slice();
        copy[i] = plain;
      }
    }
    return copy ?? value;
  }
  const source = value as Record<string, unknown>;
  const keys = Object.keys(source);
  let changed: Map<string, unknown> | null = null;
  for (const key of keys) {
    const plain = toPlain(source[key]);
    if (plain !== source[key]) {
      changed ??= new Map();
      changed.set(key, plain);
    }
  }
  const lookalike = keys.length === 1 && ESCAPED.test(keys[0] as string);
  if (changed === null && !lookalike) return value;
  // Object.fromEntries makes an own property of '__proto__' too, where an assignment would not.
  return Object.fromEntries(
    keys.map((key) => [lookalike ? `$${key}` : key, changed?.has(key) === true ? changed.get(key) : source[key]] as const),
  );
}

/** Works in place: what JSON.parse has just made belongs to nobody else. */
function fromPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === 'object' && item !== null) value[i] = fromPlain(item);
    }
    return value;
  }
  const source = value as Record<string, unknown>;
  const keys = Object.keys(source);
  if (keys.length === 1) {
    const key = keys[0] as string;
    const only = source[key];
    if (key === '$u8') {
      if (typeof only !== 'string') throw new SyntaxError('"$u8" holds base64 text');
      return fromBase64(only);
    }
    if (key === '$big') {
      if (typeof only !== 'string' || !/^-?\d{1,4096}$/.test(only)) throw new SyntaxError('"$big" holds a decimal number');
      return BigInt(only);
    }
    if (ESCAPED.test(key)) return { [key.slice(1)]: fromPlain(only) };
  }
  for (const key of keys) {
    const item = source[key];
    if (typeof item === 'object' && item !== null) {
      const plain = fromPlain(item);
      if (plain !== item) Object.defineProperty(source, key, { value: plain, enumerable: true, configurable: true, writable: true });
    }
  }
  return source;
}
