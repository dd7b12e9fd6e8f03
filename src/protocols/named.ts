/**
 * Protocols that are recognized and named, with the few fields that say what kind of message it is; the rest of their bytes is shown
 * as it is. Enough to see in the list what runs, and for filters by protocol.
 */
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, type FieldDef, ipv4, names, typeBytes, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import type { Hue } from '../messages.ts';

/** A leading field: where it stands and what it is. */
interface Lead {
  readonly field: FieldDef;
  readonly offset: number;
  /** For fields whose type has no width. */
  readonly length?: number;
}

interface Named {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly osi: string;
  readonly hue: Hue;
  readonly leads?: readonly Lead[];
  /** Number of the lead whose value is the kind of message, for the info column. */
  readonly kind?: number;
}

function named(about: Named): Protocol {
  const leads = about.leads ?? [];
  const minimum = leads.reduce((most, lead) => Math.max(most, lead.offset + (lead.length ?? typeBytes(lead.field.type))), 0);
  const self: Protocol = defineProtocol({
    ...about,
    pdu: 'Message',
    fields: leads.map((lead) => lead.field),
    index(w) {
      w.has(minimum);
    },
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      d.column(self, about.title);
      for (const [i, lead] of leads.entries()) {
        const at = b.offset + lead.offset;
        const { type } = lead.field;
        if (type === 'bytes' || type === 'ipv4') layer.bytes(lead.field, at, lead.length ?? typeBytes(type));
        const value = type.startsWith('uint') ? layer.uint(lead.field, at) : 0;
        if (i !== about.kind || !layer.ok) continue;
        const words = lead.field.names;
        const word = words === undefined ? undefined : typeof words === 'function' ? words(value) : words.get(value);
        layer.summary = word ?? `${lead.field.label} ${value}`;
        d.column(self, layer.node.summary);
      }
      const rest = b.end - b.offset - minimum;
      if (layer.ok && rest > 0) layer.text(b.offset + minimum, rest, 'Not taken apart', `${rest} bytes`);
    },
  });
  return self;
}

const link = { osi: '2', hue: 'link' } as const;
const net = { osi: '3', hue: 'net' } as const;

export const eigrp = named({
  name: 'eigrp',
  short: 'EIGRP',
  title: 'Cisco EIGRP',
  ...net,
  kind: 1,
  leads: [
    { field: uint8('eigrp.version', 'Version'), offset: 0 },
    {
      field: uint8('eigrp.opcode', 'Opcode', {
        names: names({
          1: 'Update',
          2: 'Request',
          3: 'Query',
          4: 'Reply',
          5: 'Hello',
          6: 'IPX/SAP Update',
          7: 'Route Probe',
          8: 'Hello (Ack)',
          9: 'Stub-Info',
          10: 'SIA-Query',
          11: 'SIA-Reply',
        }),
      }),
      offset: 1,
    },
  ],
});

export const rsvp = named({ name: 'rsvp', short: 'RSVP', title: 'Resource ReserVation Protocol', ...net });
export const ipcomp = named({
  name: 'ipcomp',
  short: 'IPComp',
  title: 'IP Payload Compression',
  ...net,
  leads: [{ field: uint8('ipcomp.next_header', 'Next Header', { base: 'hex' }), offset: 0 }],
});
export const mobileIpv6 = named({ name: 'mipv6', short: 'MIPv6', title: 'Mobile IPv6', ...net });
export const igrp = named({ name: 'igrp', short: 'IGRP', title: 'Cisco Interior Gateway Routing Protocol', ...net });
export const hip = named({ name: 'hip', short: 'HIP', title: 'Host Identity Protocol', ...net });

