import { Columns3 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

interface ChooserProps {
  readonly label: string;
  /** Id and name of each column. */
  readonly all: readonly (readonly [string, string])[];
  readonly seen: readonly string[];
  readonly onChange: (seen: readonly string[]) => void;
  /** Takes the user's choice back. */
  readonly onReset: () => void;
  readonly resetLabel: string;
  readonly testId: string;
}

/** A button that opens a list of columns; each can be shown or hidden, the list stays open meanwhile. */
export function Chooser({ label, all, seen, onChange, onReset, resetLabel, testId }: ChooserProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('button')?.focus();
    const outside = (event: Event): void => {
      const inside = event.target instanceof Node && (box.current?.contains(event.target) || button.current?.contains(event.target));
      if (!inside) setOpen(false);
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [open]);
  const rect = open ? button.current?.getBoundingClientRect() : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' || event.key === 'Tab') {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + items.length) % items.length]?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== ' ') event.preventDefault();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="tool"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid={testId}
      >
        <Columns3 size={14} aria-hidden />
      </button>
      {open && (
        <div
          ref={box}
          className="float menu chooser"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          style={{
            position: 'fixed',
            right: Math.max(4, window.innerWidth - (rect?.right ?? 0)),
            top: (rect?.bottom ?? 0) + 2,
            maxHeight: `calc(100vh - ${(rect?.bottom ?? 0) + 8}px)`,
          }}
          onKeyDown={onKeyDown}
          data-testid={`${testId}-list`}
        >
          {all.map(([id, name]) => (
            <button
              key={id}
              type="button"
              role="menuitemcheckbox"
              tabIndex={-1}
              aria-checked={seen.includes(id)}
              onClick={() => onChange(seen.includes(id) ? seen.filter((each) => each !== id) : [...seen, id])}
              data-testid={`column-${id}`}
            >
              <i aria-hidden />
              {name}
            </button>
          ))}
          <hr />
          <button type="button" role="menuitem" tabIndex={-1} onClick={onReset}>
            {resetLabel}
          </button>
        </div>
      )}
    </>
  );
}
