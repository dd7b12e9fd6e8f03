import { Cable, Layers, ListFilter, type LucideIcon, Network, Repeat, Wifi } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { CaptureAbility, LiveInterface } from '../../src/messages.ts';
import { byteRate, count } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { kept } from '../store/kept.ts';
import { ACTIVITY_SAMPLES, rateNow, rates, useApp } from '../store/state.ts';
import { Sparkline } from '../ui/Sparkline.tsx';
import { words } from '../words.ts';
import { CaptureOptions } from './CaptureOptions.tsx';

const optionId = (name: string): string => `interface-${name}`;

/** Shape for what kind of interface it is, as far as its name tells. */
export function iconOf(item: LiveInterface): LucideIcon {
  if (item.name === 'any') return Layers;
  if (item.loopback) return Repeat;
  if (/^(wl|wlan|wifi)/i.test(item.name)) return Wifi;
  if (/^(docker|br-|veth|virbr|bridge|tun|tap)/i.test(item.name)) return Network;
  return Cable;
}

const useFilter = kept<string | null>(null);
const usePicked = kept<string | null>(null);
const useAlso = kept<readonly string[] | null>(null);

/** What libpcap says of 'any' is said below its name, in the language of the window. */
function descriptionOf(item: LiveInterface): string {
  return item.name === 'any' ? '' : (item.description ?? (item.loopback ? words.loopback : ''));
}

/** Interfaces with what they carry now; one is chosen, Enter or a double-click starts it. */
export function Interfaces({ ability }: { readonly ability: CaptureAbility }) {
  const { actions } = useBackend();
  const settings = useApp((state) => state.settings);
  const settingsLoaded = useApp((state) => state.settingsLoaded);
  const activity = useApp((state) => state.activity);
  const [filter, setFilter] = useFilter();
  const [picked, setPicked] = usePicked();
  const [chosenToo, setAlso] = useAlso();
  const also = chosenToo ?? settings.lastInterfaces.slice(1);
  const items = ability.interfaces;
  const wanted = picked ?? settings.lastInterfaces[0];
  const chosen = items.find((item) => item.name === wanted) ?? items[0];
  const captureFilter = filter ?? settings.captureFilter;
  if (chosen === undefined) return <p className="dim">{words.noInterfaces}</p>;

  const together = items.filter((item) => item !== chosen && also.includes(item.name)).map((item) => item.name);
  const start = (name: string): void =>
    void actions.startCapture([name, ...together.filter((other) => other !== name)], captureFilter.trim());
  const toggle = (name: string): void => setAlso(also.includes(name) ? also.filter((other) => other !== name) : [...also, name]);
  const choose = (name: string): void => {
    setPicked(name);
    document.getElementById(optionId(name))?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = items.indexOf(chosen);
    // Enter on the button beside the name starts by itself.
    if (event.key === 'Enter' && event.target instanceof Element && event.target.matches('.pick')) start(chosen.name);
    else if (event.key === 'ArrowDown') choose(items[Math.min(items.length - 1, at + 1)]?.name ?? chosen.name);
    else if (event.key === 'ArrowUp') choose(items[Math.max(0, at - 1)]?.name ?? chosen.name);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <ul className="iflist" aria-label={words.interface} onKeyDown={onKeyDown} data-testid="interfaces">
        {items.map((item) => {
          const samples = activity[item.name] ?? [];
          const now = rateNow(samples);
          const Icon = iconOf(item);
          const on = item === chosen;
          return (
            <li key={item.name} className={on ? 'if on' : 'if'} data-testid={`interface-row-${item.name}`}>
              <button
                type="button"
                id={optionId(item.name)}
                className="pick"
                aria-pressed={on}
                aria-label={[item.name, descriptionOf(item), ...item.addresses].join(' ')}
                tabIndex={on ? 0 : -1}
                onClick={() => setPicked(item.name)}
                onDoubleClick={() => start(item.name)}
              />
              <Icon className="i" aria-hidden="true" />
              <div style={{ minWidth: 0 }}>
                <div className="nm cut">
                  {item.name} <span className="dim">{descriptionOf(item)}</span>
                </div>
                <div className="ad cut">
                  {!item.up && `${words.down} · `}
                  {item.addresses.length > 0 ? item.addresses.join(' · ') : item.name === 'any' ? words.everyInterface : words.noAddress}
                </div>
              </div>
              <div>
                {item.packets !== null && (
                  <Sparkline
                    className="spark"
                    values={rates(samples)}
                    slots={ACTIVITY_SAMPLES - 1}
                    width={150}
                    height={26}
                    colour="var(--ink)"
                    label={words.activity(item.name, now === null ? null : now.packets)}
                  />
                )}
              </div>
              <div className="r">
                {now !== null && (
                  <>
                    {count(now.packets)}
                    <span className="dim">{words.perSecond}</span>
                  </>
                )}
              </div>
              <div className="r dim">{now === null ? '' : byteRate(now.bytes)}</div>
              <div className="r act">
                {!on && (
                  <label className="also" title={words.captureToo(item.name)}>
                    <input
                      type="checkbox"
                      checked={together.includes(item.name)}
                      aria-label={words.captureToo(item.name)}
                      onChange={() => toggle(item.name)}
                      data-testid={`also-${item.name}`}
                    />
                    {words.also}
                  </label>
                )}
                {on && (
                  <button type="button" className="btn pri" onClick={() => start(item.name)} data-testid="start-capture">
                    <span className="recdot" />
                    {words.startShort}
                  </button>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <div className="cf">
        <label className="filter">
          <ListFilter className="i" aria-hidden="true" />
          <span className="visually-hidden">{words.captureFilter}</span>
          <input
            value={captureFilter}
            placeholder={words.captureFilterHint}
            spellCheck={false}
            data-testid="capture-filter"
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') start(chosen.name);
            }}
          />
          <span className="fcount">{words.bpf}</span>
        </label>
      </div>
      {together.length > 0 && (
        <p className="mid together" data-testid="several">
          {words.several([chosen.name, ...together])}
        </p>
      )}
      {settingsLoaded && <CaptureOptions ability={ability} several={together.length > 0} />}
    </>
  );
}
