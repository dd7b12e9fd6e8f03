import type { GridApi } from 'ag-grid-community';
import { History } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RowSummary } from '../../src/messages.ts';
import { useBackend } from '../store/context.ts';
import { servicePort } from '../store/decode-wish.ts';
import { isStale, listLength, useApp } from '../store/state.ts';
import { copyText } from '../ui/clipboard.ts';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { words } from '../words.ts';
import { fieldOf, rowText } from './cell-filter.ts';
import { ListController } from './controller.ts';
import { EmptyList } from './EmptyList.tsx';
import { FollowStrip } from './FollowStrip.tsx';
import { GoTo } from './GoTo.tsx';
import { Grid, type MenuRequest } from './Grid.tsx';
import { Minimap } from './Minimap.tsx';

interface ContextMenu {
  readonly x: number;
  readonly y: number;
  readonly items: readonly MenuItem[];
}

/** A tooltip only where a cell is cut. */
function showWhatIsCut(event: MouseEvent): void {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.ag-cell') : null;
  if (cell === null) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? '';
  else cell.removeAttribute('title');
}

export function PacketList() {
  const { transport, actions } = useBackend();
  const box = useRef<HTMLDivElement>(null);
  const keys = useRef<(event: KeyboardEvent) => void>(() => {});
  const [menu, setMenu] = useState<ContextMenu | null>(null);
  const [going, setGoing] = useState(false);
  const [api, setApi] = useState<GridApi<RowSummary> | null>(null);
  const controller = useMemo(() => new ListController(transport, actions), [transport, actions]);
  const stale = useApp(isStale);
  const applied = useApp((state) => state.view?.filter ?? '');
  const empty = useApp(({ capture, view }) => listLength(capture, view) === 0);

  const openMenu = useCallback(
    async ({ row, column, port, x, y }: MenuRequest): Promise<void> => {
      const term = controller.columns.termOf(row, column, port);
      const check = term === null ? null : await transport.engine('checkFilter', { text: term });
      const valid = check?.ok === true && check.value.ok ? term : null;
      const has = useApp.getState().view?.filter !== '';
      const items: MenuItem[] = [];
      const add = (id: string, word: string, how: 'replace' | 'and' | 'or' | 'exclude', text: string): void => {
        items.push({
          id,
          label: (
            <>
              {word} <span className="mono">{text}</span>
            </>
          ),
          onChoose: () => void actions.filterOn(text, how),
        });
      };
      if (valid !== null) {
        add('filter', words.menu.on, 'replace', valid);
        if (has) {
          add('and', words.menu.and, 'and', valid);
          add('or', words.menu.or, 'or', valid);
        }
        add('exclude', words.menu.exclude, 'exclude', valid);
      }
      items.push(
        {
          id: 'copy',
          label: words.menu.copyValue,
          onChoose: () => void copyText(controller.columns.textOf(row, column)),
          divided: items.length > 0,
        },
        { id: 'copy-row', label: words.menu.copyRow, onChoose: () => void copyText(rowText(row)) },
      );
      const by = fieldOf(column) ?? column;
      const sorting = useApp.getState().view?.sorting ?? null;
      const down = sorting?.column === by && !sorting.descending;
      items.push({
        id: 'sort',
        label: down ? words.menu.sortDown : words.menu.sortUp,
        onChoose: () => void actions.sortRows(by, down),
        divided: true,
      });
      if (row.transport === 'tcp' && row.stream !== null) {
        const stream = row.stream;
        items.push({
          id: 'connection',
          label: words.menu.connection(stream),
          onChoose: () => actions.showConnection(stream),
          divided: true,
        });
      }
      const { transport: kind, stream } = row;
      if (kind !== null && stream !== null) {
        items.push({
          id: 'follow',
          label: words.menu.follow(kind, stream),
          // From its packet: the stream opens at what it brought.
          onChoose: () => {
            actions.selectRow(row.row);
            actions.showStream({ kind, stream });
          },
          divided: kind === 'udp',
        });
        const value =
          column === 'source'
            ? row.sourcePort
            : column === 'destination'
              ? row.destinationPort
              : servicePort(row.sourcePort, row.destinationPort);
        items.push({
          id: 'decode',
          label: words.decodeAs.port(kind, value),
          onChoose: () => actions.openDecode({ table: `${kind}.port`, value }),
        });
      }
      setMenu({ x, y, items });
    },
    [actions, transport, controller],
  );

  /** Where the pointer asked for the menu of a header: the grid does not tell. */
  const pointer = useRef({ x: 0, y: 0 });
  const openHeaderMenu = useCallback(
    (column: string): void => {
      const field = fieldOf(column);
      const by = field ?? column;
      const sorting = useApp.getState().view?.sorting ?? null;
      const items: MenuItem[] = [
        { id: 'sort-up', label: words.menu.sortUp, onChoose: () => void actions.sortRows(by, false) },
        { id: 'sort-down', label: words.menu.sortDown, onChoose: () => void actions.sortRows(by, true) },
      ];
      if (sorting !== null) items.push({ id: 'sort-none', label: words.menu.sortNone, onChoose: () => void actions.sortRows(null, false) });
      if (field !== null) {
        items.push({ id: 'column-away', label: words.menu.columnAway, onChoose: () => actions.toggleFieldColumn(field), divided: true });
      }
      setMenu({ ...pointer.current, items });
    },
    [actions],
  );

  useEffect(() => {
    const root = box.current;
    return api === null || root === null ? undefined : controller.start(api, root);
  }, [api, controller]);

  // Keys anywhere in the grid are handled before the grid sees them, so not by React, which would come later.
  useEffect(() => {
    const root = box.current;
    if (root === null) return;
    const onKey = (event: KeyboardEvent): void => keys.current(event);
    const onFocus = (event: FocusEvent): void => {
      if (event.target === root) controller.selection.focusSelected();
    };
    root.addEventListener('keydown', onKey, true);
    root.addEventListener('focus', onFocus);
    const onPointer = ({ clientX, clientY }: MouseEvent): void => {
      pointer.current = { x: clientX, y: clientY };
    };
    root.addEventListener('contextmenu', onPointer, true);
    root.addEventListener('mouseover', showWhatIsCut);
    return () => {
      root.removeEventListener('keydown', onKey, true);
      root.removeEventListener('focus', onFocus);
      root.removeEventListener('contextmenu', onPointer, true);
      root.removeEventListener('mouseover', showWhatIsCut);
    };
  }, [controller]);

  keys.current = (event) => {
    if (event.target instanceof HTMLInputElement || menu !== null) return;
    const { capture, selection } = useApp.getState();
    const ctrl = event.ctrlKey || event.metaKey;
    const take = (work: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    if (event.altKey) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      take(() => (ctrl ? void actions.step(step) : controller.selection.move(step)));
    } else if (event.key === 'PageDown' || event.key === 'PageUp') {
      take(() => controller.selection.move(event.key === 'PageDown' ? controller.place.page : -controller.place.page));
    } else if (event.key === 'Home') take(() => void controller.selection.select(0, true));
    else if (event.key === 'End') {
      take(() => {
        if (capture?.live === true && capture.phase === 'following') actions.followEvent({ kind: 'end' });
        else void controller.selection.select(controller.total - 1, true);
      });
    } else if (event.key === 'Enter' && selection.kind === 'packet') {
      const row = controller.rowAt(controller.selection.position);
      if (row?.transport === 'tcp' && row.stream !== null) {
        const stream = row.stream;
        take(() => actions.showConnection(stream));
      }
    } else if ((event.key === 'g' || event.key === 'G') && !ctrl) take(() => setGoing(true));
    else if ((event.key === 'm' || event.key === 'M') && !ctrl)
      take(() => void controller.selection.settled().then(() => actions.toggleMark()));
    else if ((event.key === 's' || event.key === 'S') && !ctrl) take(() => void actions.followSelected());
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const cell = api?.getFocusedCell();
      const row = cell ? controller.rowAt(controller.rows.positionOf(cell.rowIndex)) : undefined;
      const node = box.current?.querySelector('.ag-cell-focus');
      if (cell && row !== undefined && node) {
        const rect = node.getBoundingClientRect();
        take(() => openMenu({ row, column: cell.column.getColId(), port: false, x: rect.left + 12, y: rect.bottom }));
      }
    }
  };

  return (
    <section className={stale ? 'list stale' : 'list'} aria-label={words.packetList} data-testid="packet-list">
      {stale && (
        <div className="stalebar" role="status" data-testid="filter-stale">
          <History className="i" aria-hidden="true" />
          {applied === '' ? (
            words.stillShowingAll
          ) : (
            <span className="cut">
              {words.stillShowing} <span className="mono">{applied}</span>
            </span>
          )}
        </div>
      )}
      {/* A grid without rows has nothing to give the focus to: the list itself is the stop for Tab then. */}
      <div className="gridbox packet-grid" ref={box} tabIndex={empty ? 0 : -1} data-pane="list">
        <div className="grid" id="packet-list-grid" inert={empty}>
          <Grid controller={controller} onReady={setApi} onMenu={openMenu} onHeaderMenu={openHeaderMenu} />
        </div>
        <Minimap onScroll={(share) => controller.place.scrollTo(share)} />
        <EmptyList />
        {going && (
          <GoTo
            onGo={(row) => void controller.selection.goTo(row)}
            onClose={() => {
              setGoing(false);
              controller.selection.focusSelected();
            }}
          />
        )}
      </div>
      <FollowStrip />
      {menu !== null && (
        <Menu
          label={words.menu.label}
          items={menu.items}
          onClose={() => setMenu(null)}
          style={{ position: 'fixed', left: menu.x, top: menu.y }}
          testId="list-menu"
        />
      )}
    </section>
  );
}
