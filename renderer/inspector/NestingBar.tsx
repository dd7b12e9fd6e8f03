import type { CSSProperties } from 'react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LayerNode } from '../../src/messages.ts';
import { count } from '../format.ts';
import { letters } from '../language.ts';
import { BAR_HEIGHT, layOutNesting } from './nesting.ts';
import { textWidth } from './text-width.ts';
import { words } from './words.ts';

export interface NestingBarProps {
  readonly layers: readonly LayerNode[];
  readonly wireLength: number;
  readonly capturedLength: number;
  /** Layer that is selected, -1 for none. */
  readonly selected: number;
  readonly onSelect: (layer: number) => void;
  /** The bytes are missing because the file ends, not because the capture was set to cut packets. */
  readonly fileEnds?: boolean;
}

/** Width of the name of a layer, px: as strong as a label, and one size smaller. */
const nameWidth = (name: string): number => (textWidth(name) * 11) / 12;

/** Boxes within boxes: what each layer carries, in wire order, with the offsets below. */
export function NestingBar({ layers, wireLength, capturedLength, selected, onSelect, fileEnds = false }: NestingBarProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setWidth(Math.max(120, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const nesting = useMemo(
    () => layOutNesting({ layers, wireLength, capturedLength, width, measure: nameWidth }),
    [layers, wireLength, capturedLength, width],
  );
  const ethernet = layers.find((layer) => layer.protocol !== 'frame');
  const fcs = ethernet?.protocol === 'eth' && !ethernet.fields.some((field) => field.abbrev === 'eth.fcs');
  const cut = wireLength > capturedLength;
  const tail = cut
    ? fileEnds
      ? count(wireLength)
      : `${count(wireLength)} · ${words.notCaptured(count(wireLength - capturedLength))}`
    : fcs
      ? `${count(wireLength)} · ${words.fcsNotCaptured}`
      : count(wireLength);
  const tailWidth = letters(tail) * 5.6 + 8;
  const ticks = nesting.ticks.filter((tick) => tick.left === 0 || tick.left < width - tailWidth - 14);
  const lastTick = ticks.at(-1)?.left ?? 0;
  const note = [nesting.widened ? words.widerThanScale : '', nesting.omitted > 0 ? words.more(count(nesting.omitted)) : ''].filter(
    (text) => text !== '',
  );
  const cutAt = cut && nesting.missing !== null ? nesting.missing.left : null;
  const cutWord = fileEnds ? words.fileEnds(count(capturedLength)) : words.captureEnds(count(capturedLength));
  const cutFits = cutAt !== null && cutAt - lastTick > 60 && width - cutAt > tailWidth + 50;
  const space = { from: lastTick + 22, to: width - tailWidth };
  const noteFits = note.length > 0 && !cutFits && space.to - space.from > letters(note.join(' · ')) * 4.9;
  return (
    <div className="ins-nest" data-testid="nesting-bar">
      <div ref={ref} className="ins-nest-bar" role="toolbar" aria-label={words.nesting} style={{ height: BAR_HEIGHT }}>
        {nesting.boxes.map((box) => {
          const layer = layers[box.layer] as LayerNode;
          const whole = box.leaf && box.hue === 'app';
          const bytes = count(whole || layer.headerLength === 0 ? layer.length : layer.headerLength);
          const style: CSSProperties = { left: box.left, width: box.width, top: box.top, height: box.height };
          const detail = box.hue === 'app' && layer.summary !== '' ? `${bytes} B · ${layer.summary}` : `${bytes} B`;
          const classes = ['ins-box', `L-${box.hue}`];
          if (nesting.tight) classes.push('tight');
          if (box.open) classes.push('open');
          if (box.elsewhere) classes.push('elsewhere');
          if (box.layer === selected) classes.push('cur');
          return (
            <button
              key={box.layer}
              type="button"
              tabIndex={box.layer === (selected >= 0 ? selected : nesting.boxes[0]?.layer) ? 0 : -1}
              className={classes.join(' ')}
              style={style}
              aria-pressed={box.layer === selected}
              aria-label={words.nestingBox(layer.short, layer.offset, `${bytes} B`)}
              title={`${layer.title} · ${detail}`}
              onClick={() => onSelect(box.layer)}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                if (step === 0) return;
                event.preventDefault();
                const at = nesting.boxes.findIndex((one) => one.layer === box.layer);
                const next = nesting.boxes[at + step];
                if (next === undefined) return;
                onSelect(next.layer);
                const sibling = ref.current?.children[at + step];
                if (sibling instanceof HTMLElement) sibling.focus();
              }}
            >
              <span className="ins-box-head" style={{ width: Math.max(0, box.head - 2) }}>
                <b>{layer.short}</b>
                <span>{detail}</span>
              </span>
            </button>
          );
        })}
        {nesting.missing !== null && (
          <i
            className="ins-missing"
            style={{
              left: nesting.missing.left,
              width: nesting.missing.width,
              top: nesting.missing.top + 1.5,
              height: nesting.missing.height - 3,
            }}
          />
        )}
      </div>
      <div className="ins-ticks">
        {ticks.map((tick) => (
          <span key={tick.left} style={{ left: tick.left }} className={tick.left === 0 ? 'first' : ''}>
            {tick.offset}
          </span>
        ))}
        {cutFits && <span style={{ left: cutAt }}>{cutWord}</span>}
        {noteFits && <span style={{ left: (space.from + space.to) / 2 }}>{note.join(' · ')}</span>}
        <span className="last">{tail}</span>
      </div>
    </div>
  );
}
