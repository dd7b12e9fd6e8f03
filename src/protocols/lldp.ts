/**
 * Link Layer Discovery Protocol (IEEE 802.1AB): what a port says of itself, with the organizations' TLVs of 802.1 (VLANs, data centre
 * bridging), 802.3 (speed, power, aggregation), LLDP-MED (ANSI/TIA-1057), the data centre bridging from before 802.1Qaz, and
 * those of vendors (./lldp-vendors.ts).
 */
import { formatEther, formatIpv4, formatIpv6, hexBytes } from '../bytes/format.ts';
import { Buf, type Dissection, type Layer, type Node } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, names } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { advertised, evbConfigured, evbSupported, f, has, mediaCapabilities, priorities, reversed, uses } from './lldp-fields.ts';
import { Reader } from './lldp-reader.ts';
import { vendorFields, vendorOuis, vendors } from './lldp-vendors.ts';

const CHASSIS = 1;
const PORT = 2;
const TIME_TO_LIVE = 3;
const PORT_DESCRIPTION = 4;
const SYSTEM_NAME = 5;
const SYSTEM_DESCRIPTION = 6;
const CAPABILITIES = 7;
const MANAGEMENT = 8;
const ORGANIZATION = 127;

const OUI_8021 = 0x0080c2;
const OUI_8023 = 0x00120f;
const OUI_MEDIA = 0x0012bb;
const OUI_8021QBG = 0x001b3f;
const OUI_DCBX = 0x001b21;

const ouis = names({
  ...vendorOuis,
  [OUI_8021]: 'IEEE',
  [OUI_8023]: 'Ieee 802.3',
  [OUI_MEDIA]: 'TIA TR-41 Committee',
  [OUI_8021QBG]: 'IEEE',
  [OUI_DCBX]: 'Data Center Bridging Capabilities Exchange Protocol',
});

const sourcesOf: readonly (readonly string[])[] = [
  ['Unknown', 'Primary Power Source', 'Backup Power Source', 'Reserved'],
  ['Unknown', 'PSE', 'Local', 'PSE and Local'],
];

/** Type, source and priority of power in one octet: what the source means depends on which side speaks. */
function power(r: Reader, type: FieldDef, source: FieldDef, priority: FieldDef): void {
  const kind = r.peek >> 6;
  r.node.uint(type, r.at);
  const node = r.node.uintNode(source, r.at);
  if (r.node.ok) node.display = `${(r.peek >> 4) & 3} ${sourcesOf[kind & 1]?.[(r.peek >> 4) & 3]}`;
  r.uint(1, priority);
}

function groups(r: Reader): void {
  r.uint(2, ...priorities.group.slice(0, 4));
  r.uint(2, ...priorities.group.slice(4));
  for (const field of priorities.bandwidth) r.uint(1, field);
}

function dot1(r: Reader): void {
  switch (r.uint(1, f.dot1Subtype)) {
    case 1:
      r.uint(2, f.dot1PortVlanId);
      return;
    case 2:
      r.flags(1, f.dot1PortAndVlanIdFlag, [f.dot1PortAndVlanIdFlagSupported, f.dot1PortAndVlanIdFlagEnabled]);
      r.uint(2, f.dot1PortProtoVlanId);
      return;
    case 3: {
      r.uint(2, f.dot1VlanId);
      const length = r.uint(1, f.dot1VlanNameLen);
      if (length > 0) r.string(f.dot1VlanName, length);
      return;
    }
    case 4: {
      const length = r.uint(1, f.dot1ProtoIdLength);
      if (length > 0) r.bytes(f.dot1ProtoId, length);
      return;
    }
    case 7:
      r.flags(1, f.dot1AggregationStatus, [f.dot1AggregationStatusCap, f.dot1AggregationStatusEnabled, f.dot1AggregationStatusPorttype]);
      r.uint(4, f.dot1AggregatedPortId);
      return;
    case 8:
      r.uint(1, ...priorities.notified);
      r.uint(1, ...priorities.ready);
      return;
    case 9:
    case 10:
      if (r.node.buf.u8(r.at - 1) === 9) r.uint(1, f.ieeeWilling, f.ieeeEtsCbs, f.ieeeEtsMaxtcs);
      else r.uint(1, f.featurePgReserved);
      groups(r);
      for (const field of priorities.algorithm) r.uint(1, field);
      return;
    case 11:
      r.uint(1, f.ieeeWilling, f.ieeePfcMbc, f.ieeePfcNumtcs);
      r.uint(1, ...priorities.paused);
      return;
    case 12: {
      r.uint(1, f.ieeeAppReserved);
      while (r.node.ok && r.left >= 3) {
        const one = new Reader(r.node.text(r.at, 3, 'Application'), r.at, r.at + 3);
        one.uint(1, f.ieeeAppPrio, f.ieeeAppSf);
        one.uint(2, f.featureAppProto);
        r.at += 3;
      }
      return;
    }
  }
}

