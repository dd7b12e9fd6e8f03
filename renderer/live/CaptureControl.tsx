import { ChevronDown, Download, EthernetPort, RotateCcw, Square } from 'lucide-react';
import { useState } from 'react';
import { byteRate, count } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { chosenInterfaces, isCapturing, RATE_SECONDS, useApp } from '../store/state.ts';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { Sparkline } from '../ui/Sparkline.tsx';
import { words } from '../words.ts';

/** Title bar, right side: what is being captured, or on which interface to start; saving beside it. */
export function CaptureControl() {
  const live = useApp((state) => state.live);
  const open = useApp((state) => state.capture !== null);
  if (isCapturing(live)) return <Recording />;
  return (
    <>
      {open && <StartControl />}
      {open && <SaveButton />}
    </>
  );
}

function Recording() {
  const { actions } = useBackend();
  const live = useApp((state) => state.live);
  const points = useApp((state) => state.ratePoints);
  if (live === null) return null;
  const starting = live.phase === 'starting';
  const peak = points.reduce((most, point) => Math.max(most, point.packets), 0);
  return (
    <>
      <div className="livebox" data-testid="live-box">
        <span className={starting ? 'recdot' : 'recdot on'} />
        <b>{live.interface}</b>
        {live.captureFilter !== '' && <span className="mono mid cut">{live.captureFilter}</span>}
        {starting ? (
          <span className="dim">{words.starting}</span>
        ) : (
          <>
            <Sparkline
              values={points.map((point) => point.packets)}
              slots={RATE_SECONDS}
              width={92}
              height={20}
              colour="var(--rec)"
              label={words.rateLine(peak)}
            />
            <span>
              <b className="num">{count(live.packetsPerSecond)}</b> {words.packetsPerSecond}
            </span>
            <span className="dim rate">{byteRate(live.bytesPerSecond)}</span>
          </>
        )}
      </div>
      <button
        type="button"
        className="btn pri"
        disabled={live.phase === 'stopping'}
        onClick={() => actions.stopCapture()}
        data-testid="stop-capture"
      >
        <Square className="i" aria-hidden="true" />
        {live.phase === 'stopping' ? words.stopping : words.stop} <kbd>Ctrl E</kbd>
      </button>
      <button
        type="button"
        className="btn ghost ico"
        aria-label={words.restartCapture}
        title={words.restartCapture}
        disabled={live.phase !== 'capturing'}
        onClick={() => actions.restartCapture()}
        data-testid="restart-capture"
      >
        <RotateCcw className="i" aria-hidden="true" />
      </button>
      <SaveButton />
    </>
  );
}

function StartControl() {
  const { actions } = useBackend();
  const ability = useApp((state) => state.ability);
  const settings = useApp((state) => state.settings);
  if (ability === null || !ability.available || ability.interfaces.length === 0) return null;
  const names = ability.interfaces.map((item) => item.name);
  const chosen = chosenInterfaces(ability, settings);
  const several = chosen.length > 1 ? chosen.join(', ') : null;
  return (
    <>
      <span className="select">
        <EthernetPort className="i" aria-hidden="true" />
        <select
          className="btn"
          aria-label={words.interface}
          value={several ?? chosen[0] ?? ''}
          onChange={(event) => actions.changeSettings({ lastInterfaces: event.target.value === several ? chosen : [event.target.value] })}
          data-testid="interface-select"
        >
          {several !== null && <option>{several}</option>}
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <ChevronDown className="i down" aria-hidden="true" />
      </span>
      <button
        type="button"
        className="btn"
        onClick={() => actions.startCapture(chosen, settings.captureFilter)}
        data-testid="start-capture"
      >
        <span className="recdot" />
        {words.startCapture} <kbd>Ctrl E</kbd>
      </button>
    </>
  );
}

/** Saves all packets, those displayed, or those marked, as pcapng or pcap. */
function SaveButton() {
  const { actions } = useBackend();
  const [open, setOpen] = useState(false);
  const packets = useApp((state) => state.capture?.packets ?? 0);
  const matched = useApp((state) => (state.view !== null && state.view.filter !== '' ? state.view.matched : null));
  const marked = useApp((state) => state.marked.size);
  if (packets === 0) return null;
  const items: MenuItem[] = [
    { id: 'all-pcapng', label: words.saveAll(packets, 'pcapng'), onChoose: () => void actions.save('pcapng', 'all') },
    { id: 'all-pcap', label: words.saveAll(packets, 'pcap'), onChoose: () => void actions.save('pcap', 'all') },
  ];
  if (matched !== null && matched > 0) {
    items.push(
      { id: 'view-pcapng', label: words.saveShown(matched, 'pcapng'), onChoose: () => void actions.save('pcapng', 'view'), divided: true },
      { id: 'view-pcap', label: words.saveShown(matched, 'pcap'), onChoose: () => void actions.save('pcap', 'view') },
    );
  }
  if (marked > 0) {
    items.push(
      {
        id: 'marked-pcapng',
        label: words.saveMarked(marked, 'pcapng'),
        onChoose: () => void actions.save('pcapng', 'marked'),
        divided: true,
      },
      { id: 'marked-pcap', label: words.saveMarked(marked, 'pcap'), onChoose: () => void actions.save('pcap', 'marked') },
    );
  }
  return (
    <span className="menu-wrap">
      <button
        type="button"
        className="btn ghost ico"
        aria-label={words.save}
        title={words.save}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="save-button"
      >
        <Download className="i" aria-hidden="true" />
      </button>
      {open && <Menu label={words.save} items={items} onClose={() => setOpen(false)} style={{ top: 30, right: 0 }} testId="save-menu" />}
    </span>
  );
}
