/** The selected packet and its layers, marked packets, and whether the list follows its end. */
import { type Answer, MOST_MARKED, type PacketDetail, type Transport } from '../../src/messages.ts';
import { words } from '../words.ts';
import { Details } from './details.ts';
import { type FollowEvent, follow } from './follow.ts';
import { tellMarked } from './marked.ts';
import { latest } from './pace.ts';
import { useApp } from './state.ts';

const get = useApp.getState;
const set = useApp.setState;

export type PacketSelection = ReturnType<typeof createSelection>;

/** `actions` are for the window, the rest for who reads the capture. */
export function createSelection(transport: Transport) {
  const details = new Details((row) => transport.engine('packet', { row }));

  function fetchDetail(row: number): Promise<Answer<PacketDetail>> {
    const { capture } = get();
    return details.fetch(row, capture?.capture ?? -1, capture?.packets ?? 0);
  }

  async function loadDetail(row: number): Promise<void> {
    const answer = await fetchDetail(row);
    const now = get();
    if (now.selection.kind !== 'packet' || now.selection.row !== row) return;
    if (answer.ok) {
      if (now.capture !== null && answer.value.capture === now.capture.capture) set({ detail: answer.value });
    } else if (answer.failure.code !== 'no-such') set({ failure: { title: words.viewFailed, failure: answer.failure } });
  }
  const requestDetail = latest(loadDetail);
  /** The last step along a connection. */
  let stepped: Promise<void> = Promise.resolve();

  const actions = {
    /** Selects a packet everywhere and fetches its layers. A live list stops following. */
    selectRow(row: number): void {
      const { selection } = get();
      if (selection.kind === 'packet' && selection.row === row) return;
      const { capture } = get();
      const known = capture === null ? null : details.find(row, capture.capture, capture.packets);
      set((state) => ({
        selection: { kind: 'packet', row },
        follow: follow(state.follow, { kind: 'stop', total: state.view?.matched ?? 0 }),
        ...(known === null ? {} : { detail: known }),
      }));
      if (known === null) requestDetail(row);
    },
    /** A packet that may be selected next: its layers are fetched ahead. */
    prepareRow(row: number): void {
      const { capture, selection } = get();
      if (capture === null || (selection.kind === 'packet' && selection.row === row)) return;
      details.prepare(row, capture.capture, capture.packets);
    },
    async selectDamage(): Promise<void> {
      set({ selection: { kind: 'damage' }, detail: null });
      const answer = await transport.engine('damage', {});
      if (answer.ok && get().selection.kind === 'damage') set({ damageDetail: answer.value });
    },
    clearSelection(): void {
      set({ selection: { kind: 'none' }, detail: null, damageDetail: null });
    },
    /** Marks the selected packet, or takes its mark away. */
    toggleMark(): void {
      const { selection, marked, capture } = get();
      if (selection.kind !== 'packet') return;
      const next = new Set(marked);
      const off = next.delete(selection.row);
      if (!off) next.add(selection.row);
      if (next.size > MOST_MARKED) {
        set({ notice: words.tooManyMarked(MOST_MARKED) });
        return;
      }
      tellMarked(transport, capture, next);
      set({ marked: next, notice: (off ? words.unmarkedNow : words.markedNow)(selection.row + 1) });
      // The frame says whether it is marked.
      details.forget();
      requestDetail(selection.row);
    },
    /** Selects the next marked packet after the selected one, round the end. */
    nextMark(): void {
      const { selection, marked } = get();
      const rows = [...marked].sort((a, b) => a - b);
      const from = selection.kind === 'packet' ? selection.row : -1;
      const row = rows.find((each) => each > from) ?? rows[0];
      if (row !== undefined) actions.selectRow(row);
    },
    /** Selects the next or previous packet of the same connection; one step after the other, each from where the last one led. */
    step(step: 1 | -1): Promise<void> {
      const next = stepped.then(async () => {
        const { selection } = get();
        if (selection.kind !== 'packet') return;
        const answer = await transport.engine('neighbour', { row: selection.row, step });
        const now = get().selection;
        // Another packet may have been selected meanwhile.
        if (now.kind === 'packet' && now.row === selection.row && answer.ok && answer.value.row !== null)
          actions.selectRow(answer.value.row);
      });
      stepped = next;
      return next;
    },
    followEvent(event: FollowEvent): void {
      set((state) => ({ follow: follow(state.follow, event) }));
    },
    /** The stream of the selected packet, if it has one. */
    async followSelected(): Promise<void> {
      const { selection, detail } = get();
      if (selection.kind !== 'packet') return;
      const known = detail?.row === selection.row ? detail : null;
      const answer = known === null ? await fetchDetail(selection.row) : null;
      const packet = known ?? (answer?.ok === true ? answer.value : null);
      if (packet === null || packet.stream === null || packet.transport === null) set({ notice: words.noStream(selection.row + 1) });
      else set({ tab: 'streams', followed: { kind: packet.transport, stream: packet.stream } });
    },
  };

  return {
    actions,
    /** What was said of packets is void. */
    forget(): void {
      details.forget();
    },
    /** Asks for the selected packet once more. */
    askAgain(): void {
      const { selection } = get();
      if (selection.kind === 'packet') requestDetail(selection.row);
    },
  };
}