function dot3(r: Reader): void {
  const subtypeNode = r.node.uintNode(f.dot3Subtype, r.at);
  r.at++;
  switch (r.node.ok ? r.node.buf.u8(r.at - 1) : 0) {
    case 1: {
      r.flags(1, f.dot3MacPhyAutoNegStatus, [f.dot3MacPhyAutoNegStatusSupported, f.dot3MacPhyAutoNegStatusEnabled]);
      const at = r.at;
      r.flags(2, f.dot3PmdAutoNegAdvertisedCaps, advertised);
      const wrong = r.node.text(at, 2, 'Same in inverse (wrong) bitorder');
      for (const field of reversed) wrong.uint(field, at, 2);
      r.uint(2, f.dot3PmdMauType);
      return;
    }
    case 2:
      r.flags(1, f.dot3MdiPowerSupport, [
        f.dot3MdiPowerSupportPortClass,
        f.dot3MdiPowerSupportSupported,
        f.dot3MdiPowerSupportEnabled,
        f.dot3MdiPowerSupportPsePairs,
      ]);
      r.uint(1, f.dot3MdiPsePair);
      r.uint(1, f.dot3MdiPowerClass);
      if (r.left <= 0) return;
      power(r, f.dot3MdiPowerType, f.dot3MdiPowerSource, f.dot3MdiPowerPriority);
      r.watts(f.dot3MdiPdeRequested);
      r.watts(f.dot3MdiPseAllocated);
      if (r.left > 0) fourPairs(r);
      return;
    case 3:
      subtypeNode.expert(f.tlvDeprecated);
      r.flags(1, f.dot3AggregationStatus, [f.dot3AggregationStatusCap, f.dot3AggregationStatusEnabled]);
      r.uint(4, f.dot3AggregatedPortId);
      return;
    case 4:
      r.uint(2, f.dot3MaxFrameSize);
      return;
    case 5:
      for (const field of [f.dot3EeeTransmit, f.dot3EeeReceive, f.dot3EeeFallbackReceive, f.dot3EeeEchoTransmit, f.dot3EeeEchoReceive])
        r.uint(2, field);
      return;
    case 7:
      r.flags(2, f.dot3brEac, [f.dot3brAecSupport, f.dot3brAecEnable, f.dot3brAecActive, f.dot3brAecAddfragsize, f.dot3brAecReserved]);
      return;
  }
}

/** What 802.3bt adds for power over all four pairs. */
function fourPairs(r: Reader): void {
  r.uint(2, f.dot3BtDsPdRequestedPowerValueModeA);
  r.uint(2, f.dot3BtDsPdRequestedPowerValueModeB);
  r.uint(2, f.dot3BtDsPseAllocatedPowerValueAltA);
  r.uint(2, f.dot3BtDsPseAllocatedPowerValueAltB);
  r.flags(2, f.dot3BtPowerStatus, [
    f.dot3BtPsePoweringStatus,
    f.dot3BtPdPoweredStatus,
    f.dot3BtPsePowerPairsExt,
    f.dot3BtDsPwrClassExtA,
    f.dot3BtDsPwrClassExtB,
    f.dot3BtPwrClassExt,
  ]);
  r.flags(1, f.dot3BtSystemSetup, [f.dot3BtPowerTypeExt]);
  r.uint(2, f.dot3BtPseMaximumAvailablePowerValue);
  r.flags(1, f.dot3BtAutoclass, [
    f.dot3BtPseAutoclassSupport,
    f.dot3BtAutoclassCompleted,
    f.dot3BtAutoclassRequest,
    f.dot3BtAutoclassReserved,
  ]);
  r.flags(3, f.dot3BtPowerDown, [f.dot3BtPowerDownRequest, f.dot3BtPowerDownTime]);
}

const inventory: readonly FieldDef[] = [
  f.mediaHardware,
  f.mediaFirmware,
  f.mediaSoftware,
  f.mediaSn,
  f.mediaManufacturer,
  f.mediaModel,
  f.mediaAsset,
];

