import { ArrowDownToLine } from 'lucide-react';
import { useBackend } from '../store/context.ts';
import { newBelow } from '../store/follow.ts';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';

/** Strip under a live list: whether it follows the end, and how to change that. */
export function FollowStrip() {
  const { actions } = useBackend();
  const show = useApp((state) => state.capture?.live === true && state.capture.phase === 'following' && state.lineClosed === null);
  const follow = useApp((state) => state.follow);
  const below = useApp((state) => newBelow(state.follow, state.view?.matched ?? 0));
  const total = useApp((state) => state.view?.matched ?? 0);
  if (!show) return null;
  if (follow.on) {
    return (
      <button type="button" className="follow" data-testid="live-strip" onClick={() => actions.followEvent({ kind: 'stop', total })}>
        <ArrowDownToLine className="i" aria-hidden="true" />
        <b>{words.following}</b>
        <span className="hint">
          <span>
            {words.followingHint} <kbd>Esc</kbd> {words.followingEnd}
          </span>
        </span>
      </button>
    );
  }
  return (
    <button type="button" className="follow" data-testid="live-strip" onClick={() => actions.followEvent({ kind: 'end' })}>
      <ArrowDownToLine className="i" aria-hidden="true" />
      <b>{words.newBelow(below)}</b>
      <span>—</span>
      <kbd>End</kbd>
      <span>{words.followsAgain}</span>
    </button>
  );
}
