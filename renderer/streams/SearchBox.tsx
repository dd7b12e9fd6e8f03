import { ArrowDown, ArrowUp, Search as SearchIcon } from 'lucide-react';
import type { RefObject } from 'react';
import { words } from './words.ts';

export interface SearchBoxProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** What is typed are bytes in hexadecimal. */
  readonly asHex: boolean;
  readonly onAsHex: (on: boolean) => void;
  /** How many were found, or what is wrong; may be empty. */
  readonly found: string;
  readonly canStep: boolean;
  /** To the next match (1) or the one before (-1). */
  readonly onStep: (by: 1 | -1) => void;
}

/** The field to search a stream with. */
export function SearchBox({ field, typed, onType, asHex, onAsHex, found, canStep, onStep }: SearchBoxProps) {
  return (
    <search className="str-search">
      <SearchIcon className="i" aria-hidden="true" />
      <input
        ref={field}
        value={typed}
        aria-label={words.search}
        placeholder={words.searchHint[asHex ? 'hex' : 'text']}
        spellCheck={false}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape' && typed !== '') {
            onType('');
            event.preventDefault();
          } else return;
          event.stopPropagation();
        }}
        data-testid="stream-search"
      />
      <span className="n" role="status" data-testid="stream-matches">
        {found}
      </span>
      <button
        type="button"
        className="str-toggle"
        aria-pressed={asHex}
        title={words.hexBytesTitle}
        onClick={() => onAsHex(!asHex)}
        data-testid="stream-search-hex"
      >
        {words.hexBytes}
      </button>
      <button
        type="button"
        aria-label={words.previous}
        title={`${words.previous} (Shift F3)`}
        disabled={!canStep}
        onClick={() => onStep(-1)}
        data-testid="stream-previous"
      >
        <ArrowUp className="i" aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-label={words.next}
        title={`${words.next} (F3)`}
        disabled={!canStep}
        onClick={() => onStep(1)}
        data-testid="stream-next"
      >
        <ArrowDown className="i" aria-hidden="true" />
      </button>
    </search>
  );
}
