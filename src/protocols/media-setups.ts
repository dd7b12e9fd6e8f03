/** Media streams that a signalling protocol (SIP with SDP, RTSP, Skinny) has announced: from which packet on, and by whom. */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Dissection } from '../dissect/dissection.ts';
import { expectations } from '../flow/expected.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import { addressId } from './udp.ts';

export interface Setup {
  readonly row: number;
  /** Name of the protocol: 'SDP', 'SKINNY'. */
  readonly method: string;
  /** Names of payload types, in small letters, where they were given. */
  readonly types: ReadonlyMap<number, string>;
}

const NO_TYPES: ReadonlyMap<number, string> = new Map();

/** Announcements remembered for one endpoint; further ones replace the latest. */
const MAX_SETUPS = 64;
/** Endpoints remembered: what is announced for further ones is not. */
const MAX_ENDPOINTS = 500_000;

class MediaSetups {
  readonly #byEndpoint = new Map<number, Setup[]>();

  add(address: number, port: number, setup: Setup): void {
    const key = address * 65536 + port;
    const list = this.#byEndpoint.get(key);
    if (list === undefined) {
      if (this.#byEndpoint.size < MAX_ENDPOINTS) this.#byEndpoint.set(key, [setup]);
    } else if (list.length < MAX_SETUPS) list.push(setup);
    else list[MAX_SETUPS - 1] = setup;
  }

  /** The announcement in force for the endpoint at `row`. */
  at(address: number, port: number, row: number): Setup | undefined {
    const list = this.#byEndpoint.get(address * 65536 + port);
    if (list === undefined) return undefined;
    for (let i = list.length - 1; i >= 0; i--) if ((list[i] as Setup).row < row) return list[i];
    return undefined;
  }
}

export const mediaSetups = defineState(() => new MediaSetups());

/** At index depth: the endpoint (AddressTable id, port) will send and receive the protocol with id `protocol`. */
export function announceMedia(
  capture: CaptureIndex,
  row: number,
  address: number,
  port: number,
  protocol: number,
  method: string,
  types = NO_TYPES,
): void {
  capture.state(expectations).expect(address, port, protocol);
  capture.state(udpFlows).announce(row, address, port);
  capture.state(mediaSetups).add(address, port, { row, method, types });
}

/** At full depth: the announcement by which the datagram at hand is what it is. */
export function setupOf(d: Dissection): Setup | undefined {
  const transport = d.transport;
  if (transport?.kind !== 'udp') return undefined;
  const table = d.capture.state(mediaSetups);
  return table.at(addressId(d, d.netDst), transport.dstPort, d.row) ?? table.at(addressId(d, d.netSrc), transport.srcPort, d.row);
}
