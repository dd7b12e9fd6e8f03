/** What the window does with answers that come late. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActions } from '../../../renderer/store/actions.ts';
import { useApp } from '../../../renderer/store/state.ts';
import { type CaptureState, type LiveStatus, MOST_MARKED, type Transport, type ViewState } from '../../../src/messages.ts';

/** Questions under way, each with how to answer it. */
let asked: { name: string; args: unknown; answer: (value: unknown) => void }[] = [];
const ask = (name: string, args: unknown) =>
  new Promise((resolve) => asked.push({ name, args, answer: (value) => resolve({ ok: true, value }) }));
const transport = { engine: ask, host: ask } as unknown as Transport;
const selected = (): number => {
  const { selection } = useApp.getState();
  return selection.kind === 'packet' ? selection.row : -1;
};
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
/** Answers the one question about a neighbour that is under way, and gives the row that it was about. */
async function neighbour(row: number): Promise<number> {
  await turn();
  const [question, ...more] = asked.filter(({ name }) => name === 'neighbour');
  expect(more).toEqual([]);
  if (question === undefined) throw new Error('nothing was asked');
  asked = asked.filter((each) => each !== question);
  question.answer({ row });
  await turn();
  return (question.args as { row: number }).row;
}

beforeEach(() => {
  asked = [];
  useApp.setState({ selection: { kind: 'packet', row: 10 }, detail: null });
});

it('goes on from where the last step led when a key is pressed twice before the answer', async () => {
  const actions = createActions(transport);
  void actions.step(1);
  void actions.step(1);
  expect(await neighbour(14)).toBe(10);
  expect(await neighbour(19)).toBe(14);
  expect(selected()).toBe(19);
});

it('stays at a packet that was selected while a step was on its way', async () => {
  const actions = createActions(transport);
  void actions.step(1);
  await turn();
  actions.selectRow(3);
  await neighbour(14);
  expect(selected()).toBe(3);
});

it('breaks off a file that is being sent when something else is chosen, and says nothing of it', async () => {
  const sent: { name: string; signal: AbortSignal; answer: (value: unknown) => void }[] = [];
  const openFile = ({ name }: File, signal: AbortSignal) => new Promise((answer) => sent.push({ name, signal, answer }));
  const actions = createActions({ ...transport, openFile } as unknown as Transport);
  const file = (name: string): File => new File(['not a key log'], name);
  const aborted = (): boolean[] => sent.map(({ signal }) => signal.aborted);
  void actions.openFile(file('large.pcap'));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  void actions.openFile(file('small.pcap'));
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(aborted()).toEqual([true, false]);
  sent[0]?.answer({ ok: false, failure: { code: 'io', message: 'large.pcap could not be sent to the server.' } });
  await turn();
  expect(useApp.getState()).toMatchObject({ opening: 'small.pcap', failure: null });
  void actions.openPath('/tmp/other.pcap', 'other.pcap');
  expect(aborted()).toEqual([true, true]);
});

it('asks what can be recovered once a capture is closed, not before', async () => {
  void createActions(transport).closeCapture();
  await turn();
  expect(asked.map(({ name }) => name)).toEqual(['closeCapture']);
  asked[0]?.answer(null);
  await turn();
  expect(asked.map(({ name }) => name)).toContain('recovered');
});

it('tells the engine all that is marked before anything that rests on it is asked', async () => {
  useApp.setState({ capture: { capture: 3, phase: 'done', packets: 20 } as CaptureState, marked: new Set([2]) });
  const actions = createActions(transport);
  actions.toggleMark();
  expect(asked.map(({ name, args }) => [name, args])).toEqual([
    ['setMarked', { capture: 3, rows: [2, 10] }],
    ['packet', { row: 10 }],
  ]);
  asked = [];
  actions.toggleMark();
  expect(asked[0]?.args).toEqual({ capture: 3, rows: [2] });
  useApp.setState({ marked: new Set(Array.from({ length: MOST_MARKED }, (_, row) => row + 11)) });
  asked = [];
  actions.toggleMark();
  expect(asked).toEqual([]);
  expect(useApp.getState().notice).toBe('No more than 10,000 packets can be marked');
  useApp.setState({ capture: null, marked: new Set(), notice: '' });
});

