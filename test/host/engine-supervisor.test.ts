import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineSupervisor } from '../../src/host/engine-supervisor.ts';
import type { Failure } from '../../src/messages.ts';
import { StandInChild } from './stand-in-child.ts';

let children: StandInChild[];
let events: unknown[];
let gone: (Failure | null)[];
let answering: boolean;

function supervisor(): EngineSupervisor {
  const made = new EngineSupervisor(
    () => {
      const child = new StandInChild(({ name, args }) => (answering ? { ok: true, value: { name, args } } : null));
      children.push(child);
      return child;
    },
    { event: (name, value) => events.push([name, value]), gone: (failure) => gone.push(failure) },
  );
  made.start();
  return made;
}

beforeEach(() => {
  children = [];
  events = [];
  gone = [];
  answering = true;
});
afterEach(() => vi.useRealTimers());

describe('the engine supervisor', () => {
  it('pairs each answer with its request', async () => {
    const engine = supervisor();
    const [one, two] = await Promise.all([engine.request('packet', { row: 1 }), engine.request('packet', { row: 2 })]);
    expect(one).toEqual({ ok: true, value: { name: 'packet', args: { row: 1 } } });
    expect(two).toEqual({ ok: true, value: { name: 'packet', args: { row: 2 } } });
    engine.dispose();
  });

  it('hears answers and events in the order in which they were sent, also when they come at once', () => {
    answering = false;
    const engine = supervisor();
    engine.ask('state', {}, (answer) => events.push(answer));
    const [request] = children[0]?.heard ?? [];
    children[0]?.say({ kind: 'answer', id: request?.id ?? 0, answer: { ok: true, value: 'reading' } });
    children[0]?.say({ kind: 'event', from: 'engine', name: 'state', value: 'done' });
    expect(events).toEqual([{ ok: true, value: 'reading' }, ['state', 'done']]);
    engine.dispose();
  });

  it('passes events on and ignores what is no message', () => {
    const engine = supervisor();
    children[0]?.say({ kind: 'event', from: 'engine', name: 'state', value: null });
    children[0]?.say({ kind: 'event', from: 'host', name: 'live', value: null });
    children[0]?.say({ kind: 'answer', id: 77, answer: { ok: true, value: null } });
    expect(events).toEqual([['state', null]]);
    engine.dispose();
  });

  it('answers what was asked, and tells, when the process dies', async () => {
    answering = false;
    const engine = supervisor();
    const asked = engine.request('facets', {});
    children[0]?.die('SIGKILL');
    expect(await asked).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(gone).toHaveLength(1);
    expect(gone[0]?.message).toContain('SIGKILL');
    expect(await engine.request('facets', {})).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    engine.dispose();
  });

  it('starts a new process on restart, and hears no more of the old one', async () => {
    const engine = supervisor();
    engine.restart();
    expect(children[0]?.killed).toBe('SIGKILL');
    children[0]?.die('SIGKILL');
    children[0]?.say({ kind: 'event', from: 'engine', name: 'state', value: null });
    expect(gone).toEqual([]);
    expect(events).toEqual([]);
    expect((await engine.request('facets', {})).ok).toBe(true);
    engine.dispose();
  });

  it('tells once of a process that does not answer, but is patient with saving', () => {
    vi.useFakeTimers();
    answering = false;
    const engine = supervisor();
    void engine.request('save', { path: '/a', what: 'packets', format: 'pcapng', only: 'all' });
    vi.advanceTimersByTime(60_000);
    expect(gone).toEqual([]);
    void engine.request('facets', {});
    vi.advanceTimersByTime(60_000);
    expect(gone).toHaveLength(1);
    engine.dispose();
  });

  it('tells when a process that did not answer does so again', () => {
    vi.useFakeTimers();
    answering = false;
    const engine = supervisor();
    void engine.request('facets', {});
    vi.advanceTimersByTime(60_000);
    expect(gone).toHaveLength(1);
    children[0]?.say({ kind: 'answer', id: 1, answer: { ok: true, value: null } });
    expect(gone).toHaveLength(2);
    expect(gone[1]).toBeNull();
    engine.dispose();
  });

  it('finds a process that does not answer where nobody asks it anything', () => {
    vi.useFakeTimers();
    answering = false;
    const engine = supervisor();
    vi.advanceTimersByTime(20_000);
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(gone).toHaveLength(1);
    expect(children[0]?.heard.map(({ name }) => name)).toEqual(['ping']);
    engine.dispose();
  });

  it('does not take a machine that slept for an hour for a process that hangs', async () => {
    vi.useFakeTimers();
    answering = false;
    const engine = supervisor();
    void engine.request('facets', {});
    vi.advanceTimersByTime(5000);
    // The clock goes on by an hour, of which no timer has heard.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5000);
    expect(gone).toEqual([]);
    engine.dispose();
  });

  it('refuses more requests than anyone can wait for', async () => {
    answering = false;
    const engine = supervisor();
    for (let i = 0; i < 512; i++) void engine.request('facets', {});
    expect(await engine.request('facets', {})).toMatchObject({ ok: false, failure: { code: 'busy' } });
    engine.dispose();
  });
});
