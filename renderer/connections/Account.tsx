import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import type { AccountFact, Transport } from '../../src/messages.ts';
import { sentences, accountWords as words } from '../../src/words/account-words.ts';
import { count } from '../format.ts';
import { kept } from '../store/kept.ts';
import { useMedia } from '../ui/media.ts';
import { part } from '../ui/part.ts';
import { useAgain } from '../ui/useAgain.ts';
import { words as table } from './words.ts';

const Graph = part(async () => (await import('./Graph.tsx')).Graph, <div className="con-graph" />);

export interface AccountProps {
  readonly transport: Transport;
  /** Number of the capture: another one has other facts. */
  readonly capture: number;
  readonly stream: number;
  /** Changes when the capture has grown: the account is then made again. */
  readonly tick: number;
  readonly selectedRow: number | null;
  readonly onSelectRow: (row: number) => void;
}

/** Under the ladder, not beside it: 1279 px as in the style sheets. */
const NARROW = '(max-width: 1279px)';
/** So low that account and ladder cannot both be read: the ladder has the room until the user opens the account. */
const LOW = '(max-height: 799px)';
const useOpen = kept<boolean | null>(null);

/** What happened on a connection, in sentences with links to the packets that prove them. */
export function Account({ transport, capture, stream, tick, selectedRow, onSelectRow }: AccountProps) {
  const [account, setAccount] = useState<{ stream: number; facts: readonly AccountFact[] } | null>(null);
  const [failed, setFailed] = useState(false);
  useAgain(`${capture} ${stream}`, tick, async (over) => {
    const answer = await transport.engine('account', { stream });
    if (over()) return;
    setFailed(!answer.ok);
    if (answer.ok) setAccount({ stream, facts: answer.value });
  });
  const facts = account?.stream === stream ? account.facts : [];
  const narrow = useMedia(NARROW);
  const low = useMedia(LOW);
  const [wanted, setOpen] = useOpen();
  const open = !narrow || (wanted ?? !low);
  const Chevron = open ? ChevronDown : ChevronUp;
  const title = (
    <h2>
      {narrow ? (
        <button
          type="button"
          className="con-fold"
          aria-expanded={open}
          title={open ? table.foldAccount : table.openAccount}
          onClick={() => setOpen(!open)}
          data-testid="fold-account"
        >
          <Chevron size={13} aria-hidden /> {words.title}
        </button>
      ) : (
        words.title
      )}{' '}
      <small>{open ? words.links : gist(facts)}</small>
    </h2>
  );
  if (!open) {
    return (
      <section className="con-account folded" data-testid="account" aria-label={words.title}>
        {title}
      </section>
    );
  }
  return (
    <section className="con-account" data-testid="account" aria-label={words.title}>
      {title}
      {failed && <p>{words.failed}</p>}
      <ul>
        {facts.map((fact) => (
          <li key={`${fact.kind} ${fact.values.who ?? ''}`} className={fact.tone}>
            {sentences[fact.kind](fact.values)}{' '}
            {fact.rows.map((row) => (
              <button
                key={row}
                type="button"
                aria-label={words.packet(count(row + 1))}
                aria-pressed={row === selectedRow}
                onClick={() => onSelectRow(row)}
              >
                {count(row + 1)}
              </button>
            ))}
          </li>
        ))}
      </ul>
      <Graph
        {...{ transport, capture, stream, tick, selectedRow, onSelectRow }}
        side={account?.stream === stream || failed ? busier(facts) : null}
      />
    </section>
  );
}

/** The side that sent more octets. */
function busier(facts: readonly AccountFact[]): 'client' | 'server' {
  const values = facts.find((fact) => fact.kind === 'exchanged')?.values;
  return Number(values?.serverBytes ?? 0) > Number(values?.clientBytes ?? 0) ? 'server' : 'client';
}

/** The sentence that says most in one line: of trouble if there is any, or else how it ended. */
function gist(facts: readonly AccountFact[]): string {
  const fact = facts.find(({ tone }) => tone === 'bad') ?? facts.find(({ tone }) => tone === 'warn') ?? facts.at(-1);
  return fact === undefined ? '' : sentences[fact.kind](fact.values);
}
