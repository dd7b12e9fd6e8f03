import { useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { type CaptureState, CONVERSATION_KINDS, type ConversationKind, type Transport, type ViewState } from '../../src/messages.ts';
import { count, percent } from '../format.ts';
import { kept } from '../store/kept.ts';
import { Choice } from '../ui/Choice.tsx';
import '../ui/table-view.css';
import { useTick } from '../ui/useTick.ts';
import { PairsTable } from './PairsTable.tsx';
import { Rate } from './Rate.tsx';
import './statistics.css';
import { Lengths, Protocols } from './Tables.tsx';
import { type Piece, useStatistics } from './useStatistics.ts';
import { words } from './words.ts';

export interface StatisticsProps {
  readonly transport: Transport;
  readonly capture: CaptureState;
  readonly view: ViewState | null;
  readonly onFilter: (text: string, how: 'replace' | 'and') => void;
  readonly onShowPacket: (row: number) => void;
}

/** How often a growing capture is counted on, in ms. */
const REFRESH_MS = 500;
const SECTIONS = ['protocols', 'conversations', 'endpoints', 'lengths'] as const;
type Section = (typeof SECTIONS)[number];
const useSection = kept<Section>('protocols');
const useKind = kept<ConversationKind | null>(null, 'capture');
const usePiece = kept<Piece | null>(null, 'capture');

/** What the packets of the filter are, counted: rates over time above, protocols, conversations, endpoints and lengths below. */
export function Statistics({ transport, capture, view, onFilter, onShowPacket }: StatisticsProps) {
  const [section, setSection] = useSection();
  const [chosenKind, setKind] = useKind();
  const [piece, setPiece] = usePiece();
  const [found, setFound] = useState<{ of: string; total: number } | null>(null);
  const identity = `${capture.capture} ${view?.view ?? 0}`;
  const growth = `${capture.packets} ${capture.phase} ${view?.matched ?? 0} ${view?.complete === true}`;
  const tick = useTick(growth, REFRESH_MS);
  const { statistics, failure } = useStatistics(transport, identity, tick, piece);
  if (failure !== null) return <p className="stat-message">{`${words.failed} ${failure}`}</p>;
  if (statistics === null) return <div className="stat" data-testid="statistics" />;
  const filter = view?.filter ?? '';
  const only = (text: string): void => onFilter(text, filter === '' ? 'replace' : 'and');
  const complete = statistics.counted >= statistics.total;
  const kind = chosenKind ?? CONVERSATION_KINDS.find((each) => each !== 'ip' && statistics.conversations[each] > 0) ?? 'ip';
  const pairs = section === 'conversations' || section === 'endpoints';
  const shown = `${section} ${kind}`;
  return (
    <div className="stat" data-testid="statistics">
      <Group orientation="vertical" className="tv-panes">
        <Panel id="rate" defaultSize="36%" minSize={110} style={{ overflow: 'hidden' }}>
          <Rate statistics={statistics} piece={piece} onPiece={setPiece} onFilter={only} onShowPacket={onShowPacket} />
        </Panel>
        <Separator className="tv-divider" aria-label={words.resize} />
        <Panel id="tables" minSize={120} style={{ overflow: 'hidden' }}>
          <div className="stat-lower">
            <div className="stat-bar">
              <Choice
                label={words.section}
                value={section}
                options={SECTIONS.map((each) => [each, words.sections[each]] as const)}
                onChange={setSection}
                testId="stat-section"
              />
              {pairs && (
                <Choice
                  label={words.kind}
                  value={kind}
                  options={CONVERSATION_KINDS.map((each) => {
                    const n = section === 'conversations' ? ` ${count(statistics.conversations[each])}` : '';
                    return [each, `${each.toUpperCase()}${n}`] as const;
                  })}
                  onChange={setKind}
                  testId="stat-kind"
                />
              )}
              <span className="sp" />
              <span className="said" role="status" data-testid="stat-progress">
                {complete ? words.packets(statistics.packets) : words.counting(percent(statistics.counted, statistics.total))}
              </span>
            </div>
            {statistics.packets === 0 && complete ? (
              <div className="stat-message">
                <p>{words.none}</p>
                {filter !== '' && (
                  <button type="button" className="stat-button" onClick={() => onFilter('', 'replace')}>
                    {words.clearFilter}
                  </button>
                )}
              </div>
            ) : section === 'protocols' ? (
              <Protocols statistics={statistics} onFilter={only} />
            ) : section === 'lengths' ? (
              <Lengths statistics={statistics} onFilter={only} />
            ) : complete && found?.of === shown && found.total === 0 && statistics.conversations[kind] === 0 ? (
              <p className="stat-message">{words.noneOf(kind.toUpperCase())}</p>
            ) : (
              <PairsTable
                transport={transport}
                identity={identity}
                tick={tick}
                table={section === 'endpoints' ? 'endpoints' : 'conversations'}
                kind={kind}
                onFilter={only}
                onTotal={(total) => setFound({ of: shown, total })}
              />
            )}
          </div>
        </Panel>
      </Group>
    </div>
  );
}
