import { useEffect, useState } from 'react';
import { DecodePanel } from '../decode/DecodePanel.tsx';
import { focusFilter } from '../filter-bar/FilterBar.tsx';
import { KeyLogPanel } from '../keylog/KeyLogPanel.tsx';
import { Banners } from '../live/Banners.tsx';
import { StartScreen } from '../start/StartScreen.tsx';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { requestOpen, serveOpen } from '../ui/open-file.ts';
import { words } from '../words.ts';
import { Boundary } from './Boundary.tsx';
import { KeysOverlay } from './KeysOverlay.tsx';
import { LiveAnnouncer, StatusBar } from './StatusBar.tsx';
import { startShortcuts } from './shortcuts.ts';
import { TitleBar } from './TitleBar.tsx';
import { ViewBar, Views } from './Views.tsx';

export function App() {
  const { actions, transport } = useBackend();
  const name = useApp((state) => state.capture?.name ?? null);
  const open = name !== null;
  const ready = useApp((state) => state.settingsLoaded);
  useEffect(() => startShortcuts(actions), [actions]);
  useEffect(() => serveOpen(actions), [actions]);
  useEffect(
    () =>
      transport.onHost('command', (command) => {
        if (command === 'open') requestOpen();
        else if (command === 'find') focusFilter();
        else if (command === 'toggle-capture') void actions.toggleCapture();
        else if (command === 'save') void actions.save('pcapng', 'all');
        else void actions.closeCapture();
      }),
    [actions, transport],
  );
  const dropping = useDrop();
  const opening = useApp((state) => state.opening !== null);
  const behind = useBehind(ready && !open, opening);
  // The layout is among the settings: without them the panes would jump.
  if (!ready) return null;
  return (
    <div className="win">
      <TitleBar />
      {!open && <Banners />}
      {!open && (
        <Boundary name="start">
          <StartScreen />
        </Boundary>
      )}
      {(open || behind) && (
        <div className={open ? 'opened' : 'opened behind'}>
          {open && <h1 className="visually-hidden">{name}</h1>}
          <ViewBar />
          {open && <Banners />}
          <Boundary name="views">
            <Views />
          </Boundary>
        </div>
      )}
      <StatusBar />
      <KeysOverlay />
      {open && <DecodePanel />}
      <KeyLogPanel />
      <LiveAnnouncer />
      {dropping && <div className="dropping">{words.dropNow}</div>}
    </div>
  );
}

/** How long the start screen has stood before what comes after it is made, ms: it is not to be slower for it. */
const BEHIND_MS = 300;

/**
 * True once the page has time to make, unseen behind the start screen, what a capture is shown in: that takes longer than the engine takes for the first
 * rows of any file. `now`: a capture is on its way.
 */
function useBehind(wanted: boolean, now: boolean): boolean {
  const [made, setMade] = useState(false);
  useEffect(() => {
    if (wanted && now) setMade(true);
  }, [wanted, now]);
  useEffect(() => {
    if (!wanted) return;
    let idle = 0;
    const timer = window.setTimeout(() => {
      idle = requestIdleCallback(() => setMade(true), { timeout: 2000 });
    }, BEHIND_MS);
    return () => {
      window.clearTimeout(timer);
      cancelIdleCallback(idle);
      setMade(false);
    };
  }, [wanted]);
  return made;
}

/** Files can be dropped anywhere in the window. True while one is over it. */
function useDrop(): boolean {
  const { actions } = useBackend();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const enter = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const move = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void actions.openFile(file);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', move);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', move);
      window.removeEventListener('drop', drop);
    };
  }, [actions]);
  return over;
}