function media(r: Reader): void {
  const subtype = r.uint(1, f.mediaSubtype);
  const about = inventory[subtype - 5];
  if (about !== undefined) {
    if (r.left > 0) r.string(about);
  } else if (subtype === 1) {
    r.flags(2, f.mediaSubtypeCaps, mediaCapabilities);
    r.uint(1, f.mediaSubtypeClass);
  } else if (subtype === 2) {
    r.uint(1, f.mediaAppType);
    r.uint(3, f.mediaPolicyFlag, f.mediaTagFlag, f.mediaVlanId, f.mediaL2Prio, f.mediaDscp);
  } else if (subtype === 3) {
    location(r);
  } else if (subtype === 4) {
    power(r, f.mediaPowerType, f.mediaPowerSource, f.mediaPowerPrio);
    r.watts(f.mediaPowerValue);
  }
}

function angle(r: Reader, resolution: FieldDef, field: FieldDef): void {
  r.node.uint(resolution, r.at);
  if (!r.node.has(r.at, 5)) return;
  const value = BigInt((r.node.buf.u8(r.at) * 0x1000000 + (r.node.buf.u32(r.at + 1) >>> 8)) * 256 + r.node.buf.u8(r.at + 4));
  r.node.add(field, r.at, 5, value);
  r.at += 5;
}

/** Where something is: coordinates (RFC 3825), an address (RFC 4776) or an emergency number. */
function location(r: Reader): void {
  const format = r.uint(1, f.mediaLocDataFormat);
  if (format === 1) {
    angle(r, f.mediaLocLatResolution, f.mediaLocLatitude);
    angle(r, f.mediaLocLongResolution, f.mediaLocLongitude);
    r.node.uint(f.mediaLocAltType, r.at);
    r.node.uint(f.mediaLocAltResolution, r.at);
    r.at++;
    r.uint(4, f.mediaLocAltitude);
    r.uint(1, f.mediaLocDatum);
  } else if (format === 2) {
    const stop = r.at + 1 + r.peek;
    if (stop > r.end) {
      r.node.expert(f.excessLength, r.at, r.left);
      return;
    }
    r.uint(1, f.mediaCivicLength);
    r.uint(1, f.mediaCivicWhat);
    r.string(f.mediaCivicCountry, 2);
    while (r.node.ok && r.at + 2 <= stop) {
      r.uint(1, f.mediaCivicType);
      const length = r.peek;
      r.uint(1, f.mediaCivicLength);
      if (length > stop - r.at) return;
      if (length > 0) r.string(f.mediaCivicValue, length);
    }
  } else if (format === 3 && r.left > 0) {
    r.string(f.mediaEcs);
  }
}

function edgeVirtual(r: Reader): void {
  if (r.uint(1, f.qbgSubtype) !== 0) return;
  r.flags(2, f.qbgEvbSupportCaps, evbSupported);
  r.flags(2, f.qbgEvbConfigureCaps, evbConfigured);
  r.uint(2, f.qbgEvbSupportedVsi);
  r.uint(2, f.qbgEvbConfiguredVsi);
  r.uint(1, f.qbgEvbRetransTimer);
}

/** Data centre bridging before 802.1Qaz (CIN, CEE): TLVs of its own in one TLV. */
function dataCentre(r: Reader): void {
  r.uint(1, f.dcbxProto);
  while (r.node.ok && r.left >= 2) {
    const head = r.node.buf.u16(r.at);
    const type = head >> 9;
    const end = Math.min(r.end, r.at + 2 + (head & 0x1ff));
    const inner = new Reader(r.node.text(r.at, end - r.at, `${nameOf(f.dcbxType, type) ?? 'Unknown'} TLV`), r.at, end);
    r.at = end;
    inner.uint(2, f.dcbxType, f.dcbxLen);
    inner.uint(1, f.dcbxVersion);
    inner.uint(1, f.dcbxMaxVersion);
    if (type === 1) {
      inner.uint(4, f.dcbxControlSeq);
      inner.uint(4, f.dcbxControlAck);
      continue;
    }
    inner.uint(1, f.featureEnabled, f.featureWilling, f.featureError);
    inner.uint(1, f.featureSubtype);
    if (type === 2) {
      groups(inner);
      inner.uint(1, f.featurePgNumtcs);
    } else if (type === 3) {
      inner.uint(1, ...priorities.paused);
      inner.uint(1, f.featurePfcNumtcs);
    } else if (type === 4) {
      while (inner.node.ok && inner.left >= 6) {
        const one = new Reader(inner.node.text(inner.at, 6, 'Application'), inner.at, inner.at + 6);
        one.uint(2, f.featureAppProto);
        one.uint(3, f.featureAppOui, f.featureAppSf);
        const map = one.peek;
        // The lowest bit that is set is the priority.
        if (map !== 0) one.node.add(f.featureAppPrio, one.at, 1, 31 - Math.clz32(map & -map));
        inner.at += 6;
      }
    } else if (type === 6) {
      inner.uint(1, f.featureLlinkType);
    }
  }
}

