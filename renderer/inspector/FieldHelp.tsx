import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { FieldHelp as Help } from '../../src/help/load.ts';
import { fieldHelp } from '../../src/help/load.ts';
import type { FieldNode } from '../../src/messages.ts';
import { languageNow } from '../language.ts';
import { words } from './words.ts';

/** Id of the box, for aria-describedby on the row that it is about. */
export const HELP_ID = 'ins-help';
/** How long the pointer rests on a field before its help opens, in ms. */
export const HELP_AFTER = 400;

const GAP = 4;

/** What a field means, in a box below its row, or above it where there is no room below. It takes no pointer: rows behind it stay in reach. */
export function FieldHelp({ field, anchorId }: { readonly field: FieldNode; readonly anchorId: string }) {
  const { abbrev } = field;
  const [help, setHelp] = useState<{ readonly of: string; readonly help: Help | null } | null>(null);
  useEffect(() => {
    let wanted = true;
    const put = (found: Help | null) => {
      if (wanted) setHelp({ of: abbrev, help: found });
    };
    // Without the file of texts the name of the field is still worth showing.
    fieldHelp(abbrev).then(put, () => put(null));
    return () => {
      wanted = false;
    };
  }, [abbrev]);
  const box = useRef<HTMLDivElement>(null);
  const known = help !== null && help.of === abbrev;
  useLayoutEffect(() => {
    if (!known) return;
    const place = () => {
      const node = box.current;
      const anchor = document.getElementById(anchorId);
      if (node === null || anchor === null) return;
      const row = anchor.getBoundingClientRect();
      // The boxes of a flag field stand below its row and are part of it.
      const bits = anchor.nextElementSibling?.classList.contains('ins-bits') === true ? anchor.nextElementSibling : anchor;
      const { bottom } = bits.getBoundingClientRect();
      const { width, height } = node.getBoundingClientRect();
      const below = bottom + GAP + height <= window.innerHeight;
      node.style.top = `${below ? bottom + GAP : Math.max(GAP, row.top - GAP - height)}px`;
      node.style.left = `${Math.max(GAP, Math.min(row.left + 24, window.innerWidth - width - GAP))}px`;
    };
    place();
    document.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      document.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  });
  if (!known) return null;
  const text = help.help?.text[languageNow()];
  const source = help.help === null ? '' : help.help.source === '' ? words.computed : help.help.source;
  return createPortal(
    <div ref={box} id={HELP_ID} role="tooltip" className="float ins-help" data-testid="field-help">
      <div className="ins-help-head">
        <b>{field.label}</b>
        <span className="mono">{abbrev}</span>
      </div>
      {text !== undefined && <p>{text}</p>}
      {source !== '' && <p className="ins-help-source">{source}</p>}
    </div>,
    document.body,
  );
}
