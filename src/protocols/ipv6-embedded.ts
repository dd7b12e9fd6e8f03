/** What an IPv6 address was made from: an IPv4 address or a hardware address that stands in it. */
import type { Node } from '../dissect/dissection.ts';
import { bytes, ether, type FieldDef, ipv4, uint16 } from '../dissect/field.ts';

const declare = (side: string, words: string) => {
  const field = (make: typeof ipv4, name: string, label: string): FieldDef =>
    make(`ipv6.${side}_${name}`, `${words} ${label}`, { generated: true, also: [`ipv6.${name}`] });
  return {
    slaac: field(ether, 'slaac_mac', 'SLAAC MAC'),
    isatap: field(ipv4, 'isatap_ipv4', 'ISATAP IPv4'),
    gateway: field(ipv4, '6to4_gw_ipv4', '6to4 Gateway IPv4'),
    sla: field(uint16, '6to4_sla_id', '6to4 SLA ID'),
    server: field(ipv4, 'ts_ipv4', 'Teredo Server IPv4'),
    port: field(uint16, 'tc_port', 'Teredo Port'),
    client: field(ipv4, 'tc_ipv4', 'Teredo Client IPv4'),
    embedded: field(ipv4, 'embed_ipv4', 'Embedded IPv4'),
  };
};

const source = declare('src', 'Source');
const destination = declare('dst', 'Destination');
const prefix = bytes('ipv6.embed_ipv4_prefix', 'Embedded IPv4 Prefix', { generated: true });

export const embeddedFields: readonly FieldDef[] = [...Object.values(source), ...Object.values(destination), prefix];

/** Adds to `layer` what the address at `at` says of itself. */
export function addEmbedded(layer: Node, at: number, isSource: boolean): void {
  const f = isSource ? source : destination;
  const a = layer.buf.slice(at, 16);
  if (a.length < 16) return;
  const head = layer.buf.u16(at);
  // RFC 3056, section 2.
  if (head === 0x2002) {
    layer.add(f.gateway, at + 2, 4, a.subarray(2, 6));
    layer.add(f.sla, at + 6, 2, layer.buf.u16(at + 6));
  } else if (head === 0x2001 && layer.buf.u16(at + 2) === 0) {
    // RFC 4380, section 4: port and client address are turned.
    layer.add(f.server, at + 4, 4, a.subarray(4, 8));
    layer.add(f.port, at + 10, 2, layer.buf.u16(at + 10) ^ 0xffff);
    layer.add(
      f.client,
      at + 12,
      4,
      a.subarray(12).map((octet) => octet ^ 0xff),
    );
  }
  // RFC 6052, section 2.1: the well-known prefix of translators.
  if (head === 0x64 && layer.buf.u16(at + 2) === 0xff9b && a.subarray(4, 12).every((octet) => octet === 0)) {
    layer.add(prefix, at, 12, a.subarray(0, 12));
    layer.add(f.embedded, at + 12, 4, a.subarray(12));
  }
  // RFC 4291, appendix A: the bit that says that the hardware address is unique is turned. Others may be random.
  if (((a[8] as number) & 2) !== 0 && a[11] === 0xff && a[12] === 0xfe) {
    const mac = Uint8Array.of((a[8] as number) ^ 2, a[9] as number, a[10] as number, a[13] as number, a[14] as number, a[15] as number);
    layer.add(f.slaac, at + 8, 8, mac);
  } else if (((a[8] as number) & 0xfc) === 0 && a[9] === 0 && a[10] === 0x5e && a[11] === 0xfe) {
    // RFC 5214, section 6.1.
    layer.add(f.isatap, at + 12, 4, a.subarray(12));
  }
}
