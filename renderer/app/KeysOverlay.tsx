import { X } from 'lucide-react';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';

/** All keys, beside the work: not a dialog, so everything goes on. */
export function KeysOverlay() {
  const { actions } = useBackend();
  const shown = useApp((state) => state.keysShown);
  if (!shown) return null;
  return (
    <section className="float keys" aria-label={words.keysTitle} data-testid="keys-overlay">
      <header>
        <b>{words.keysTitle}</b>
        <span className="sp" />
        <button type="button" className="btn ghost ico small" aria-label={words.dismiss} onClick={() => actions.showKeys(false)}>
          <X className="i" aria-hidden="true" />
        </button>
      </header>
      <dl>
        {words.keys.list.map(([keys, what]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
