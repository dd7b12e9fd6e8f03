import { X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { KeyLogChoice, KeyLogState } from '../../src/messages.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import './keylog.css';
import { failed } from '../engine-words.ts';
import { words as common } from '../words.ts';
import { words } from './words.ts';

/** Where the secrets come from that TLS is decrypted with: beside the work, like the keys. */
export function KeyLogPanel() {
  const shown = useApp((state) => state.keyLogShown);
  return shown ? <Panel /> : null;
}

function Panel() {
  const { actions } = useBackend();
  const state = useApp((app) => app.keyLog);
  const kept = useApp((app) => app.settings.keyLogFile);
  const [path, setPath] = useState(kept);
  const [failure, setFailure] = useState('');
  const choose = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useKeyLogState();

  useEffect(() => {
    const before = document.activeElement;
    choose.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const take = async (choice: KeyLogChoice, settings: string): Promise<void> => {
    const wrong = await actions.setKeyLog(choice);
    setFailure(wrong ?? '');
    if (wrong === null) actions.changeSettings({ keyLogFile: settings });
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const text = path.trim();
    if (text !== '') void take({ from: 'file', path: text }, text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Escape') return;
    actions.showKeyLog(false);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section className="float keylog" aria-label={common.keyLog.title} onKeyDown={onKeyDown} data-testid="keylog-panel">
      <header>
        <b>{common.keyLog.title}</b>
        <span className="sp" />
        <button type="button" className="btn ghost ico small" aria-label={words.close} onClick={() => actions.showKeyLog(false)}>
          <X className="i" aria-hidden="true" />
        </button>
      </header>
      <p className="mid">{words.about}</p>
      <div className="row">
        <button type="button" className="btn" ref={choose} onClick={() => input.current?.click()} data-testid="keylog-choose">
          {words.choose}
        </button>
        <span className="mid">{words.drop}</span>
        <input
          ref={input}
          type="file"
          hidden
          data-testid="keylog-input"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file !== undefined) void actions.readKeyLog(file).then((wrong) => setFailure(wrong ?? ''));
          }}
        />
      </div>
      <form onSubmit={onSubmit}>
        <label>
          <span>{words.path}</span>
          <input
            className="mono"
            value={path}
            placeholder={words.pathHint}
            spellCheck={false}
            onChange={(event) => setPath(event.target.value)}
            data-testid="keylog-path"
          />
        </label>
        <button type="submit" className="btn" disabled={path.trim() === ''} data-testid="keylog-use">
          {words.use}
        </button>
      </form>
      {failure !== '' && <p className="badc">{`${common.keyLog.failed} ${failed(failure)}`}</p>}
      {state !== null && (
        <div className="outcome" data-testid="keylog-state">
          <Facts state={state} />
          {state.given !== null && (
            <button
              type="button"
              className="btn ghost small"
              onClick={() => {
                setPath('');
                void take({ from: 'none' }, '');
              }}
              data-testid="keylog-remove"
            >
              {words.remove}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Facts({ state }: { readonly state: KeyLogState }) {
  const { given, inside, decrypted, encrypted, failure } = state;
  return (
    <>
      {given === null ? (
        <p className="mid">{words.none}</p>
      ) : (
        <p>
          <b className="mono">{given.name}</b>: {words.given(given.connections)}
          {given.file && `, ${words.grows}`}
        </p>
      )}
      {given !== null && given.damaged > 0 && <p className="warnc">{words.damaged(given.damaged)}</p>}
      {given !== null && given.unknown > 0 && <p className="mid">{words.unknown(given.unknown)}</p>}
      {given !== null && given.dropped > 0 && <p className="warnc">{words.dropped(given.dropped)}</p>}
      {inside > 0 && <p>{words.inside(inside)}</p>}
      {decrypted + encrypted > 0 && <p>{words.outcome(decrypted, encrypted)}</p>}
      {failure !== null && <p className="badc">{`${words.settingsFailed} ${failed(failure.message)}`}</p>}
    </>
  );
}

/** Asks the engine again when a capture was opened, read, or read anew. */
function useKeyLogState(): void {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture?.capture);
  const phase = useApp((state) => state.capture?.phase);
  const readings = useApp((state) => state.readings);
  useEffect(() => void actions.refreshKeyLog(), [actions, capture, phase, readings]);
}

/** Says that there are secrets; a click shows what came of them. */
export function KeyLogChip() {
  const { actions } = useBackend();
  const state = useApp((app) => app.keyLog);
  useKeyLogState();
  if (state === null || (state.given === null && state.inside === 0 && state.failure === null)) return null;
  const { decrypted, encrypted } = state;
  return (
    <span className={state.failure === null ? 'marks' : 'marks badc'} data-testid="keylog-chip">
      <button type="button" title={words.outcome(decrypted, encrypted)} onClick={() => actions.showKeyLog(true)}>
        {words.chip} <b>{`${decrypted}/${decrypted + encrypted}`}</b>
      </button>
    </span>
  );
}
