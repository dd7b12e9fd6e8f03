import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

export interface MenuItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly onChoose: () => void;
  /** A line above this item. */
  readonly divided?: boolean;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
  readonly style?: React.CSSProperties;
  readonly testId: string;
}

/** A small menu: arrows move, Enter chooses, Esc and a click elsewhere close; the focus goes back to where it was. */
export function Menu({ label, items, onClose, style, testId }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close.current();
    };
    document.addEventListener('pointerdown', outside, true);
    window.addEventListener('blur', outside);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('blur', outside);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  useEffect(() => {
    const node = box.current;
    if (node === null || node.style.position !== 'fixed') return;
    const rect = node.getBoundingClientRect();
    if (rect.right > window.innerWidth) node.style.left = `${Math.max(4, window.innerWidth - rect.width - 8)}px`;
    if (rect.bottom > window.innerHeight) node.style.top = `${Math.max(4, window.innerHeight - rect.height - 8)}px`;
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all[all.length - 1]?.focus();
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    event.stopPropagation();
    if (event.key.startsWith('Arrow')) event.preventDefault();
  };

  return (
    <div
      className="float menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      ref={box}
      style={style}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      {items.map((item) => (
        <div key={item.id} style={{ display: 'contents' }} role="none">
          {item.divided && <hr />}
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid={`menu-${item.id}`}
            onClick={() => {
              onClose();
              item.onChoose();
            }}
          >
            {item.label}
          </button>
        </div>
      ))}
    </div>
  );
}