function organization(r: Reader): void {
  if (!r.node.has(r.at, 3)) return;
  const oui = r.node.buf.u16(r.at) * 256 + r.node.buf.u8(r.at + 2);
  const octets = [0, 1, 2]
    .map((i) =>
      r.node.buf
        .u8(r.at + i)
        .toString(16)
        .padStart(2, '0'),
    )
    .join(':');
  const who = ouis.get(oui);
  r.node.add(f.orgtlvOui, r.at, 3, oui, { display: who === undefined ? octets : `${octets} (${who})` });
  r.at += 3;
  const subtype = r.left > 0 ? r.peek : -1;
  const hex = `0x${subtype.toString(16)}`;
  const known = readers.get(oui);
  if (known !== undefined) {
    r.node.display =
      known.subtype === null ? `${who}` : `${who} - ${nameOf(known.subtype, subtype) ?? known.unknown?.(hex) ?? `Unknown subtype ${hex}`}`;
    known.read(r);
    return;
  }
  r.node.display = `${who ?? 'Unknown'} - Unknown (${subtype})`;
  r.uint(1, f.unknownSubtype);
  if (r.left > 0) r.bytes(f.unknownSubtypeContent, r.left);
}

interface Organization {
  readonly read: (r: Reader) => void;
  readonly subtype: FieldDef | null;
  /** What a subtype without a name is called. */
  readonly unknown?: (subtype: string) => string;
}

const readers = new Map<number, Organization>([
  [OUI_8021, { read: dot1, subtype: f.dot1Subtype }],
  [OUI_8023, { read: dot3, subtype: f.dot3Subtype }],
  [OUI_MEDIA, { read: media, subtype: f.mediaSubtype }],
  [OUI_8021QBG, { read: edgeVirtual, subtype: f.qbgSubtype }],
  [OUI_DCBX, { read: dataCentre, subtype: null }],
  ...vendors,
]);

interface Identity {
  readonly what: string;
  readonly subtype: FieldDef;
  /** Subtypes that are an address of the hardware and of the network. */
  readonly ether: number;
  readonly network: number;
  readonly shorts: readonly string[];
  readonly mac: FieldDef;
  readonly ip4: FieldDef;
  readonly ip6: FieldDef;
  readonly other: FieldDef;
}

const chassis: Identity = {
  what: 'Chassis',
  subtype: f.chassisSubtype,
  ether: 4,
  network: 5,
  shorts: ['', 'CC', 'IA', 'PC', 'MA', 'NA', 'IN', 'LA'],
  mac: f.chassisIdMac,
  ip4: f.chassisIdIp4,
  ip6: f.chassisIdIp6,
  other: f.chassisId,
};
const port: Identity = {
  what: 'Port',
  subtype: f.portSubtype,
  ether: 3,
  network: 4,
  shorts: ['', 'IA', 'PC', 'MA', 'NA', 'IN', 'AC', 'LA'],
  mac: f.portIdMac,
  ip4: f.portIdIp4,
  ip6: f.portIdIp6,
  other: f.portId,
};

/** Who the chassis or the port is; gives the words for the list, '' where the length contradicts the kind. */
function identity(r: Reader, lengthNode: Node, about: Identity): string {
  const { node } = r;
  const length = r.left;
  const bad = (): string => {
    lengthNode.expert(f.incorrectLength, undefined, undefined, `Invalid ${about.what} ID Length (${length})`);
    return '';
  };
  if (length < 2) return bad();
  const subtype = r.uint(1, about.subtype);
  if (!node.ok) return '';
  let id: string;
  if (subtype === about.ether) {
    if (length !== 7) return bad();
    id = formatEther(r.bytes(about.mac, 6));
  } else if (subtype === about.network) {
    const family = r.uint(1, f.networkAddressSubtype);
    if (family === 1) {
      if (length !== 6) return bad();
      id = formatIpv4(r.bytes(about.ip4, 4));
    } else if (family === 2) {
      if (length !== 18) return bad();
      id = formatIpv6(r.bytes(about.ip6, 16));
    } else {
      id = anyId(r, about.other);
    }
  } else {
    if (length > 256) {
      lengthNode.expert(f.excessLength);
      return '';
    }
    // The numbers of a component are no text.
    const octets = about.shorts[subtype] === 'PC' ? hexBytes(node.buf.slice(r.at, Math.max(0, Math.min(r.left, node.buf.end - r.at)))) : '';
    id = anyId(r, about.other);
    if (octets !== '') id = octets;
  }
  const short = about.shorts[subtype] || 'Rs';
  if (short === 'Rs') id = 'Reserved';
  node.display = `${nameOf(about.subtype, subtype) ?? 'Reserved'}, Id: ${id}`;
  return `${short}/${id}`;
}

