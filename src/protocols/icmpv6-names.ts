// IANA "icmpv6-parameters".
import { names } from '../dissect/field.ts';
import { extendedReplyCodes } from './icmp-names.ts';

export const icmpv6Types = names({
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  100: 'Private experimentation',
  101: 'Private experimentation',
  127: 'Reserved for expansion of ICMPv6 error messages',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  138: 'Router Renumbering',
  139: 'Node Information Query',
  140: 'Node Information Reply',
  141: 'Inverse Neighbor Discovery Solicitation',
  142: 'Inverse Neighbor Discovery Advertisement',
  143: 'Multicast Listener Report Message v2',
  144: 'Home Agent Address Discovery Request',
  145: 'Home Agent Address Discovery Reply',
  146: 'Mobile Prefix Solicitation',
  147: 'Mobile Prefix Advertisement',
  148: 'Certification Path Solicitation',
  149: 'Certification Path Advertisement',
  150: 'Experimental Mobility',
  151: 'Multicast Router Advertisement',
  152: 'Multicast Router Solicitation',
  153: 'Multicast Router Termination',
  154: 'FMIPv6',
  155: 'RPL Control',
  156: 'Locator Update',
  157: 'Duplicate Address Request',
  158: 'Duplicate Address Confirmation',
  159: 'MPL Control Message',
  160: 'Extended Echo request',
  161: 'Extended Echo reply',
  200: 'Private experimentation',
  201: 'Private experimentation',
  255: 'Reserved for expansion of ICMPv6 informational messages',
});

const unreachable = names({
  0: 'no route to destination',
  1: 'Administratively prohibited',
  2: 'Beyond scope of source address',
  3: 'Address unreachable',
  4: 'Port unreachable',
  5: 'Source address failed ingress/egress policy',
  6: 'Reject route to destination',
  7: 'Error in Source Routing Header',
  8: 'Headers too long',
});

const exceeded = names({ 0: 'hop limit exceeded in transit', 1: 'fragment reassembly time exceeded' });
const parameter = names({
  0: 'erroneous header field encountered',
  1: 'unrecognized Next Header type encountered',
  2: 'unrecognized IPv6 option encountered',
  3: 'IPv6 First Fragment has incomplete IPv6 Header Chain',
});
const renumbering = names({ 0: 'Command', 1: 'Result', 255: 'Sequence number reset' });
const informationQuery = names({
  0: 'Query subject = IPv6 addresses',
  1: 'Query subject = DNS name or empty',
  2: 'Query subject = IPv4 addresses',
});
const informationReply = names({ 0: 'Successful reply', 1: 'Node refuses to answer', 2: 'Unknown query type' });
const rpl = names({
  0: 'DODAG Information Solicitation',
  1: 'DODAG Information Object',
  2: 'Destination Advertisement Object',
  3: 'Destination Advertisement Object Acknowledgment',
  128: 'Secure DODAG Information Solicitation',
  129: 'Secure DODAG Information Object',
  130: 'Secure Destination Advertisement Object',
  131: 'Secure Destination Advertisement Object Acknowledgment',
  138: 'Consistency Check',
});

const codes: Readonly<Record<number, ReadonlyMap<number, string>>> = {
  1: unreachable,
  3: exceeded,
  4: parameter,
  138: renumbering,
  139: informationQuery,
  140: informationReply,
  155: rpl,
  160: names({ 0: 'No error' }),
  161: extendedReplyCodes,
};

const fastHandoverCodes: Readonly<Record<number, ReadonlyMap<number, string>>> = {
  3: names({
    0: 'MN should use AP-ID, AR-info tuple',
    1: 'Network Initiated Handover trigger',
    2: 'No new router information',
    3: 'Limited new router information',
    4: 'Unsolicited',
  }),
  4: names({ 0: 'FBU sent from previous link', 1: 'FBU sent from new link' }),
  5: names({
    0: 'Handover Accepted, NCoA valid',
    1: 'Handover Accepted, NCoA not valid',
    2: 'Handover Accepted, NCoA in use',
    3: 'Handover Accepted, NCoA assigned',
    4: 'Handover Accepted, NCoA not assigned',
    128: 'Handover Not Accepted, reason unspecified',
    129: 'Administratively prohibited',
    130: 'Insufficient resources',
  }),
};

/** Words for a code of a type; undefined where the type has no words for it. Fast handovers have codes by `subtype`, the fifth octet. */
export function icmpv6CodeName(type: number, code: number, subtype = 0): string | undefined {
  if (type !== 154) return codes[type]?.get(code);
  const words = fastHandoverCodes[subtype];
  return words === undefined ? undefined : (words.get(code) ?? `Unknown ${code}`);
}

/** RFC 6775, section 4.1. */
export const registrationStatus = names({ 0: 'Success', 1: 'Duplicate Exists', 2: 'Neighbor Cache Full' });
