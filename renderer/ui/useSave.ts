/** Saving a part of what is open: the engine writes the file, the desktop app asks where, the browser downloads it from the server. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SaveContent, SaveProgress, SaveResult, Transport } from '../../src/messages.ts';
import { said } from '../engine-words.ts';
import { fetchDownload } from '../store/download.ts';

export interface Saving {
  /** How far it is, while something is saved here; null otherwise. */
  readonly progress: SaveProgress | null;
  /** Saves under a name that is a suggestion. What is in the file, null if it was cancelled, or a sentence that says what went wrong. */
  readonly save: (content: SaveContent, name: string) => Promise<SaveResult | string | null>;
  readonly cancel: () => void;
}

export function useSave(transport: Transport): Saving {
  const [progress, setProgress] = useState<SaveProgress | null>(null);
  const running = useRef(false);
  useEffect(
    () =>
      transport.onEngine('saving', (news) => {
        if (running.current && news !== null) setProgress(news);
      }),
    [transport],
  );
  const save = useCallback(
    async (content: SaveContent, name: string): Promise<SaveResult | string | null> => {
      running.current = true;
      setProgress({ done: 0, total: 0 });
      const answer = await transport.host('save', { ...content, name });
      running.current = false;
      setProgress(null);
      if (!answer.ok) return said(answer.failure);
      if (!answer.value.saved) return null;
      if (answer.value.download !== null) fetchDownload(answer.value.download);
      return answer.value;
    },
    [transport],
  );
  const cancel = useCallback(() => void transport.engine('stopSaving', {}), [transport]);
  return { progress, save, cancel };
}
