import { type PointerEvent, useEffect, useRef } from 'react';
import type { Hue, MinimapBucket } from '../../src/messages.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { useTheme } from '../ui/theme.ts';
import { words } from '../words.ts';
import { useViewport } from './viewport.ts';

interface Props {
  readonly onScroll: (share: number) => void;
}

/** Least height of one line, px. */
const LINE = 2;

/** @param size of the canvas, px: asking it would have the page laid out */
function paint(canvas: HTMLCanvasElement, { width, height }: DOMRectReadOnly, buckets: readonly MinimapBucket[]): void {
  const context = canvas.getContext('2d');
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  if (context === null || buckets.length === 0) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const fills: Record<Hue, string> = {
    link: colour('--link-fill'),
    net: colour('--net-fill'),
    tra: colour('--tra-line'),
    app: colour('--app-fill'),
    raw: colour('--raw-fill'),
  };
  const bad = colour('--bad');
  const warn = colour('--warn');
  const step = Math.min(height / buckets.length, 22);
  const line = Math.max(LINE, step - (step > 4 ? 1 : 0));
  // The narrow lines of transport first, so that the wide ones lie over their ends.
  buckets.forEach((bucket, index) => {
    if (bucket.hue !== 'tra') return;
    context.fillStyle = fills.tra;
    context.fillRect(3, index * step, 5, line);
  });
  buckets.forEach((bucket, index) => {
    if (bucket.hue !== 'tra') {
      context.fillStyle = fills[bucket.hue];
      context.fillRect(2, index * step, 7, Math.min(line, 4));
    }
    if (bucket.trouble !== 'none') {
      context.fillStyle = bucket.trouble === 'bad' ? bad : warn;
      context.fillRect(width - 5, index * step, 5, Math.max(3, Math.min(line, 4)));
    }
  });
}

/** The whole list in 14 px: a line per packet or bucket, trouble at its right edge, a frame for what is in sight. It is the scroll bar. */
export function Minimap({ onScroll }: Props) {
  const viewport = useViewport();
  const { actions } = useBackend();
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useRef<DOMRectReadOnly>(null);
  const buckets = useApp((state) => state.minimap);
  const theme = useTheme();

  useEffect(() => {
    const node = canvas.current;
    if (node === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      size.current = entry.contentRect;
      actions.setMinimapBuckets(Math.max(1, Math.min(2000, Math.floor(entry.contentRect.height / LINE))));
      paint(node, entry.contentRect, useApp.getState().minimap);
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, [actions]);

  useEffect(() => {
    // The theme's name is what the colours are read for, so a change of it paints anew.
    if (canvas.current !== null && size.current !== null && theme) paint(canvas.current, size.current, buckets);
  }, [buckets, theme]);

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rect = event.currentTarget.getBoundingClientRect();
    onScroll(Math.max(0, Math.min(1, (event.clientY - rect.top) / rect.height)));
  };

  return (
    <div
      className="minimap"
      role="scrollbar"
      tabIndex={-1}
      aria-label={words.minimap}
      aria-controls="packet-list-grid"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((viewport.height >= 1 ? 0 : viewport.top / (1 - viewport.height)) * 100)}
      data-testid="minimap"
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <canvas ref={canvas} aria-hidden />
      {viewport.height < 1 && <div className="vp" style={{ top: `${viewport.top * 100}%`, height: `${viewport.height * 100}%` }} />}
    </div>
  );
}
