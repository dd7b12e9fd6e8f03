import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { BackendName, CaptureAbility } from '../../src/messages.ts';
import { lacking, noted } from '../engine-words.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { fieldsOf, type LimitFields, limitsOfFields } from './limits.ts';

/** Which back end captures, when the capture ends by itself, and when it begins a new file. */
export function CaptureOptions({ ability, several }: { readonly ability: CaptureAbility; readonly several: boolean }) {
  const { actions } = useBackend();
  const settings = useApp((state) => state.settings);
  const [fields, setFields] = useState<LimitFields>(() => fieldsOf(settings.captureLimits));
  const checked = limitsOfFields(fields);
  const wanted = settings.captureBackend;
  const chosen = ability.backends.find((each) => each.name === wanted);
  const dumpcap = ability.backends.find((each) => each.name === 'dumpcap');
  const set = (name: keyof LimitFields, text: string): void => {
    const next = { ...fields, [name]: text };
    setFields(next);
    const now = limitsOfFields(next);
    if ('limits' in now) void actions.changeSettings({ captureLimits: now.limits });
  };
  const field = (name: keyof LimitFields, label: string, unit: string) => (
    <label className="num">
      <span className="visually-hidden">{label}</span>
      <input
        value={fields[name]}
        inputMode="decimal"
        spellCheck={false}
        placeholder="–"
        onChange={(event) => set(name, event.target.value)}
        data-testid={`limit-${name}`}
      />
      <span>{unit}</span>
    </label>
  );
  return (
    <details className="capopts" data-testid="capture-options">
      <summary>
        {words.captureOptions}
        <span className="dim now">{words.optionsNow(wanted, settings.captureLimits)}</span>
      </summary>
      <div className="row">
        <b>{words.backend}</b>
        <span className="select">
          <select
            className="btn"
            aria-label={words.backend}
            value={wanted}
            onChange={(event) => void actions.changeSettings({ captureBackend: event.target.value as BackendName | 'auto' })}
            data-testid="backend-select"
          >
            <option value="auto">{words.automatic}</option>
            {ability.backends.map((each) => (
              <option key={each.name} value={each.name} disabled={!each.usable}>
                {each.usable ? (each.version ?? each.name) : lacking(each.name, each.lack ?? '').replace(/\.$/, '')}
              </option>
            ))}
          </select>
          <ChevronDown className="i down" aria-hidden="true" />
        </span>
        <span className="mid" data-testid="backend-reason">
          {chosen === undefined
            ? several && dumpcap?.usable === true
              ? words.automaticSeveral
              : noted(ability.reason ?? '')
            : chosen.usable
              ? noted(chosen.about)
              : lacking(chosen.name, chosen.lack ?? 'cannot be used')}
        </span>
      </div>
      <div className="row">
        <b>{words.stopAfter}</b>
        {field('packets', words.stopPackets, words.packetsUnit)}
        {field('megabytes', words.stopMegabytes, 'MB')}
        {field('seconds', words.stopSeconds, words.secondsUnit)}
        <span className="mid">{words.stopFact}</span>
      </div>
      <div className="row">
        <b>{words.newFileEvery}</b>
        {field('fileMegabytes', words.fileMegabytes, 'MB')}
        {field('fileSeconds', words.fileSeconds, words.secondsUnit)}
        {field('files', words.keepFiles, words.filesKept)}
        <span className="mid">{words.ringFact}</span>
      </div>
      <label className="row">
        <b>{words.filesGoTo}</b>
        <input
          className="place"
          value={fields.file}
          placeholder={words.filesGoToHint}
          spellCheck={false}
          onChange={(event) => set('file', event.target.value)}
          data-testid="limit-file"
        />
      </label>
      {'wrong' in checked && (
        <p className="badc" role="status" data-testid="limits-wrong">
          {checked.wrong}
        </p>
      )}
    </details>
  );
}
