import { type RefObject, useEffect, useState } from 'react';
import type { FieldNode, LayerNode } from '../../src/messages.ts';
import { useApp } from '../store/state.ts';
import { HELP_AFTER } from './FieldHelp.tsx';
import { type FieldKey, lookUp } from './fields.ts';

/** A field that there is help for. */
export interface Helped {
  readonly key: FieldKey;
  readonly field: FieldNode;
}

export function helpFor(layers: readonly LayerNode[], key: FieldKey | null): Helped | null {
  const field = key === null ? null : (lookUp(layers, key)?.field ?? null);
  return key === null || field === null || field.abbrev === '' || field.severity !== null ? null : { key, field };
}

export interface Help {
  readonly help: Helped | null;
  /** Whether it follows the selection. */
  readonly isKept: boolean;
  readonly keep: (on: boolean) => void;
  readonly dismiss: () => void;
}

/**
 * Help for the field that the pointer rests on, or, once it is kept, for the selected one as the selection moves.
 * @param pointed whether the pointer is over the rows: fields are also hovered by their bytes
 */
export function useHelp(
  layers: readonly LayerNode[],
  selectedKey: FieldKey | null,
  hoverKey: FieldKey | null,
  pointed: RefObject<boolean>,
): Help {
  const [helpKept, setHelpKept] = useState(false);
  const [rested, setRested] = useState<FieldKey | null>(null);
  useEffect(() => {
    setRested(null);
    if (hoverKey === null || !pointed.current) return;
    const timer = setTimeout(() => setRested(hoverKey), HELP_AFTER);
    return () => clearTimeout(timer);
  }, [hoverKey]);
  useEffect(() => {
    if (layers.length >= 0) setRested(null);
  }, [layers]);
  // A panel that opens may stand over it.
  const panel = useApp((state) => state.decodeWish !== null || state.keyLogShown);
  useEffect(() => {
    if (!panel) return;
    setHelpKept(false);
    setRested(null);
  }, [panel]);
  const dismiss = () => {
    setHelpKept(false);
    setRested(null);
  };
  return {
    help: helpFor(layers, rested) ?? (helpKept ? helpFor(layers, selectedKey) : null),
    isKept: helpKept,
    keep: setHelpKept,
    dismiss,
  };
}
