import { Filter, Network } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FollowKind, FollowSummary, FollowTarget, Transport } from '../../src/messages.ts';
import { count, percent } from '../format.ts';
import { kept } from '../store/kept.ts';
import { Choice } from '../ui/Choice.tsx';
import { fileName } from '../ui/download.ts';
import { CHARSETS, type Charset, encode, isWide } from './charsets.ts';
import { CHARSET_NAMES, LAYER_NAMES } from './names.ts';
import { SearchBox } from './SearchBox.tsx';
import { type Goal, StreamPane } from './StreamPane.tsx';
import { type Form, hexOf, isAbove, searchedBytes } from './stream-text.ts';
import { Take } from './Take.tsx';
import { MOST_MATCHES, useSearch } from './useSearch.ts';
import { useStream } from './useStream.ts';
import { words } from './words.ts';

export interface StreamViewProps {
  readonly transport: Transport;
  /** Number of the capture, and of how it was read. */
  readonly identity: string;
  /** Changes when the capture has grown. */
  readonly tick: number;
  readonly kind: 'tcp' | 'udp';
  readonly stream: number;
  readonly captureName: string;
  /** The selected packet, if it belongs to this stream. */
  readonly selectedRow: number | null;
  readonly onSelectRow: (row: number) => void;
  readonly onShowPacket: (row: number) => void;
  readonly onConnection: () => void;
  readonly onFilter: (text: string) => void;
}

const FORMS: readonly Form[] = ['text', 'hex', 'raw'];

const useAbove = kept<{ place: string; kind: FollowKind } | null>(null, 'capture');
const useSide = kept<0 | 1 | undefined>(undefined, 'capture');
const useForm = kept<Form>('text');
const useCharset = kept<Charset>('utf-8');