const utf8 = new TextDecoder();

function anyId(r: Reader, field: FieldDef): string {
  if (field.type === 'string') return r.string(field);
  return utf8.decode(r.bytes(field, r.left)).replaceAll('\0', '');
}

function management(r: Reader): void {
  const start = r.at + 1;
  const length = r.uint(1, f.mgnAddressLen);
  const subtype = r.uint(1, f.mgnAddressSubtype);
  if (subtype === 1) r.bytes(f.mgnAddrIp4, 4);
  else if (subtype === 2) r.bytes(f.mgnAddrIp6, 16);
  else r.bytes(f.mgnAddrHex, Math.max(0, length - 1));
  r.at = start + length;
  r.uint(1, f.mgnInterfaceSubtype);
  r.uint(4, f.mgnInterfaceNumber);
  const oidLength = r.uint(1, f.mgnObjLen);
  if (oidLength > 0) r.bytes(f.mgnObjId, oidLength);
}

const titles = [
  'End of LLDPDU',
  'Chassis',
  'Port',
  'Time To Live',
  'Port Description',
  'System Name',
  'System Description',
  'Capabilities',
  'Management Address',
];

/** One TLV at `at`; gives its words for the list, null where nothing more is to be read. */
function tlv(layer: Layer, b: Buf, at: number, expected: number): string | null {
  if (!layer.has(at, 2)) return null;
  const head = b.u16(at);
  const type = head >> 9;
  const end = at + 2 + (head & 0x1ff);
  if (expected !== 0 && type !== expected) {
    const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
    if (expected !== TIME_TO_LIVE)
      layer.expert(f.badType, at, 2, `Invalid ${expected === CHASSIS ? 'Chassis' : 'Port'} ID (${hex(type)}), expected (${hex(expected)})`);
    return null;
  }
  const inside = new Buf(b.bytes, b.source, at, Math.min(b.end, end), Math.min(b.wireEnd, end));
  const node = layer.text(at, end - at, titles[type] ?? (type === ORGANIZATION ? 'Organization' : 'Unknown TLV')).over(inside);
  node.uint(f.tlvType, at);
  const lengthNode = node.uintNode(f.tlvLen, at);
  const r = new Reader(node, at + 2, end);
  switch (type) {
    case 0:
      return null;
    case CHASSIS:
    case PORT:
      return identity(r, lengthNode, type === CHASSIS ? chassis : port) || null;
    case TIME_TO_LIVE: {
      const seconds = r.uint(2, f.timeToLive);
      node.display = `${seconds} sec`;
      return String(seconds);
    }
    case PORT_DESCRIPTION:
      node.display = r.string(f.portDesc);
      return '';
    case SYSTEM_NAME:
    case SYSTEM_DESCRIPTION: {
      const text = r.string(type === SYSTEM_NAME ? f.tlvSystemName : f.tlvSystemDesc);
      node.display = text;
      return `${type === SYSTEM_NAME ? 'SysN' : 'SysD'}=${text}`;
    }
    case CAPABILITIES:
      r.flags(2, f.tlvSystemCap, has);
      r.flags(2, f.tlvEnableSystemCap, uses);
      return '';
    case MANAGEMENT:
      management(r);
      return '';
    case ORGANIZATION:
      organization(r);
      return '';
    default:
      return '';
  }
}

export const lldp = defineProtocol({
  name: 'lldp',
  short: 'LLDP',
  title: 'Link Layer Discovery Protocol',
  osi: '2',
  pdu: 'Message',
  hue: 'link',
  fields: [
    ...Object.values(f),
    ...Object.values(vendorFields),
    ...Object.values(priorities).flat(),
    ...[has, uses, advertised, reversed, mediaCapabilities, evbSupported, evbConfigured].flat(),
  ],
  index(w) {
    w.has(0);
  },
  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(lldp, b);
    d.column(lldp, '');
    const info: string[] = [];
    let at = b.offset;
    for (let i = 1; layer.ok && at < b.wireEnd; i++) {
      const words = tlv(layer, b, at, i <= TIME_TO_LIVE ? i : 0);
      if (words === null) break;
      if (words !== '') info.push(words);
      at += 2 + (b.u16(at) & 0x1ff);
    }
    layer.summary = info.join(' ');
    d.column(lldp, info.join(' '));
  },
});
