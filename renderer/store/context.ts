import { createContext, useContext } from 'react';
import type { Transport } from '../../src/messages.ts';
import type { Actions } from './actions.ts';

export interface Backend {
  readonly transport: Transport;
  readonly actions: Actions;
}

export const BackendContext = createContext<Backend | null>(null);

/** The transport and the actions of this window. */
export function useBackend(): Backend {
  const backend = useContext(BackendContext);
  if (backend === null) throw new Error('BackendContext is missing above this part of the window.');
  return backend;
}
