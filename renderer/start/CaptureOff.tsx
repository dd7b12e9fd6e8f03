import { Lock, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { CaptureAbility } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useBackend } from '../store/context.ts';
import { Commands } from '../ui/Commands.tsx';
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
