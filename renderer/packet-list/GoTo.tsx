import { useEffect, useRef } from 'react';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';

/** A small field for a packet number. */
export function GoTo({ onGo, onClose }: { readonly onGo: (row: number) => void; readonly onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const last = useApp((state) => state.capture?.packets ?? 0);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      className="float goto"
      data-testid="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        const number = Number((input.current?.value ?? '').replace(/[\s,]/g, ''));
        if (!Number.isInteger(number) || number < 1) return;
        onGo(number - 1);
        onClose();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <label htmlFor="go-to-number">{words.goTo}</label>
      <input id="go-to-number" ref={input} inputMode="numeric" placeholder={words.goToHint(last)} />
      <button type="submit" className="btn small">
        {words.go}
      </button>
    </form>
  );
}
