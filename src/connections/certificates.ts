/** The certificates in a packet or on a connection, and what is said of them: the packet's tree has their octets, `src/tls/certificate.ts` reads them. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { CertificateChain, FieldNode } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { dtlsSessions, tlsSessions } from '../protocols/tls-session.ts';
import { CHUNK_MASK, NONE, RowFlag, UNSET } from '../table/packet-table.ts';
import { MOST_CERTIFICATES, readCertificates } from '../tls/certificate.ts';

const PROTOCOLS: ReadonlySet<string> = new Set(['tls', 'dtls']);

/** Calls `take` with every field of a name in a tree, in its order. */
function eachField(nodes: readonly FieldNode[], name: string, take: (node: FieldNode) => void): void {
  for (const node of nodes) {
    if (node.abbrev === name) take(node);
    eachField(node.children, name, take);
  }
}

/** The certificates of a packet, by the layer and the message that they came in. `d`: its full dissection. */
export function certificatesIn(capture: CaptureIndex, d: Dissection): CertificateChain[] {
  const chains: CertificateChain[] = [];
  d.layers.forEach((layer, number) => {
    if (!PROTOCOLS.has(layer.protocol)) return;
    eachField(layer.fields, `${layer.protocol}.handshake.certificates`, (list) => {
      const ders: Uint8Array[] = [];
      let inAll = 0;
      eachField(list.children, `${layer.protocol}.handshake.certificate`, ({ value }) => {
        if (inAll++ < MOST_CERTIFICATES && value instanceof Uint8Array) ders.push(value);
      });
      if (ders.length === 0) return;
      const chunk = capture.packets.chunkOf(d.row);
      const i = d.row & CHUNK_MASK;
      const from = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 'client' : 'server';
      const serverName = from === 'client' ? '' : serverNameOf(capture, d.row);
      chains.push({ layer: number, from, serverName, certificates: readCertificates(ders, chunk.sec[i] as number, serverName), inAll });
    });
  });
  return chains;
}

/** The certificates that the server of a TCP connection sent first, with the row in which they end; null where the capture has none that can be read. */
export function serverCertificates(
  capture: CaptureIndex,
  stream: number,
): { readonly row: number; readonly chain: CertificateChain } | null {
  const row = capture.state(tlsSessions).certificate(stream);
  if (row === NONE) return null;
  const chain = certificatesIn(capture, dissectPacket(capture, row)).find((each) => each.from === 'server');
  return chain === undefined ? null : { row, chain };
}

/** The host that the client of a row's connection asked for in its first ClientHello (RFC 6066, section 3); '' where it is not known. */
function serverNameOf(capture: CaptureIndex, row: number): string {
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const stream = chunk.stream[i] as number;
  if (stream === UNSET || stream === NONE) return '';
  const udp = ((chunk.flags[i] as number) & RowFlag.Udp) !== 0;
  const hello = capture.state(udp ? dtlsSessions : tlsSessions).hello(stream);
  if (hello === NONE) return '';
  let name = '';
  for (const layer of dissectPacket(capture, hello).layers) {
    if (!PROTOCOLS.has(layer.protocol)) continue;
    eachField(layer.fields, `${layer.protocol}.handshake.extensions_server_name`, ({ value }) => {
      if (name === '' && typeof value === 'string') name = value;
    });
  }
  return name;
}
