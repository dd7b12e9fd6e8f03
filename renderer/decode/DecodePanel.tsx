import { X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { DecodeChoice, DecodeOptions } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { choiceText, offered, valueRange, withChoice } from './decode.ts';
import './decode.css';
import { words } from './words.ts';

/** What the user says that ports and numbers carry: beside the work, like the keys. */
export function DecodePanel() {
  const wish = useApp((state) => state.decodeWish);
  // A new wish begins a new form.
  return wish === null ? null : <Panel key={`${wish.table} ${wish.value}`} table={wish.table} value={wish.value} />;
}

function Panel({ table: firstTable, value: firstValue }: { readonly table: string; readonly value: string }) {
  const { actions, transport } = useBackend();
  const choices = useApp((state) => state.decodeChoices);
  const [options, setOptions] = useState<DecodeOptions | null>(null);
  const [table, setTable] = useState(firstTable);
  const [value, setValue] = useState(firstValue);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [failure, setFailure] = useState('');
  const id = useId();
  /** Enter came before it was known what there is: what stood in the form then. */
  const early = useRef<{ readonly table: string; readonly value: string; readonly typed: string } | null>(null);
  const protocolField = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    void transport.engine('decodeOptions', {}).then((answer) => {
      if (answer.ok) setOptions(answer.value);
      else setFailure(failed(answer.failure.message));
    });
    const before = document.activeElement;
    protocolField.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [transport]);

  const found = useMemo(() => offered(options?.protocols ?? [], typed, table), [options, typed, table]);
  const chosen = found[Math.min(at, found.length - 1)];
  const range = valueRange(value);
  useEffect(() => {
    if (at >= 0) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const take = async (next: readonly DecodeChoice[]): Promise<void> => setFailure((await actions.setDecodeAs(next)) ?? '');
  const add = async (protocol: string | undefined, of = table, values = range): Promise<void> => {
    if (values === null || protocol === undefined) return;
    await take(withChoice(choices, { table: of, ...values, protocol }));
    setTyped('');
    setAt(0);
  };
  // What was pressed before the offers came is done when they come, with what the form said then.
  useEffect(() => {
    const pressed = early.current;
    early.current = null;
    if (options === null || pressed === null) return;
    void add(offered(options.protocols, pressed.typed, pressed.table)[0]?.name, pressed.table, valueRange(pressed.value));
  }, [options]);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void add(chosen?.name);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Escape') actions.openDecode(null);
    else if (event.key === 'Enter' && options === null && event.target instanceof HTMLInputElement) early.current = { table, value, typed };
    else if (event.target === protocolField.current && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : found.length - 1;
      setAt((old) => (found.length === 0 ? 0 : (Math.min(old, found.length - 1) + step) % found.length));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section className="float decode" aria-label={words.title} onKeyDown={onKeyDown} data-testid="decode-panel">
      <header>
        <b>{words.title}</b>
        <span className="sp" />
        <button type="button" className="btn ghost ico small" aria-label={words.close} onClick={() => actions.openDecode(null)}>
          <X className="i" aria-hidden="true" />
        </button>
      </header>
      <p className="mid">{words.about}</p>
      <form onSubmit={onSubmit}>
        <label>
          <span>{words.table}</span>
          <select className="btn" value={table} onChange={(event) => setTable(event.target.value)} data-testid="decode-table">
            {(options?.tables ?? [table]).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label className="grow">
          <span>{words.value}</span>
          <input
            className="mono"
            value={value}
            aria-invalid={range === null}
            placeholder={words.valueHint}
            spellCheck={false}
            onChange={(event) => setValue(event.target.value)}
            data-testid="decode-value"
          />
        </label>
        <label className="whole">
          <span>{words.protocol}</span>
          <input
            ref={protocolField}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.name}`}
            aria-autocomplete="list"
            value={typed}
            placeholder={words.protocolHint}
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
              early.current = null;
            }}
            data-testid="decode-protocol"
          />
        </label>
        <div
          ref={list}
          className="offers"
          role="listbox"
          id={`${id}-list`}
          aria-label={words.protocol}
          tabIndex={-1}
          data-testid="decode-offers"
        >
          {found.map((each) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above, which names the option that is active
            <div
              key={each.name}
              id={`${id}-${each.name}`}
              role="option"
              tabIndex={-1}
              aria-selected={each === chosen}
              onClick={() => setAt(found.indexOf(each))}
              onDoubleClick={() => void add(each.name)}
            >
              <b className="mono">{each.name}</b> <span className="mid cut">{each.title}</span>
            </div>
          ))}
          {options !== null && found.length === 0 && <p className="dim">{words.noProtocol}</p>}
        </div>
        <button type="submit" className="btn pri" disabled={range === null || chosen === undefined} data-testid="decode-add">
          {words.add}
          {range !== null && chosen !== undefined && <span className="mono">{choiceText({ table, ...range, protocol: chosen.name })}</span>}
        </button>
        <output className="badc">{failure === '' ? '' : `${words.failed} ${failure}`}</output>
      </form>
      <div className="chosen" data-testid="decode-choices">
        <div className="row">
          <b>{words.chosen}</b>
          <span className="sp" />
          {choices.length > 1 && (
            <button type="button" className="btn ghost small" onClick={() => void take([])}>
              {words.removeAll}
            </button>
          )}
        </div>
        {choices.length === 0 && <p className="mid">{words.none}</p>}
        {choices.map((choice) => (
          <div className="row" key={choiceText(choice)}>
            <span className="mono cut">{choiceText(choice)}</span>
            <span className="sp" />
            <button
              type="button"
              className="btn ghost ico small"
              aria-label={words.remove(choiceText(choice))}
              onClick={() => void take(choices.filter((each) => each !== choice))}
            >
              <X className="i" aria-hidden="true" />
            </button>
          </div>
        ))}
      </div>
    </section>
  );
}
