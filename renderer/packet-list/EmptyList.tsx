import { Filter, Inbox, Radio } from 'lucide-react';
import type { ReactNode } from 'react';
import { useBackend } from '../store/context.ts';
import { listLength, useApp } from '../store/state.ts';
import { requestOpen } from '../ui/open-file.ts';
import { words } from '../words.ts';

/** What an empty list says: what was looked at, why nothing shows, and the next step. */
export function EmptyList() {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture);
  const view = useApp((state) => state.view);
  const live = useApp((state) => state.live);
  const facets = useApp((state) => state.facets);
  if (capture === null || listLength(capture, view) > 0) return null;

  if (view !== null && view.filter !== '') {
    const ports = facets.find((facet) => facet.id === 'ports')?.values.slice(0, 4) ?? [];
    const best = ports[0];
    const growing = !view.complete || capture.phase === 'reading' || capture.phase === 'following';
    return (
      <Empty icon={<Filter className="i" aria-hidden="true" />} title={growing ? words.empty.noneYet : words.empty.none}>
        <p>
          {words.empty.lookedAt(view.scanned, growing)} {words.empty.ports(ports.map((port) => port.label))}
        </p>
        <div className="acts">
          <button type="button" className="btn" onClick={() => actions.applyText('', false)}>
            {words.empty.remove}
          </button>
          {best !== undefined && (
            <button type="button" className="btn" onClick={() => actions.filterOn(best.filter, 'replace')}>
              {words.empty.tryPort(best.label)}
            </button>
          )}
        </div>
      </Empty>
    );
  }
  if (capture.live) {
    const running = capture.phase === 'following';
    return (
      <Empty icon={<Radio className="i" aria-hidden="true" />} title={running ? words.empty.waiting : words.empty.liveNothing}>
        <p>{running ? words.empty.waitingText(capture.name, live?.captureFilter ?? '') : words.empty.liveNothingText(capture.name)}</p>
      </Empty>
    );
  }
  const reading = capture.phase === 'reading';
  return (
    <Empty icon={<Inbox className="i" aria-hidden="true" />} title={reading ? words.empty.reading : words.empty.noPackets}>
      <p>{reading ? words.empty.readingText(capture.name) : words.empty.noPacketsFile(capture.format, capture.fileBytes)}</p>
      {!reading && (
        <div className="acts">
          <button type="button" className="btn" onClick={() => requestOpen()}>
            {words.empty.openAnother}
          </button>
        </div>
      )}
    </Empty>
  );
}

function Empty({ icon, title, children }: { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="empty" role="status" data-testid="list-empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}
