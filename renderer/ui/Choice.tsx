import type { KeyboardEvent } from 'react';

interface ChoiceProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly testId: string;
}

/** One of a few, side by side. */
export function Choice<T extends string | number>({ label, value, options, onChange, testId }: ChoiceProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const at = options.findIndex(([each]) => each === value);
    const next = options[(at + step + options.length) % options.length];
    if (next === undefined) return;
    onChange(next[0]);
    event.currentTarget.querySelectorAll('button')[options.indexOf(next)]?.focus();
    event.preventDefault();
  };
  return (
    <div className="choice" role="radiogroup" aria-label={label} onKeyDown={onKeyDown} data-testid={testId}>
      {options.map(([each, text]) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio input cannot look like a segment of a bar
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={each === value}
          tabIndex={each === value ? 0 : -1}
          onClick={() => each !== value && onChange(each)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