describe('a running capture', () => {
  type Hear = (value: unknown) => void;
  let engine: Map<string, Hear>;
  let host: Map<string, Hear>;
  /** Each drawing: packets of the list and of the status that it shows. */
  let drawn: string[];
  let forget: () => void;
  const capture = (packets: number) => ({ capture: 1, phase: 'following', packets }) as CaptureState;
  const view = (matched: number) => ({ view: 1, filter: '', matched }) as ViewState;
  const live = (packets: number) => ({ phase: 'capturing', startedAt: 1, packets }) as LiveStatus;
  const tell = (kind: Map<string, Hear>, name: string, value: unknown): void => kind.get(name)?.(value);
  const rows = (packets: number): void => {
    tell(engine, 'state', capture(packets));
    tell(engine, 'view', view(packets));
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (look: () => void) => setTimeout(look, 16));
    vi.stubGlobal('cancelAnimationFrame', (frame: ReturnType<typeof setTimeout>) => clearTimeout(frame));
    vi.stubGlobal('window', { innerHeight: 900 });
    engine = new Map();
    host = new Map();
    const actions = createActions({
      ...transport,
      onEngine: (name: string, hear: Hear) => engine.set(name, hear),
      onHost: (name: string, hear: Hear) => host.set(name, hear),
      onClosed: () => {},
    } as unknown as Transport);
    useApp.setState({ capture: capture(0), view: view(0), live: live(0), facets: [] });
    actions.connect();
    asked = [];
    drawn = [];
    forget = useApp.subscribe((state) => drawn.push(`${state.view?.matched} ${state.live?.packets}`));
  });
  afterEach(() => {
    forget();
    useApp.setState({ capture: null, view: null, live: null, facets: [] });
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('tells an engine that was started anew what is marked, before the filter', async () => {
    useApp.setState({ marked: new Set([4]), chips: [{ text: 'frame.marked == 1', off: false }] });
    tell(host, 'engineGone', { code: 'internal', message: 'gone' });
    tell(engine, 'view', view(9));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.flatMap(({ name, args }) => (name === 'setMarked' || name === 'setFilter' ? [[name, args]] : []))).toEqual([
      ['setMarked', { capture: 1, rows: [4] }],
      ['setFilter', { text: 'frame.marked == 1' }],
    ]);
    useApp.setState({ marked: new Set(), chips: [], engineGone: null });
  });

  it('draws its status with the rows that come', async () => {
    for (let n = 1; n <= 4; n++) {
      tell(host, 'live', live(n));
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(drawn).toEqual([]);
    rows(7);
    await vi.advanceTimersByTimeAsync(16);
    expect(drawn).toEqual(['7 4']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(drawn).toEqual(['7 4']);
  });

  it('draws its status all the same where no rows come', async () => {
    tell(host, 'live', live(1));
    await vi.advanceTimersByTimeAsync(150 + 16);
    expect(drawn).toEqual(['0 1']);
  });

  it('asks for the next rows no later because its status came', async () => {
    const times = async (status: boolean): Promise<number> => {
      asked = [];
      rows(10 * drawn.length + 10);
      await vi.advanceTimersByTimeAsync(16);
      const from = Date.now();
      if (status) setTimeout(() => tell(host, 'live', live(9)), 20);
      while (!asked.some(({ name }) => name === 'drawn')) await vi.advanceTimersByTimeAsync(1);
      return Date.now() - from;
    };
    const alone = await times(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await times(true)).toBe(alone);
  });

  it('draws what the engine counts of it with the next rows, and at once when it has ended', async () => {
    rows(5);
    await vi.advanceTimersByTimeAsync(16);
    const facets = [{ name: 'Protocol' }];
    asked.find(({ name }) => name === 'facets')?.answer(facets);
    await vi.advanceTimersByTimeAsync(1);
    expect(useApp.getState().facets).toEqual([]);
    rows(6);
    await vi.advanceTimersByTimeAsync(16);
    expect(drawn).toEqual(['5 0', '6 0']);
    expect(useApp.getState().facets).toEqual(facets);
    await vi.advanceTimersByTimeAsync(1000);
    for (const { name, answer } of asked) if (name === 'facets') answer(facets);
    await vi.advanceTimersByTimeAsync(1000);
    asked = [];
    tell(engine, 'state', { ...capture(6), phase: 'done' });
    asked.find(({ name }) => name === 'facets')?.answer([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(useApp.getState().facets).toEqual([]);
  });
});
