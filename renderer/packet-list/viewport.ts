/** Where the list stands: changes with every scroll, so it is no part of the window's state. */
import { create } from 'zustand';

/** Parts of the whole list. */
export interface Viewport {
  readonly top: number;
  readonly height: number;
}

export const useViewport = create<Viewport>()(() => ({ top: 0, height: 1 }));