export const eapol = named({
  name: 'eapol',
  short: 'EAPOL',
  title: '802.1X Authentication',
  ...link,
  kind: 1,
  leads: [
    {
      field: uint8('eapol.version', 'Version', {
        names: names({
          1: '802.1X-2001',
          2: '802.1X-2004',
          3: '802.1X-2010',
        }),
      }),
      offset: 0,
    },
    {
      field: uint8('eapol.type', 'Type', {
        names: names({
          0: 'EAP Packet',
          1: 'Start',
          2: 'Logoff',
          3: 'Key',
          4: 'Encapsulated ASF Alert',
          5: 'MKA',
          6: 'Announcement (Generic)',
          7: 'Announcement (Specific)',
          8: 'Announcement Request',
        }),
      }),
      offset: 1,
    },
    { field: uint16('eapol.len', 'Length'), offset: 2 },
  ],
});
export const ptp = named({ name: 'ptp', short: 'PTPv2', title: 'Precision Time Protocol (IEEE1588)', ...link });
/** What GOOSE and sampled values begin with (IEC 61850-8-1, annex C; 61850-9-2, section 5.3). */
const substation = (name: string) => [
  { field: uint16(`${name}.appid`, 'APPID', { base: name === 'sv' ? 'hex' : 'hex_dec' }), offset: 0 },
  { field: uint16(`${name}.length`, 'Length'), offset: 2 },
  { field: uint16(`${name}.reserve1`, 'Reserved 1', { base: 'hex_dec' }), offset: 4 },
  { field: uint16(`${name}.reserve2`, 'Reserved 2', { base: 'hex_dec' }), offset: 6 },
];
export const goose = named({ name: 'goose', short: 'GOOSE', title: 'GOOSE', ...link, leads: substation('goose') });
export const sampledValues = named({
  name: 'sv',
  short: 'IEC61850 Sampled Values',
  title: 'IEC61850 Sampled Values',
  ...link,
  leads: substation('sv'),
});
export const aoe = named({ name: 'aoe', short: 'AoE', title: 'ATAoverEthernet', ...link });
export const realtek = named({ name: 'realtek', short: 'Realtek', title: 'Realtek Layer 2 Protocols', ...link });
export const cfm = named({ name: 'cfm', short: 'CFM', title: 'Connectivity Fault Management', ...link });
export const cdp = named({ name: 'cdp', short: 'CDP', title: 'Cisco Discovery Protocol', ...link });
export const vtp = named({ name: 'vtp', short: 'VTP', title: 'VLAN Trunking Protocol', ...link });
export const dtp = named({ name: 'dtp', short: 'DTP', title: 'Dynamic Trunk Protocol', ...link });
export const udld = named({ name: 'udld', short: 'UDLD', title: 'Unidirectional Link Detection', ...link });
export const ipx = named({ name: 'ipx', short: 'IPX', title: 'Internetwork Packet eXchange', ...net });
export const aarp = named({ name: 'aarp', short: 'AARP', title: 'AppleTalk Address Resolution Protocol', ...link });
export const decnet = named({ name: 'dec_dna', short: 'DEC DNA', title: 'DEC DNA Routing Protocol', ...net });
export const tipc = named({ name: 'tipc', short: 'TIPC', title: 'Transparent Inter Process Communication', ...net });
export const bofl = named({
  name: 'bofl',
  short: 'BOFL',
  title: 'Wellfleet Breath of Life',
  ...link,
  leads: [
    { field: uint32('bofl.pdu', 'PDU', { base: 'hex' }), offset: 0 },
    { field: uint32('bofl.sequence', 'Sequence'), offset: 4 },
  ],
});
export const msnlb = named({ name: 'msnlb', short: 'MS NLB', title: 'MS Network Load Balancing', ...link });

export const ndp = named({
  name: 'ndp',
  short: 'NDP',
  title: 'Nortel Discovery Protocol',
  ...link,
  leads: [
    { field: ipv4('ndp.ipaddress', 'IP address'), offset: 0 },
    { field: uint24('ndp.segmentident', 'Segment Identifier', { base: 'hex' }), offset: 4 },
    { field: uint8('ndp.chassis', 'Chassis type'), offset: 7 },
    { field: uint8('ndp.backplane', 'Backplane type'), offset: 8 },
    { field: uint8('ndp.state', 'State', { names: names({ 1: 'Topology Change', 2: 'Heartbeat', 3: 'New' }) }), offset: 9 },
    { field: uint8('ndp.numberoflinks', 'Number of links'), offset: 10 },
  ],
  kind: 4,
});

const app = { osi: '7', hue: 'app' } as const;

export const mndp = named({
  name: 'mndp',
  short: 'MNDP',
  title: 'Mikrotik Neighbor Discovery Protocol',
  ...app,
  leads: [
    { field: bytes('mndp.header.unknown', 'Header Unknown'), offset: 0, length: 2 },
    { field: uint16('mndp.header.seqno', 'SeqNo'), offset: 2 },
  ],
});
/** PCP (RFC 6887) as Wireshark names it. */
export const portControl = named({
  name: 'portcontrol',
  short: 'PCP',
  title: 'Port Control Protocol',
  ...app,
  leads: [
    { field: uint8('portcontrol.version', 'Version'), offset: 0 },
    {
      field: uint8('portcontrol.opcode', 'Opcode', { mask: 0x7f, names: names({ 0: 'Announce', 1: 'Map', 2: 'Peer' }) }),
      offset: 1,
    },
  ],
  kind: 1,
});
export const timed = named({
  name: 'tsp',
  short: 'TSP',
  title: 'Time Synchronization Protocol',
  ...app,
  leads: [
    {
      field: uint8('tsp.type', 'Type', {
        names: names({
          0: 'any',
          1: 'adjtime',
          2: 'ack',
          3: 'masterreq',
          4: 'masterack',
          5: 'settime',
          6: 'masterup',
          7: 'slaveup',
          8: 'election',
          9: 'accept',
          10: 'refuse',
          11: 'conflict',
          12: 'resolve',
          13: 'quit',
          14: 'date',
          15: 'datereq',
          16: 'dateack',
          17: 'traceon',
          18: 'traceoff',
          19: 'msite',
          20: 'msitereq',
          21: 'test',
          22: 'setdate',
          23: 'setdatereq',
          24: 'loop',
        }),
      }),
      offset: 0,
    },
    { field: uint8('tsp.version', 'Version'), offset: 1 },
    { field: uint16('tsp.sequence', 'Sequence'), offset: 2 },
  ],
});
export const olsr = named({
  name: 'olsr',
  short: 'OLSR',
  title: 'Optimized Link State Routing Protocol',
  ...app,
  leads: [
    { field: uint16('olsr.packet_len', 'Packet Length'), offset: 0 },
    { field: uint16('olsr.packet_seq_num', 'Packet Sequence Number'), offset: 2 },
  ],
});
/** RFC 8029. */
export const mplsEcho = named({
  name: 'mpls-echo',
  short: 'MPLS ECHO',
  title: 'Multiprotocol Label Switching Echo',
  ...app,
  leads: [{ field: uint16('mpls_echo.version', 'Version'), offset: 0 }],
});

