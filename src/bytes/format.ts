/** Addresses and bytes as text. */

const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Two hexadecimal digits per byte. */
export function hexBytes(bytes: Uint8Array, separator = ''): string {
  // A body may have megabytes.
  if (separator === '' && bytes.length > 64) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += (i > 0 ? separator : '') + (HEX[bytes[i] as number] as string);
  return out;
}

export function formatIpv4(b: Uint8Array): string {
  return `${b[0]}.${b[1]}.${b[2]}.${b[3]}`;
}

/** RFC 5952: lower case, the longest run of two or more zero groups as "::", IPv4-mapped and -compatible tails dotted as inet_ntop has them. */
export function formatIpv6(b: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((b[i] as number) << 8) | (b[i + 1] as number));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; ) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
    i += n > 0 ? n : 1;
  }
  // inet_ntop: ::a.b.c.d and ::ffff:a.b.c.d
  const dotted = best === 0 && (bestLength === 6 || (bestLength === 5 && groups[5] === 0xffff));
  const last = dotted ? 6 : 8;
  let out = '';
  for (let i = 0; i < last; i++) {
    if (i === best) {
      out += '::';
      i += bestLength - 1;
      continue;
    }
    out += (out === '' || out.endsWith(':') ? '' : ':') + (groups[i] as number).toString(16);
  }
  if (dotted) out += `${out.endsWith(':') ? '' : ':'}${b[12]}.${b[13]}.${b[14]}.${b[15]}`;
  return out;
}

export function formatEther(b: Uint8Array): string {
  return hexBytes(b, ':');
}
