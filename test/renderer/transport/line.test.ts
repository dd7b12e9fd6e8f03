import { describe, expect, it, vi } from 'vitest';
import { isFromBackend, Line } from '../../../renderer/transport/line.ts';
import type { ToBackend } from '../../../src/messages.ts';

describe('a line to the back end', () => {
  it('pairs answers with requests, in whatever order they come', async () => {
    const sent: ToBackend[] = [];
    const line = new Line();
    line.connect((message) => sent.push(message));
    const first = line.request('engine', 'state', {});
    const second = line.request('host', 'info', {});
    line.receive({ kind: 'answer', id: sent[1]?.id, answer: { ok: true, value: 'b' } });
    line.receive({ kind: 'answer', id: sent[0]?.id, answer: { ok: true, value: 'a' } });
    expect(await first).toEqual({ ok: true, value: 'a' });
    expect(await second).toEqual({ ok: true, value: 'b' });
  });

  it('sends what was asked before it was up', async () => {
    const sent: string[] = [];
    const line = new Line();
    void line.request('host', 'info', {});
    line.connect((message) => sent.push(message.name));
    expect(sent).toEqual(['info']);
  });

  it('fails open requests when it goes down, and later ones at once', async () => {
    const line = new Line();
    line.connect(() => {});
    const open = line.request('engine', 'state', {});
    line.disconnect(false);
    expect(await open).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(await line.request('engine', 'state', {})).toMatchObject({ ok: false });
  });

  it('can hold later requests for the next connection', async () => {
    const line = new Line();
    line.connect(() => {});
    line.disconnect(true);
    const sent: ToBackend[] = [];
    const held = line.request('engine', 'facets', {});
    line.connect((message) => sent.push(message));
    line.receive({ kind: 'answer', id: sent[0]?.id, answer: { ok: true, value: [] } });
    expect(await held).toEqual({ ok: true, value: [] });
  });

  it('hands events to their listeners only, until they are taken away', () => {
    const line = new Line();
    const listener = vi.fn();
    const off = line.on('engine', 'state', listener);
    line.receive({ kind: 'event', from: 'host', name: 'state', value: 1 });
    line.receive({ kind: 'event', from: 'engine', name: 'state', value: 2 });
    off();
    line.receive({ kind: 'event', from: 'engine', name: 'state', value: 3 });
    expect(listener.mock.calls).toEqual([[2]]);
  });

  it('ignores what is no message', () => {
    for (const value of [null, 1, 'x', {}, { kind: 'answer' }, { kind: 'event', name: 3, from: 'host' }, { kind: 'other' }]) {
      expect(isFromBackend(value)).toBe(false);
    }
  });
});
