/** Layers of packets that are likely to be looked at next: asked for before they are wanted, so that they are here then. */
import type { Answer, PacketDetail } from '../../src/messages.ts';
import { latest } from './pace.ts';

/** Packets kept: what the pointer was over, and the neighbours of what was selected. */
const KEPT = 64;

/** A question to the engine whose answer is on its way. */
interface Asked {
  readonly capture: number;
  readonly packets: number;
  readonly answer: Promise<Answer<PacketDetail>>;
}

export class Details {
  readonly #ask: (row: number) => Promise<Answer<PacketDetail>>;
  /** By row, with the number of packets that the capture had: a field may tell of later packets. */
  readonly #kept = new Map<number, { readonly detail: PacketDetail; readonly packets: number }>();
  /** By row. */
  readonly #asked = new Map<number, Asked>();
  #capture = -1;
  readonly #next: (wanted: { readonly row: number; readonly capture: number; readonly packets: number }) => void;

  constructor(ask: (row: number) => Promise<Answer<PacketDetail>>) {
    this.#ask = ask;
    this.#next = latest(async ({ row, capture, packets }) => {
      if (this.find(row, capture, packets) === null) await this.fetch(row, capture, packets);
    });
  }

  /** Asks for the layers of a row, and keeps them; a question that is under way is not asked again. */
  fetch(row: number, capture: number, packets: number): Promise<Answer<PacketDetail>> {
    const known = this.#asked.get(row);
    if (known !== undefined && known.capture === capture && known.packets === packets) return known.answer;
    const asked: Asked = { capture, packets, answer: this.#ask(row) };
    this.#asked.set(row, asked);
    void asked.answer.then((answer) => {
      // Else everything was forgotten, or the row was asked for again, since then.
      if (this.#asked.get(row) !== asked) return;
      this.#asked.delete(row);
      if (answer.ok) this.#keep(answer.value, packets);
    });
    return asked.answer;
  }

  /** The layers of a row, if they are here and still what the engine would say of a capture of so many packets. */
  find(row: number, capture: number, packets: number): PacketDetail | null {
    const known = this.#capture === capture ? this.#kept.get(row) : undefined;
    return known !== undefined && known.packets === packets ? known.detail : null;
  }

  /** Asks for a row that may be wanted next, one at a time: of those that come in between, for the last one. */
  prepare(row: number, capture: number, packets: number): void {
    if (this.find(row, capture, packets) === null) this.#next({ row, capture, packets });
  }

  #keep(detail: PacketDetail, packets: number): void {
    if (detail.capture !== this.#capture) this.#kept.clear();
    this.#capture = detail.capture;
    this.#kept.delete(detail.row);
    this.#kept.set(detail.row, { detail, packets });
    for (const row of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(row);
    }
  }

  /** The capture is read anew: what was said of its packets is void. */
  forget(): void {
    this.#kept.clear();
    this.#asked.clear();
  }
}
