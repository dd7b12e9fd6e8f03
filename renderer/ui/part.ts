import { type ComponentType, createElement, type ReactNode, useEffect, useState } from 'react';

/** A part of the window whose code comes when it is first shown, or before. */
export interface Part<Props> {
  (props: Props): ReactNode;
  /** Brings the code; rejects where it cannot be had. */
  readonly fetch: () => Promise<void>;
}

/**
 * A component in a file of its own. Until its code is here `meanwhile` stands in its place; where it cannot be had, the boundary around it says so, and its
 * button tries again. Not React's `lazy`, which keeps a fallback for 300 ms once it has shown one, however soon the code is here.
 */
export function part<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null): Part<Props> {
  let code: ComponentType<Props> | null = null;
  let coming: Promise<void> | null = null;
  const fetch = (): Promise<void> => {
    coming ??= load().then(
      (loaded) => {
        code = loaded;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  const Shown = (props: Props): ReactNode => {
    const [here, setHere] = useState(code !== null);
    const [failed, setFailed] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      if (here) return;
      let gone = false;
      fetch().then(
        () => !gone && setHere(true),
        (error: unknown) => !gone && setFailed({ error }),
      );
      return () => {
        gone = true;
      };
    }, [here]);
    if (failed !== null) throw failed.error;
    return code === null ? meanwhile : createElement(code, props);
  };
  return Object.assign(Shown, { fetch });
}
