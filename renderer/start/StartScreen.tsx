import { Download, FolderOpen, GraduationCap, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { LiveInterface } from '../../src/messages.ts';
import { moment, size } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { Logo } from '../ui/Logo.tsx';
import { requestOpen } from '../ui/open-file.ts';
import { words } from '../words.ts';
import { CaptureOff } from './CaptureOff.tsx';
import { HandshakePicture } from './HandshakePicture.tsx';
import { Interfaces, iconOf } from './Interfaces.tsx';

/** What shows while no capture is open. */
export function StartScreen() {
  const { actions } = useBackend();
  const ability = useApp((state) => state.ability);
  useEffect(() => {
    const timer = window.setInterval(() => void actions.readAbility(false), 1000);
    return () => window.clearInterval(timer);
  }, [actions]);
  const off = ability !== null && !ability.available;
  return (
    <main className="start" data-testid="start-screen">
      <div className="st-l">
        <section>
          <h2>
            {words.capture}
            {ability?.available === true && ability.interfaces.length > 0 && <span className="dim">{words.captureHint}</span>}
          </h2>
          {ability === null ? (
            <p className="dim">{words.liveUnknown}</p>
          ) : off ? (
            <CaptureOff ability={ability} />
          ) : (
            <Interfaces ability={ability} />
          )}
        </section>
        <Recent />
        <div className="drop" data-testid="drop-target">
          <Download className="i" aria-hidden="true" />
          <div>
            <b>{words.dropHere}</b>
            <div className="dim">{words.dropFact}</div>
          </div>
        </div>
        {off && ability.interfaces.length > 0 && <UnreadableInterfaces />}
      </div>
      <aside className="st-r">
        <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
          <Logo size={34} />
          <div>
            <h1>{words.app}</h1>
            <div className="mid">{words.motto}</div>
          </div>
        </div>
        <Sample />
        <Recovered />
        <div className="hintline">
          {words.keys.start.map(([key, what]) => (
            <span key={key}>
              <kbd>{key}</kbd> {what}
            </span>
          ))}
        </div>
      </aside>
    </main>
  );
}

function Recent() {
  const { actions } = useBackend();
  const recent = useApp((state) => state.recent);
  const browser = useApp((state) => state.info?.mode === 'browser');
  const path = useRef<HTMLInputElement>(null);
  const now = Date.now();
  return (
    <section>
      <h2>
        {words.recent}
        <span className="sp" />
        <button type="button" className="btn" onClick={() => requestOpen()} data-testid="open-file">
          <FolderOpen className="i" aria-hidden="true" />
          {words.openFile} <kbd>Ctrl O</kbd>
        </button>
      </h2>
      {recent.length === 0 ? (
        <p className="dim">{words.noRecent}</p>
      ) : (
        <div className="recbox" data-testid="recent-files">
          {recent.map((file) => (
            <div className="recrow" key={file.path}>
              <button type="button" className="open" title={file.path} onClick={() => actions.openPath(file.path, file.name)}>
                <span className="cut">
                  <b>{file.name}</b> <span className="dim">{file.folder}</span>
                </span>
                <span className="r">{file.bytes === null ? '' : size(file.bytes)}</span>
                <span className="r">{file.packets === null ? '' : words.all(file.packets)}</span>
                <span className="r">{moment(file.openedAt, now)}</span>
              </button>
              <button
                type="button"
                className="drop-it"
                aria-label={words.forget(file.name)}
                title={words.forget(file.name)}
                onClick={() => actions.forgetRecent(file.path)}
              >
                <X className="i" aria-hidden="true" />
              </button>
            </div>
          ))}
        </div>
      )}
      {browser && (
        <form
          className="pathline"
          onSubmit={(event) => {
            event.preventDefault();
            const value = path.current?.value.trim() ?? '';
            if (value !== '') void actions.openPath(value, value.split(/[\\/]/).pop() ?? value);
          }}
        >
          <input ref={path} aria-label={words.pathLabel} placeholder={words.pathHint} spellCheck={false} data-testid="open-path" />
          <button type="submit" className="btn">
            {words.open}
          </button>
        </form>
      )}
    </section>
  );
}

function Sample() {
  const { actions } = useBackend();
  const sample = useApp((state) => state.info?.sample ?? null);
  if (sample === null) return null;
  return (
    <section className="sample" data-testid="sample">
      <div className="pic">
        <HandshakePicture />
      </div>
      <div className="tx">
        <b>{words.sampleTitle}</b>
        <div className="mid">{words.sampleText}</div>
        <button type="button" className="btn" onClick={() => actions.openPath(sample, sample.split(/[\\/]/).pop() ?? sample)}>
          <GraduationCap className="i" aria-hidden="true" />
          {words.openSample}
        </button>
      </div>
    </section>
  );
}

function Recovered() {
  const { actions } = useBackend();
  const recovered = useApp((state) => state.recovered);
  if (recovered.length === 0) return null;
  const now = Date.now();
  return (
    <section data-testid="recovered">
      <h2>{words.recovered}</h2>
      {recovered.map((item) => (
        <div key={item.path} style={{ marginBottom: 12 }}>
          <div className="mid" style={{ lineHeight: 1.5 }}>
            {words.aCaptureOn} <b>{item.interface}</b> {words.recoveredText(moment(item.startedAt, now), item.packets, item.bytes)}
          </div>
          <div style={{ marginTop: 8, display: 'flex', gap: 6 }}>
            <button type="button" className="btn" onClick={() => actions.openPath(item.path, item.interface)}>
              {words.open}
            </button>
            <button type="button" className="btn ghost" onClick={() => actions.discardRecovered(item.path)}>
              {words.discard}
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}

function InterfaceIcon({ item }: { readonly item: LiveInterface }) {
  const Icon = iconOf(item);
  return <Icon className="i" aria-hidden="true" />;
}

function UnreadableInterfaces() {
  const interfaces = useApp((state) => state.ability?.interfaces ?? []);
  const permission = useApp((state) => state.ability?.failure?.code === 'permission');
  return (
    <section>
      <h2>
        {words.interfaces} <span className="dim">{words.notReadable}</span>
      </h2>
      <div className="iflist off">
        {interfaces.map((item) => (
          <div className="if" key={item.name}>
            <InterfaceIcon item={item} />
            <div className="nm cut">
              {item.name} <span className="dim">{item.addresses.join(' · ')}</span>
            </div>
            <div className="r">{permission ? words.noPermission : words.notAvailable}</div>
          </div>
        ))}
      </div>
    </section>
  );
}
