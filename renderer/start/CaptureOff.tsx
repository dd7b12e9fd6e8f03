import { Copy, Lock, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { CaptureAbility, Failure } from '../../src/messages.ts';
import { copyText } from '../app/clipboard.ts';
import { failed } from '../engine-words.ts';
import { useBackend } from '../transport/context.ts';
import { words } from '../words.ts';

/** Why live capture is impossible here, and what to do about it. */
export function CaptureOff({ ability }: { readonly ability: CaptureAbility }) {
  const { actions } = useBackend();
  const [busy, setBusy] = useState(false);
  const failure = ability.failure;
  // The first sentence says what is wrong; what was found and what is missing stands after it, once.
  const [, what = '', rest = ''] = /^(.*?[.!])(?:\s+(.*))?$/s.exec(failed(failure?.message ?? words.liveOffTitle)) ?? [];
  return (
    <div className="why" data-testid="capture-off">
      <Lock className="i" aria-hidden="true" />
      <div>
        <b className="h">{what}</b>
        <br />
        {rest !== '' && `${rest} `}
        {failure?.advice === undefined ? words.filesAsUsual : failed(failure.advice)}
        {failure !== undefined && failure !== null && <Commands failure={failure} />}
        <div className="again">
          <button
            type="button"
            className="btn pri"
            disabled={busy}
            data-testid="check-again"
            onClick={async () => {
              setBusy(true);
              await actions.readAbility(true);
              setBusy(false);
            }}
          >
            <RotateCw className="i" aria-hidden="true" />
            {words.checkAgain}
          </button>
          {ability.backend !== null && !rest.includes(ability.backend) && <span className="mid">{words.found(ability.backend)}</span>}
        </div>
      </div>
    </div>
  );
}

/** The commands that would help, any one of them, each below what it does. */
export function Commands({ failure }: { readonly failure: Failure }) {
  return failure.commands?.map((command, index) => {
    const way = failure.ways?.[index];
    return (
      <div key={command} className="way">
        {(way !== undefined || index > 0) && (
          <div>
            {index > 0 && <span className="dim">{words.orElse} </span>}
            {way !== undefined && failed(way)}
          </div>
        )}
        <Command text={command} />
      </div>
    );
  });
}

/** A command that wraps and can be copied. */
function Command({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="cmd">
      <code className="selectable">{text}</code>
      <button
        type="button"
        className="btn ghost small"
        onClick={async () => {
          setCopied(await copyText(text));
          window.setTimeout(() => setCopied(false), 2000);
        }}
      >
        <Copy className="i" aria-hidden="true" />
        {copied ? words.copied : words.copy}
      </button>
    </div>
  );
}
