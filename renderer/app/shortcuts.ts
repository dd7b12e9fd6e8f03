/** Keys that work everywhere in the window. Those of one pane are handled in that pane and do not come here. */
import { focusFilter } from '../filter-bar/FilterBar.tsx';
import type { Actions } from '../store/actions.ts';
import { isCapturing, useApp } from '../store/state.ts';
import { requestOpen } from '../ui/open-file.ts';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

const hasNoFocus = (target: EventTarget | null): boolean => target === document.body || target === null;

/** In a menu, letters choose by the first letter. */
const isInMenu = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('[role="menu"]') !== null;

/** Listens until the function that comes back is called. */
export function startShortcuts(actions: Actions): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const { capture, live, follow, view, keysShown, tab, draft, selection, decodeWish, keyLogShown } = useApp.getState();
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const take = (work: () => void): void => {
      event.preventDefault();
      work();
    };
    if (ctrl && !event.altKey && key === 'o') take(requestOpen);
    else if (ctrl && !event.altKey && key === 'e') take(() => void actions.toggleCapture());
    else if (ctrl && !event.altKey && key === 'f' && capture !== null) take(focusFilter);
    else if (isTyping(event.target) || ctrl || event.altKey) return;
    else if (event.key === '/' && capture !== null) take(focusFilter);
    else if (key === 'k') take(() => actions.showKeyLog(!keyLogShown));
    else if (event.key === '?') take(() => actions.showKeys(!keysShown));
    else if (event.key === 'Escape') {
      if (keysShown) take(() => actions.showKeys(false));
      else if (decodeWish !== null) take(() => actions.openDecode(null));
      else if (keyLogShown) take(() => actions.showKeyLog(false));
      else if (draft !== null) take(() => actions.endEdit());
      else if (capture?.phase === 'reading') take(() => void actions.stopReading());
      else if (view !== null && !view.complete && capture?.phase === 'done') take(() => void actions.stopScan());
      else if (view?.sorting != null && view.sorting.done < 1) take(() => void actions.sortRows(null, false));
      else if (capture?.live === true && isCapturing(live) && follow.on)
        take(() => actions.followEvent({ kind: 'stop', total: view?.matched ?? 0 }));
      else if (capture?.live === true && isCapturing(live) && selection.kind !== 'none') take(() => actions.clearSelection());
    } else if (
      tab === 'packets' &&
      (hasNoFocus(event.target)
        ? /^(Arrow(Up|Down)|Page(Up|Down)|Home|End|[gGmMsS])$/.test(event.key)
        : !isInMenu(event.target) && /^[gms]$/.test(key))
    ) {
      // Nothing has the focus, or what has it has no such key of its own, such as a tab that was clicked: the list is meant.
      const list = document.querySelector<HTMLElement>('[data-pane="list"]');
      if (list === null) return;
      event.preventDefault();
      list.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true, cancelable: true }));
    }
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}
