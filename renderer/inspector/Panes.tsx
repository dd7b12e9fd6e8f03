import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { words } from './words.ts';

interface PanesProps {
  readonly place: 'right' | 'below';
  readonly header: ReactNode;
  readonly cards: ReactNode;
  readonly bytes: ReactNode;
  readonly bytesShare?: number;
  readonly onBytesShare?: (percent: number) => void;
}

/** Cards above bytes at the right of the list; beside them below it. The divider is draggable, double-click resets it. */
export function Panes({ place, header, cards, bytes, bytesShare, onBytesShare }: PanesProps) {
  const below = place === 'below';
  const onLayoutChanged = useCallback(
    (layout: Readonly<Record<string, number>>, meta: { readonly isUserInteraction: boolean }) => {
      const share = layout['bytes-pane'];
      if (meta.isUserInteraction && share !== undefined) onBytesShare?.(share);
    },
    [onBytesShare],
  );
  return (
    <>
      <header className="ins-top">{header}</header>
      <Group key={place} className="ins-panes" orientation={below ? 'horizontal' : 'vertical'} onLayoutChanged={onLayoutChanged}>
        <Panel id="layers-pane" minSize={below ? 240 : 60} style={{ overflow: 'hidden' }}>
          {cards}
        </Panel>
        <Separator className="ins-divider" aria-label={words.resizeBytes} />
        <Panel
          id="bytes-pane"
          defaultSize={bytesShare === undefined ? (below ? 506 : 226) : `${bytesShare}%`}
          minSize={below ? 300 : 62}
          groupResizeBehavior="preserve-pixel-size"
          style={{ overflow: 'hidden' }}
        >
          {bytes}
        </Panel>
      </Group>
    </>
  );
}
