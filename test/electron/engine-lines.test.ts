import { describe, expect, it } from 'vitest';
import { EngineLines, type LineEnd } from '../../electron/engine-lines.ts';
import type { FromBackend, ToBackend } from '../../src/messages.ts';

function joined() {
  const engine: ToBackend[] = [];
  const end = (): LineEnd & { readonly got: FromBackend[] } => {
    const got: FromBackend[] = [];
    return { got, postMessage: (message) => got.push(message) };
  };
  const [host, window, stranger] = [end(), end(), end()];
  const lines = new EngineLines((request) => engine.push(request), host);
  lines.addWindow(window);
  return { lines, engine, host, window, stranger };
}

const request = (id: number, name: string, args: unknown = {}, to = 'engine'): unknown => ({ kind: 'request', to, id, name, args });

describe('the lines to the engine', () => {
  it('bring each answer to who asked, under the number it was asked with', () => {
    const { lines, engine, host, window } = joined();
    lines.fromHost(request(1, 'open', { path: '/a', capture: 1, name: 'a' }));
    lines.fromWindow(window, request(1, 'facets'));
    expect(engine.map(({ id, name }) => [id, name])).toEqual([
      [1, 'open'],
      [2, 'facets'],
    ]);
    lines.fromEngine({ kind: 'answer', id: 2, answer: { ok: true, value: 'facets' } });
    lines.fromEngine({ kind: 'answer', id: 1, answer: { ok: true, value: null } });
    expect(window.got).toEqual([{ kind: 'answer', id: 1, answer: { ok: true, value: 'facets' } }]);
    expect(host.got).toEqual([{ kind: 'answer', id: 1, answer: { ok: true, value: null } }]);
  });

  it('bring events to the host and to the window', () => {
    const { lines, host, window } = joined();
    lines.fromEngine({ kind: 'event', from: 'engine', name: 'state', value: null });
    expect(host.got).toHaveLength(1);
    expect(window.got).toHaveLength(1);
  });

  it('let a window ask only what a window may', () => {
    const { lines, engine, window } = joined();
    for (const [name, args, to] of [
      ['open', { path: '/etc/passwd', capture: 1, name: 'x' }, 'engine'],
      ['save', { path: '/tmp/x', what: 'packets', format: 'pcap', only: 'all' }, 'engine'],
      ['rows', { view: 1, from: 0, count: 1_000_000 }, 'engine'],
      ['info', {}, 'host'],
    ] as const) {
      lines.fromWindow(window, request(5, name, args, to));
    }
    expect(engine).toEqual([]);
    expect(window.got.map((message) => message.kind === 'answer' && message.answer.ok)).toEqual([false, false, false, false]);
  });

  it('ignore what is no message, and lines that are not joined or not any more', () => {
    const { lines, engine, window, stranger } = joined();
    for (const message of [null, 5, 'x', {}, { kind: 'request' }, { kind: 'answer', id: 1 }]) lines.fromWindow(window, message);
    lines.fromWindow(stranger, request(1, 'facets'));
    lines.fromWindow(window, request(1, 'facets'));
    lines.removeWindow(window);
    lines.fromEngine({ kind: 'answer', id: 1, answer: { ok: true, value: null } });
    lines.fromEngine({ kind: 'answer', id: 99, answer: { ok: true, value: null } });
    expect(engine).toHaveLength(1);
    expect(window.got).toEqual([]);
  });
});