/** One stream: what both sides sent, to read, search, copy and save. */
export function StreamView(props: StreamViewProps) {
  const { transport, identity, tick, kind, stream, selectedRow } = props;
  /** What is followed: the stream's bytes as they were carried, or a protocol's messages in them. */
  const [layer, setLayer] = useAbove();
  // The next stream may not have such messages.
  const place = `${identity}/${kind}/${stream}`;
  const above = layer?.place === place ? layer.kind : null;
  const [side, setSide] = useSide();
  const [form, setForm] = useForm();
  const [charset, setCharset] = useCharset();
  const [goal, setGoal] = useState<Goal | null>(null);
  const as = above ?? kind;
  const key = `${identity}/${as}/${stream}/${side ?? ''}`;
  const target = useMemo<FollowTarget>(() => ({ kind: as, stream, ...(side === undefined ? {} : { side }) }), [as, stream, side]);

  const top = useRef(0);
  const { ready, failure, version } = useStream(transport, key, target, tick, top);

  // The selected packet's bytes come into sight, unless it was selected here.
  const own = useRef<number | null>(null);
  const isReady = ready !== null;
  useEffect(() => {
    if (selectedRow === null || !isReady || own.current === selectedRow) return;
    own.current = null;
    let stale = false;
    void transport.engine('followPieceOf', { ...target, row: selectedRow }).then((answer) => {
      if (!stale && answer.ok) setGoal({ piece: answer.value.piece, align: 'center' });
    });
    return () => {
      stale = true;
    };
  }, [transport, target, selectedRow, isReady]);

  const [typed, setTyped] = useState('');
  const [hexSearch, setHexSearch] = useState(false);
  const asBytes = hexSearch || (charset !== 'utf-8' && typed !== '' && (isWide(charset) || /[^\0-\x7f]/.test(typed)));
  // The engine looks for UTF-8 or for bytes: a text in another character set is looked for as what it is there.
  const bytes = hexSearch ? searchedBytes(typed) : asBytes ? hexOf(encode(typed, charset)) : typed;
  const topOf = useCallback(() => top.current, []);
  const wanted = useDelayed(bytes ?? '', 150);
  const search = useSearch(transport, ready === null ? null : target, ready === null ? '' : key, wanted, asBytes ? 'hex' : 'text', topOf);
  const match = search.matches[search.current];
  useEffect(() => {
    if (match !== undefined) setGoal({ piece: match.piece, start: match.start + match.length - 1, align: 'center' });
  }, [match]);

  const onPacket = useCallback(
    (row: number): void => {
      own.current = row;
      props.onSelectRow(row);
    },
    [props.onSelectRow],
  );
  const onTop = useCallback((piece: number): void => {
    top.current = piece;
  }, []);

  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      field.current?.focus();
      field.current?.select();
      event.preventDefault();
    } else if (event.key === 'F3') {
      search.step(event.shiftKey ? -1 : 1);
      event.preventDefault();
    }
  };

  if (failure !== null) {
    return (
      <p className="str-message" role="alert">
        {words.failed} {failure}
      </p>
    );
  }
  if (ready === null) return <p className="str-message">{words.reading}</p>;
  const { summary } = ready;
  const names = namesOf(summary);
  const chosen = side === undefined ? ([0, 1] as const) : ([side] as const);
  const sum = (of: readonly [number, number]): number => chosen.reduce<number>((total, each) => total + of[each], 0);
  const missing = summary.missing[0] + summary.missing[1];
  const found =
    typed === '' ? '' : bytes === null ? (hexSearch ? words.badHex : words.noMatch) : foundText(wanted, search, ready.pages.total);
  return (
    <section ref={box} className="str-view" aria-label={words.content} onKeyDown={onKeyDown} data-testid="stream-view">
      <header className="str-head">
        <Sides summary={summary} names={names} />
        {missing > 0 && <span className="warnc">{words.missing(words.bytes(missing, count(missing)), isAbove(as))}</span>}
        <span className="sp" />
        <Take
          transport={transport}
          target={target}
          form={form}
          charset={charset}
          bytes={sum(summary.bytes) - sum(summary.missing)}
          missing={sum(summary.missing)}
          whole={summary.whole}
          name={fileName(
            props.captureName.replace(/\.(?:pcapng|pcap|cap)(?:\.gz)?$/i, ''),
            as,
            String(stream),
            ...(side === undefined ? [] : [names[side].toLowerCase()]),
          )}
        />
        {kind === 'tcp' && (
          <button
            type="button"
            className="btn ghost ico small"
            aria-label={words.showConnection}
            title={words.showConnection}
            onClick={props.onConnection}
          >
            <Network className="i" aria-hidden="true" />
          </button>
        )}
        <button
          type="button"
          className="btn ghost ico small"
          aria-label={words.onlyPackets}
          title={`${words.onlyPackets}: ${kind}.stream == ${stream}`}
          onClick={() => props.onFilter(`${kind}.stream == ${stream}`)}
        >
          <Filter className="i" aria-hidden="true" />
        </button>
      </header>
      <div className="str-tools">
        {summary.above.length > 0 && (
          <Choice
            label={words.layer}
            value={as}
            options={[[kind, words.asSent], ...summary.above.map((each) => [each, LAYER_NAMES[each]] as const)]}
            onChange={(next) => setLayer(next === kind ? null : { place, kind: next })}
            testId="stream-layer"
          />
        )}
        <Choice
          label={words.direction}
          value={side ?? 2}
          options={[
            [2, words.both],
            [0, names[0]],
            [1, names[1]],
          ]}
          onChange={(next) => setSide(next === 2 ? undefined : (next as 0 | 1))}
          testId="stream-side"
        />
        <Choice
          label={words.form}
          value={form}
          options={FORMS.map((each) => [each, words.forms[each]])}
          onChange={setForm}
          testId="stream-form"
        />
        {form === 'text' && (
          <select
            className="btn small str-charset"
            aria-label={words.charset}
            value={charset}
            onChange={(event) => setCharset(event.target.value as Charset)}
            data-testid="stream-charset"
          >
            {CHARSETS.map((each) => (
              <option key={each} value={each}>
                {CHARSET_NAMES[each]}
              </option>
            ))}
          </select>
        )}
        <SearchBox
          field={field}
          typed={typed}
          onType={setTyped}
          asHex={hexSearch}
          onAsHex={setHexSearch}
          found={found}
          canStep={match !== undefined}
          onStep={search.step}
        />
      </div>
      {summary.sealed && as === 'tcp' && (
        <p className="str-note" role="note" data-testid="stream-sealed">
          {words.sealed}
        </p>
      )}
      {sum(summary.bytes) === 0 ? (
        <p className="str-message" role="status">
          {!summary.whole ? words.reading : side === undefined ? words.nothingSent : words.sideSilent(names[side])}
        </p>
      ) : (
        <StreamPane
          key={key}
          pages={ready.pages}
          version={version}
          form={form}
          charset={charset}
          names={names}
          nodes={summary.nodes}
          below={isAbove(as)}
          matches={search.matches}
          current={search.current}
          selectedRow={selectedRow}
          goal={goal}
          onPacket={onPacket}
          onShowPacket={props.onShowPacket}
          onTop={onTop}
        />
      )}
    </section>
  );
}

/** Who sent how much. */
function Sides({ summary, names }: { readonly summary: FollowSummary; readonly names: readonly [string, string] }) {
  return (
    <span className="four">
      {[0, 1].map((each) => (
        <span key={each} className={`str-side side-${each}`}>
          <i aria-hidden />
          <b>{names[each]}</b> <span className="mono">{summary.nodes[each]}</span>{' '}
          <span className="dim">
            {summary.whole ? words.bytes(summary.bytes[each] as number, count(summary.bytes[each] as number)) : '…'}
          </span>
        </span>
      ))}
    </span>
  );
}

/** What the sides are called: client and server, or by who sent first. */
function namesOf({ client }: Pick<FollowSummary, 'client'>): readonly [string, string] {
  const { sides } = words;
  if (client === null) return [sides.first, sides.second];
  return client === 0 ? [sides.client, sides.server] : [sides.server, sides.client];
}

function useDelayed(value: string, ms: number): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return late;
}

/** How many matches there are. @param total pieces of the stream */
function foundText(wanted: string, { failure, matches, current, going, searched }: ReturnType<typeof useSearch>, total: number): string {
  if (wanted === '') return '';
  if (failure !== '') return failure;
  if (matches.length === 0 && !going) return words.noMatch;
  const all = matches.length >= MOST_MATCHES ? words.tooMany(count(MOST_MATCHES)) : count(matches.length);
  return words.matches(current < 0 ? '' : count(current + 1), all, going) + (going ? ` · ${percent(searched, total)}` : '');
}
