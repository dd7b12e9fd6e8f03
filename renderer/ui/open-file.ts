/** Asking for a file: the dialog of the desktop app, or the file input of the page. */
import type { Actions } from '../store/actions.ts';
import { useApp } from '../store/state.ts';

const REQUEST = 'sevenfold-open';

/** Ctrl+O and every "Open" button. */
export function requestOpen(): void {
  window.dispatchEvent(new Event(REQUEST));
}

/** Answers `requestOpen` for the life of the window; the function that comes back ends it. */
export function serveOpen(actions: Actions): () => void {
  const input = document.createElement('input');
  input.type = 'file';
  input.hidden = true;
  input.setAttribute('data-testid', 'file-input');
  input.setAttribute('aria-hidden', 'true');
  input.tabIndex = -1;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void actions.openFile(file);
    input.value = '';
  });
  document.body.append(input);
  const open = async (): Promise<void> => {
    // The page may open its own dialog only while the user's click is fresh: so no round trip where it is known that there is no other.
    if (useApp.getState().info?.mode === 'browser' || !(await actions.openDialog())) input.click();
  };
  const listener = (): void => void open();
  window.addEventListener(REQUEST, listener);
  return () => {
    window.removeEventListener(REQUEST, listener);
    input.remove();
  };
}
