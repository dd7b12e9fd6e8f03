/** What stands where a file is broken: its bytes, the record header as far as it is there, and the layers of the part of the packet. */

import { linkTypeName } from '../file/link-types.ts';
import type { CaptureReader, ReaderInterface, Step } from '../file/types.ts';
import type { Damage, DamageDetail } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { Capture, epochText } from './capture.ts';

/** Bytes shown around the damage. */
const BEFORE = 48;
const AFTER = 64 * 1024;

type RecordField = DamageDetail['record'][number];

export function damageDetail(capture: Capture, damage: Damage): DamageDetail {
  const { reader } = capture;
  const bytesOffset = Math.max(0, damage.offset - BEFORE);
  const bytes = reader.readAt(bytesOffset, damage.offset - bytesOffset + AFTER).slice();
  const at = damage.offset - bytesOffset;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const record: RecordField[] = [];
  const word = (label: string, offset: number, little: boolean, show: (value: number) => string = String): number | null => {
    if (at + offset + 4 > bytes.length) return null;
    const value = view.getUint32(at + offset, little);
    record.push({ label, display: show(value), offset: damage.offset + offset, length: 4 });
    return value;
  };
  let partial = new Uint8Array(0);
  let linkType = reader.interfaces[0]?.linkType ?? 1;
  let wireLen = 0;
  if (reader.format.startsWith('pcapng')) {
    // Block types are small numbers: whichever order makes one of these bytes is the section's.
    const little = at + 4 <= bytes.length ? view.getUint32(at, true) < 0x10000 : true;
    const type = word('Block type', 0, little, (value) => `0x${value.toString(16).padStart(8, '0')}`);
    word('Block length', 4, little);
    if (type === 6) {
      const iface = word('Interface', 8, little);
      word('Captured length', 20, little);
      wireLen = word('Original length', 24, little) ?? 0;
      linkType = reader.interfaces[iface ?? 0]?.linkType ?? linkType;
      partial = bytes.slice(Math.min(bytes.length, at + 28));
    }
  } else {
    const magic = reader.readAt(0, 4);
    const little = magic[0] === 0xd4 || magic[0] === 0x4d || magic[0] === 0x34;
    const sec = word('Seconds', 0, little);
    const fraction = word('Fraction', 4, little);
    if (sec !== null && fraction !== null) {
      const nsec = reader.format.includes('nano') ? fraction : fraction * 1000;
      record.push({ label: 'Time', display: epochText(sec, Math.min(nsec, 999_999_999)), offset: damage.offset, length: 8 });
    }
    word('Captured length', 8, little);
    wireLen = word('Original length', 12, little) ?? 0;
    partial = bytes.slice(Math.min(bytes.length, at + 16));
  }
  // A corrupt record's length is no length to go by.
  if (damage.kind === 'corrupt') return { damage, bytes, bytesOffset, record, layers: [], partial: new Uint8Array(0) };
  return { damage, bytes, bytesOffset, record, layers: partial.length === 0 ? [] : layersOf(partial, wireLen, linkType), partial };
}

function layersOf(bytes: Uint8Array, wireLen: number, linkType: number): DamageDetail['layers'] {
  const scratch = new Capture(new OnePacket(bytes, linkType));
  scratch.packet(bytes, 0, bytes.length, wireLen, 0, 0, 0, 0, false);
  return dissectPacket(scratch, 0).layers.slice(1);
}

/** A "file" that holds one packet and nothing else, so that a partial one is dissected like any other. */
class OnePacket implements CaptureReader {
  readonly path = '';
  readonly format = 'pcap';
  readonly compression = 'none';
  readonly interfaces: readonly ReaderInterface[];
  readonly comments: readonly string[] = [];
  readonly damage = null;
  readonly bytesRead = 0;
  readonly fileBytes = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, linkType: number) {
    this.#bytes = bytes;
    this.interfaces = [
      { linkType, snapLength: 0, name: linkTypeName(linkType), description: null, captureFilter: null, timePrecision: 6, dropped: null },
    ];
  }

  step(): Promise<Step> {
    return Promise.resolve('end');
  }
  finish(): void {}
  readAt(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
  commentsAt(): readonly string[] {
    return [];
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
