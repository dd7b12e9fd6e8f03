/** What is selected and hovered in a set of layers, for packets and broken records alike. */
import { useEffect, useRef, useState } from 'react';
import type { FieldNode, LayerNode } from '../../src/messages.ts';
import { count } from '../format.ts';
import { kept } from '../store/kept.ts';
import type { Selection } from './fields.ts';
import { layerIndexOf, lookUp } from './fields.ts';
import type { BytesMode, Span } from './hex.ts';
import type { InspectorProps } from './inspector-props.ts';
import { words } from './words.ts';

/** How bytes are written. */
export const useBytesMode = kept<BytesMode>('hex');

/** Selection and hover over a set of layers. `identity` changes with the packet. */
export function useSelection(layers: readonly LayerNode[], identity: unknown) {
  const [selection, setSelection] = useState<Selection | null>(null);
  const [hover, setHover] = useState<Selection | null>(null);
  const before = useRef<{ identity: unknown; abbrev: string | null }>({ identity, abbrev: null });
  const abbrev = selection?.key == null ? null : (lookUp(layers, selection.key)?.field?.abbrev ?? null);
  // Going from packet to packet, the field that is looked at stays selected where the next one has it.
  useEffect(() => {
    if (before.current.identity !== identity) {
      setHover(null);
      setSelection(before.current.abbrev === null ? null : findField(layers, before.current.abbrev));
    }
    before.current = { identity, abbrev: before.current.identity === identity ? abbrev : before.current.abbrev };
  }, [identity, layers, abbrev]);
  const current = before.current.identity === identity ? selection : null;
  return { selection: current, setSelection, hover, setHover };
}

/** First shown field with an abbreviation. */
function findField(layers: readonly LayerNode[], abbrev: string): Selection | null {
  if (abbrev === '') return null;
  const search = (fields: readonly FieldNode[], prefix: string): Selection | null => {
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as FieldNode;
      if (field.hidden) continue;
      const key = `${prefix}.${i}`;
      if (field.abbrev === abbrev) return { key, source: field.source, offset: field.offset, length: field.length };
      const inside = search(field.children, key);
      if (inside !== null) return inside;
    }
    return null;
  };
  for (let i = layers.length - 1; i >= 0; i--) {
    const found = search((layers[i] as LayerNode).fields, String(i));
    if (found !== null) return found;
  }
  return null;
}

/** What the bytes header says about a selection. */
export function said(layers: readonly LayerNode[], selection: Selection | null): string {
  if (selection === null) return '';
  const found = selection.key === null ? null : lookUp(layers, selection.key);
  const label = found === null ? '' : (found.field?.label ?? found.layer.short);
  if (selection.length <= 0) return label === '' ? '' : words.generatedField(label);
  const range = words.byteRange(count(selection.offset), count(selection.offset + selection.length - 1));
  return label === '' ? range : words.selectedField(label, range);
}

/** A field picked by its bytes may stand in a closed card: the card opens. */
export function openFor(layers: readonly LayerNode[], selection: Selection, props: InspectorProps): void {
  if (selection.key === null) return;
  const layer = layers[layerIndexOf(selection.key)];
  if (layer !== undefined && props.openCards[layer.protocol] !== true) props.onOpenCards({ ...props.openCards, [layer.protocol]: true });
}

/** The bytes of a selection within one source; null if it has none there. */
export function spanOf(selection: Selection | null, source: number): Span | null {
  if (selection === null || selection.source !== source || selection.length <= 0) return null;
  return { from: selection.offset, to: selection.offset + selection.length };
}
