import { memo, useEffect, useSyncExternalStore } from 'react';
import { Group, type Layout, Panel, Separator } from 'react-resizable-panels';
import { Facets, FacetsStrip } from '../facets/Facets.tsx';
import { Inspector } from '../inspector/Inspector.tsx';
import { PacketList } from '../packet-list/PacketList.tsx';
import { useBackend } from '../store/context.ts';
import { kept } from '../store/kept.ts';
import { isCapturing, useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { Boundary } from './Boundary.tsx';

const useNarrowOpen = kept(false);

/** Below this width the inspector stands under the list, unless the user chose otherwise. */
const WIDE = window.matchMedia('(min-width: 1280px)');
/** Below this width the facets fold: beside them and the inspector, info would have no room. */
const WIDEST = window.matchMedia('(min-width: 1400px)');

const useMatch = (query: MediaQueryList): boolean =>
  useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );

/** Facets, list and inspector in panes that can be dragged; a double-click on a divider resets it. */
export const PacketsView = memo(function PacketsView() {
  const { actions } = useBackend();
  const wide = useMatch(WIDE);
  const widest = useMatch(WIDEST);
  const placeSetting = useApp((state) => state.settings.inspectorPlace);
  const layouts = useApp((state) => state.settings.layouts);
  const facetsWanted = useApp((state) => state.settings.facetsOpen);
  const place = placeSetting === 'auto' ? (wide ? 'right' : 'below') : placeSetting;
  // In a narrow window the facets open for the moment, whatever the setting for wide ones is.
  const [narrowOpen, setNarrowOpen] = useNarrowOpen();
  const facets = widest ? facetsWanted : narrowOpen;
  const showFacets = (open: boolean): void => (widest ? actions.changeSettings({ facetsOpen: open }) : setNarrowOpen(open));

  const keep = (name: string, ids: readonly string[]) => (layout: Layout, meta: { readonly isUserInteraction: boolean }) => {
    if (!meta.isUserInteraction) return;
    actions.changeSettings({ layouts: { ...useApp.getState().settings.layouts, [name]: ids.map((id) => layout[id] ?? 0) } });
  };
  const remembered = (name: string, ids: readonly string[]): Layout | undefined => {
    const numbers = layouts[name];
    if (numbers === undefined || numbers.length !== ids.length) return undefined;
    return Object.fromEntries(ids.map((id, index) => [id, numbers[index] ?? 0]));
  };

  const list = (
    <div className="panel">
      <Boundary name="packets">
        <PacketList />
      </Boundary>
    </div>
  );
  const inspector = (
    <div className="panel">
      <Boundary name="inspector">
        <InspectorPane place={place} />
      </Boundary>
    </div>
  );

  const columns = [...(facets ? ['facets-pane'] : []), 'list', ...(place === 'right' ? ['inspector-pane'] : [])];
  const name = `packets-${columns.join('-')}`;
  const bytesName = `rows-${place}`;
  return (
    <>
      {!facets && <FacetsStrip onOpen={() => showFacets(true)} />}
      <div className="grow">
        <Group key={name} orientation="horizontal" defaultLayout={remembered(name, columns)} onLayoutChanged={keep(name, columns)}>
          {facets && (
            <>
              <Panel id="facets-pane" defaultSize={180} minSize={140} maxSize={360} groupResizeBehavior="preserve-pixel-size">
                <Boundary name="facets">
                  <Facets onFold={() => showFacets(false)} />
                </Boundary>
              </Panel>
              <Separator className="divider" aria-label={words.resizePanes} />
            </>
          )}
          <Panel id="list" minSize={360}>
            {place === 'right' ? (
              list
            ) : (
              <Group
                key={bytesName}
                orientation="vertical"
                defaultLayout={remembered(bytesName, ['rows', 'below'])}
                onLayoutChanged={keep(bytesName, ['rows', 'below'])}
              >
                <Panel id="rows" minSize={120}>
                  {list}
                </Panel>
                <Separator className="divider" aria-label={words.resizePanes} />
                <Panel
                  id="below"
                  defaultSize={Math.round(Math.min(332, window.innerHeight * 0.45))}
                  minSize={180}
                  groupResizeBehavior="preserve-pixel-size"
                >
                  {inspector}
                </Panel>
              </Group>
            )}
          </Panel>
          {place === 'right' && (
            <>
              <Separator className="divider" aria-label={words.resizePanes} />
              <Panel id="inspector-pane" defaultSize={506} minSize={420} groupResizeBehavior="preserve-pixel-size">
                {inspector}
              </Panel>
            </>
          )}
        </Group>
      </div>
    </>
  );
});

function InspectorPane({ place }: { readonly place: 'right' | 'below' }) {
  const { actions } = useBackend();
  const detail = useApp((state) => (state.selection.kind === 'packet' ? state.detail : null));
  const damage = useApp((state) => (state.selection.kind === 'damage' ? state.damageDetail : null));
  const capture = useApp((state) => state.capture);
  const live = useApp((state) => state.live);
  const openCards = useApp((state) => state.settings.openCards);
  const pulse = useApp((state) => state.pulse);
  const layouts = useApp((state) => state.settings.layouts);
  const bytes = layouts[`bytes-${place}`]?.[0];
  const idle = useApp((state) => state.selection.kind === 'none' && state.capture?.live === true && isCapturing(state.live));
  useEffect(() => {
    if (!idle) return;
    void actions.readPulse();
    const timer = window.setInterval(() => void actions.readPulse(), 1000);
    return () => window.clearInterval(timer);
  }, [idle, actions]);
  return (
    <Inspector
      detail={detail}
      damage={damage}
      capture={capture}
      live={live}
      place={place}
      openCards={openCards}
      onOpenCards={(next) => actions.changeSettings({ openCards: next })}
      onStep={(step) => void actions.step(step)}
      onConnection={(stream) => actions.showConnection(stream)}
      onDecode={(table, value) => actions.openDecode({ table, value })}
      onKeyLog={() => actions.showKeyLog(true)}
      onFollow={(kind, stream) => actions.showStream({ kind, stream })}
      onFilter={(text, how) => void actions.filterOn(text, how)}
      onColumn={(abbrev) => actions.toggleFieldColumn(abbrev)}
      onGoToPacket={(row) => actions.selectRow(row)}
      pulse={pulse}
      {...(bytes === undefined ? {} : { bytesShare: bytes })}
      onBytesShare={(percent) =>
        actions.changeSettings({ layouts: { ...useApp.getState().settings.layouts, [`bytes-${place}`]: [percent] } })
      }
    />
  );
}
