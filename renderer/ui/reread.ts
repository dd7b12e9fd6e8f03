import type { GridApi } from 'ag-grid-community';
import { type RefObject, useEffect, useRef } from 'react';

/** Reads the rows of a table again, in place, whenever `tick` changes: what is in sight stays until its successor is here. */
export function useReread<T>(api: RefObject<GridApi<T> | null>, tick: number): void {
  const read = useRef(tick);
  useEffect(() => {
    if (read.current === tick) return;
    read.current = tick;
    api.current?.refreshInfiniteCache();
  }, [api, tick]);
}