const dvmrpCodes = names({
  1: 'Probe',
  2: 'Report',
  3: 'Ask Neighbors',
  4: 'Neighbors',
  5: 'Ask Neighbors 2',
  6: 'Neighbors 2',
  7: 'Prune',
  8: 'Graft',
  9: 'Graft ACK',
});
/** Carried as IGMP (RFC 1075). */
export const dvmrp = named({
  name: 'dvmrp',
  short: 'DVMRP',
  title: 'Distance Vector Multicast Routing Protocol',
  ...net,
  kind: 1,
  leads: [
    { field: uint8('dvmrp.type', 'Type', { base: 'hex', names: names({ 19: 'DVMRP' }) }), offset: 0 },
    { field: uint8('dvmrp.v3.code', 'Code', { base: 'hex', names: dvmrpCodes }), offset: 1 },
    { field: uint16('dvmrp.checksum', 'Checksum', { base: 'hex' }), offset: 2 },
  ],
});
/** PIM version 1, which is carried as IGMP. */
export const pimVersion1 = named({
  name: 'pim',
  short: 'PIMv1',
  title: 'Protocol Independent Multicast',
  ...net,
  kind: 0,
  leads: [
    {
      field: uint8('pim.code', 'Code', {
        names: names({
          0: 'Query',
          1: 'Register',
          2: 'Register-stop',
          3: 'Join/Prune',
          4: 'RP-Reachable',
          5: 'Assert',
          6: 'Graft',
          7: 'Graft-Ack',
          8: 'Mode',
        }),
      }),
      offset: 1,
    },
    { field: uint16('pim.cksum', 'Checksum', { base: 'hex' }), offset: 2 },
    { field: uint8('pim.version', 'Version', { mask: 0xf0 }), offset: 4 },
  ],
});

/** Cisco's RGMP (RFC 3488), with types of IGMP. */
export const rgmp = named({
  name: 'rgmp',
  short: 'RGMP',
  title: 'Router-port Group Management Protocol',
  ...net,
  kind: 0,
  leads: [
    {
      field: uint8('rgmp.type', 'Type', { base: 'hex', names: names({ 252: 'Leave', 253: 'Join', 254: 'Bye', 255: 'Hello' }) }),
      offset: 0,
    },
    { field: uint8('rgmp.reserved', 'Reserved', { base: 'hex' }), offset: 1 },
    { field: uint16('rgmp.checksum', 'Checksum', { base: 'hex' }), offset: 2 },
    { field: ipv4('rgmp.maddr', 'Multicast group address'), offset: 4 },
  ],
});

const pppControl = { osi: '2', hue: 'link' } as const;
const pppCodes = names({
  1: 'Configuration Request',
  2: 'Configuration Ack',
  3: 'Configuration Nak',
  4: 'Configuration Reject',
  5: 'Termination Request',
  6: 'Termination Ack',
  7: 'Code Reject',
  8: 'Protocol Reject',
  9: 'Echo Request',
  10: 'Echo Reply',
  11: 'Discard Request',
});
const controlLeads: readonly Lead[] = [
  { field: uint8('ppp.code', 'Code', { names: pppCodes }), offset: 0 },
  { field: uint8('ppp.identifier', 'Identifier', { base: 'dec_hex' }), offset: 1 },
  { field: uint16('ppp.length', 'Length'), offset: 2 },
];
export const lcp = named({
  name: 'lcp',
  short: 'PPP LCP',
  title: 'PPP Link Control Protocol',
  ...pppControl,
  leads: controlLeads,
  kind: 0,
});
export const ipcp = named({
  name: 'ipcp',
  short: 'PPP IPCP',
  title: 'PPP IP Control Protocol',
  ...pppControl,
  leads: controlLeads,
  kind: 0,
});
export const ipv6cp = named({
  name: 'ipv6cp',
  short: 'PPP IPV6CP',
  title: 'PPP IPv6 Control Protocol',
  ...pppControl,
  leads: controlLeads,
  kind: 0,
});
export const ccp = named({
  name: 'ccp',
  short: 'PPP CCP',
  title: 'PPP Compression Control Protocol',
  ...pppControl,
  leads: controlLeads,
  kind: 0,
});
export const compressedData = named({ name: 'comp_data', short: 'PPP Comp', title: 'PPP Compressed Datagram', ...link });
export const pap = named({ name: 'pap', short: 'PPP PAP', title: 'PPP Password Authentication Protocol', ...pppControl });
export const chap = named({ name: 'chap', short: 'PPP CHAP', title: 'PPP Challenge Handshake Authentication Protocol', ...pppControl });
