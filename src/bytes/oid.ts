/** Object identifiers (ITU-T X.690, section 8.19): their octets, and their text. */

/** An object identifier's contents as text, "2.5.4.3"; '' where they are none. Longer than 128 octets is not read. */
export function oidText(bytes: Uint8Array, from: number, to: number): string {
  if (to <= from || to - from > 128 || to > bytes.length || (bytes[to - 1] as number) >= 0x80) return '';
  let text = '';
  let value = 0;
  let octets = 0;
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number;
    // Arcs beyond 2^53 (UUIDs under 2.25) take the long way.
    if (++octets > 7) return longOidText(bytes, from, to);
    value = value * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (text === '') {
      const first = value < 80 ? Math.floor(value / 40) : 2;
      text = `${first}.${value - first * 40}`;
    } else text += `.${value}`;
    value = 0;
    octets = 0;
  }
  return text;
}

function longOidText(bytes: Uint8Array, from: number, to: number): string {
  const arcs: bigint[] = [];
  let value = 0n;
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number;
    value = (value << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = value < 80n ? value / 40n : 2n;
      arcs.push(first, value - first * 40n);
    } else arcs.push(value);
    value = 0n;
  }
  return arcs.join('.');
}

/** The contents of "2.5.4.3": the octets to compare with, made once for a table. */
export function oidOctets(text: string): Uint8Array {
  const arcs = text.split('.').map(Number);
  const out: number[] = [];
  const put = (arc: number): void => {
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128);
    out.push(...groups.reverse());
  };
  put((arcs[0] as number) * 40 + (arcs[1] as number));
  for (const arc of arcs.slice(2)) put(arc);
  return Uint8Array.from(out);
}
