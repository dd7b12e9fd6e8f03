/** Virtual Router Redundancy Protocol: version 2 (RFC 3768, with the authentication of RFC 2338) and version 3 (RFC 5798). */
import { expectedChecksum, pseudoHeaderSum, sum16 } from '../bytes/checksum.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, expert, ipv4, ipv6, names, string, uint8, uint16 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';

const IP_PROTO = 112;
const HEADER_BYTES = 8;
const AUTH_SIMPLE = 1;
const AUTH_MD5 = 254;
const AUTH_BYTES = 8;
const MD5_BYTES = 16;

const types = names({ 1: 'Advertisement' });
const authTypes = names({
  0: 'No Authentication',
  1: 'Simple Text Authentication [RFC 2338] / Reserved [RFC 3768]',
  2: 'IP Authentication Header [RFC 2338] / Reserved [RFC 3768]',
  254: 'Cisco VRRP MD5 authentication',
});

const f = {
  versionAndType: uint8('vrrp.typever', 'VRRP message version and type'),
  version: uint8('vrrp.version', 'VRRP protocol version', { mask: 0xf0 }),
  type: uint8('vrrp.type', 'VRRP packet type', { mask: 0x0f, names: types }),
  router: uint8('vrrp.virt_rtr_id', 'Virtual Rtr ID'),
  priority: uint8('vrrp.prio', 'Priority'),
  count: uint8('vrrp.addr_count', 'Addr Count'),
  checksum: uint16('vrrp.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('vrrp.checksum.status', 'Checksum Status', { base: 'none', generated: true, names: checksumStatus }),
  checksumBad: expert('vrrp.checksum_bad.expert', 'warn', 'Bad checksum', 'checksum'),
  authType: uint8('vrrp.auth_type', 'Auth Type', { names: authTypes }),
  interval: uint8('vrrp.adver_int', 'Adver Int'),
  reserved: uint8('vrrp.reserved_mbz', 'Reserved', { mask: 0xf0 }),
  shortInterval: uint16('vrrp.short_adver_int', 'Adver Int', { mask: 0x0fff }),
  address4: ipv4('vrrp.ip_addr', 'IP Address'),
  address6: ipv6('vrrp.ipv6_addr', 'IPv6 Address'),
  authText: string('vrrp.auth_string', 'Authentication String'),
  authMd5: bytes('vrrp.md5_auth_data', 'MD5 Authentication Data'),
};

/** RFC 5798, section 5.2.4. */
function priorityWords(priority: number): string {
  if (priority === 0) return 'Current Master has stopped participating in VRRP';
  if (priority === 100) return 'Default priority for a backup VRRP router';
  if (priority === 255) return "This VRRP router owns the virtual router's IP address(es)";
  return 'Non-default backup priority';
}

/** Version 3 sums a pseudo-header too (RFC 5798, section 5.2.8). */
function checksum(layer: Layer, b: Buf, version: number, d: Dissection): void {
  const at = b.offset + 6;
  if (!layer.has(at, 2)) return;
  const written = b.u16(at);
  const text = `0x${written.toString(16).padStart(4, '0')}`;
  const pseudo = version === 3;
  if (b.wireEnd > b.end || d.quoted || d.fragmented || (pseudo && (d.netSrc === null || d.netDst === null))) {
    layer.add(f.checksum, at, 2, written, { display: `${text} [unverified]` });
    layer.add(f.checksumStatus, at, 0, CHECKSUM_UNVERIFIED);
    return;
  }
  const start = pseudo && d.netSrc !== null && d.netDst !== null ? pseudoHeaderSum(d.netSrc, d.netDst, IP_PROTO, b.length) : 0;
  const right = expectedChecksum(written, sum16(b.bytes, b.offset, b.end, start));
  const good = right === written;
  const should = `should be 0x${right.toString(16).padStart(4, '0')}`;
  const node = layer.add(f.checksum, at, 2, written, { display: good ? `${text} [correct]` : `${text} incorrect, ${should}` });
  if (!good) node.expert(f.checksumBad, at, 2, `Bad checksum [${should}]`);
  layer.add(f.checksumStatus, at, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
}

export const vrrp: Protocol = defineProtocol({
  name: 'vrrp',
  short: 'VRRP',
  title: 'Virtual Router Redundancy Protocol',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: Object.values(f),

  index(w) {
    w.has(3);
  },

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(vrrp, b);
    d.column(vrrp);
    const head = layer.uintNode(f.versionAndType, o);
    const version = head.uint(f.version, o);
    const type = head.uint(f.type, o);
    const word = types.get(type) ?? 'Unknown';
    head.display = `Version ${version}, Packet type ${type} (${word})`;
    if (!layer.ok) return;
    layer.summary = types.get(type) ?? `Unknown (${type})`;
    d.column(vrrp, layer.node.summary);
    layer.uint(f.router, o + 1);
    const priority = b.u8(o + 2);
    layer.uint(f.priority, o + 2, 1, { display: `${priority} (${priorityWords(priority)})` });
    const count = layer.uint(f.count, o + 3);
    let auth = 0;
    if (version === 3) {
      layer.uint(f.reserved, o + 4);
      layer.uint(f.shortInterval, o + 4);
    } else {
      auth = layer.uint(f.authType, o + 4);
      layer.uint(f.interval, o + 5);
    }
    checksum(layer, b, version, d);
    let at = o + HEADER_BYTES;
    const six = d.netSrc?.length === 16;
    for (let i = 0; i < count && layer.ok; i++) {
      layer.bytes(six ? f.address6 : f.address4, at);
      at += six ? 16 : 4;
    }
    if (!layer.ok || version === 3) return;
    // The authentication data is there in version 2 whatever the type is; only these two say something.
    if (auth === AUTH_SIMPLE) {
      if (layer.has(at, AUTH_BYTES) && b.u8(at) !== 0) layer.string(f.authText, at, AUTH_BYTES, { zero: true });
    } else if (auth === AUTH_MD5) {
      // The digest is what the packet ends with.
      layer.bytes(f.authMd5, Math.max(at, b.wireEnd - MD5_BYTES), MD5_BYTES);
    }
  },
});
