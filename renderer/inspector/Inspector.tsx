import type { ReactNode } from 'react';
import { CaptureView } from './CaptureView.tsx';
import { DamageView } from './DamageView.tsx';
import './inspector.css';
import type { InspectorProps } from './inspector-props.ts';
import { NowView } from './NowView.tsx';
import { PacketView } from './PacketView.tsx';
import { words } from './words.ts';

/** Everything about one packet; else the damage of the file, what is coming in, or how to get something to look at. */
export function Inspector(props: InspectorProps) {
  const { detail, damage, live } = props;
  let content: ReactNode = null;
  if (detail !== null) content = <PacketView {...props} detail={detail} />;
  else if (damage !== null) content = <DamageView {...props} damage={damage} />;
  else if (live !== null && (live.phase === 'starting' || live.phase === 'capturing')) {
    content = <NowView live={live} pulse={props.pulse} />;
  } else if (props.capture !== null) content = <CaptureView capture={props.capture} />;
  return (
    <aside className={`ins ins-${props.place}`} data-testid="inspector" aria-label={words.inspector}>
      {content}
    </aside>
  );
}
