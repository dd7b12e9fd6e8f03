/** What the window does with answers that come late. */
import { beforeEach, expect, it } from 'vitest';
import { createActions } from '../../../renderer/store/actions.ts';
import { useApp } from '../../../renderer/store/state.ts';
import type { Transport } from '../../../src/messages.ts';

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

it('asks what can be recovered once a capture is closed, not before', async () => {
  void createActions(transport).closeCapture();
  await turn();
  expect(asked.map(({ name }) => name)).toEqual(['closeCapture']);
  asked[0]?.answer(null);
  await turn();
  expect(asked.map(({ name }) => name)).toContain('recovered');
});
