/** Column widths that fit the widest value seen: numbers and times are never cut. */
import type { CaptureState, RowSummary } from '../../src/messages.ts';

/** Cell padding left and right, and one pixel against rounding. */
const PADDING = 13;
/** A canvas measures proportional digits; the tabular ones of the list are that much wider, in px. */
const TABULAR_EXTRA = 0.2;
/** Room before the number for the dot of a related packet. */
const DOT = 9;
const MAX_ADDRESS = 330;
const MAX_PROTOCOL = 110;
/** What info keeps, and what addresses keep in a list too narrow for both, in px. */
const LEAST_INFO = 180;
const LEAST_ADDRESS = 150;

export interface Widths {
  readonly no: number;
  readonly time: number;
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly length: number;
}

export const initialWidths: Widths = { no: 40, time: 72, source: 129, destination: 129, protocol: 54, length: 44 };

/** Measures text in px. Digits count as zeros: the list uses tabular numerals. */
export type Measure = (text: string, font: 'list' | 'pill') => number;

/** A measure by canvas with the list's fonts. */
export function canvasMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(document.documentElement);
  const family = style.getPropertyValue('--font-ui');
  const cache = new Map<string, number>();
  return (text, font) => {
    const key = `${font}${text.replace(/\d/g, '0')}`;
    const known = cache.get(key);
    if (known !== undefined || context === null) return known ?? text.length * 7;
    context.font = font === 'list' ? `430 11.5px ${family}` : `640 10px ${family}`;
    const digits = key.length - key.replaceAll('0', '').length;
    const width = context.measureText(key.slice(font.length)).width + digits * TABULAR_EXTRA;
    if (cache.size > 4000) cache.clear();
    // Before the fonts are there, it measures with others.
    if (document.fonts.status === 'loaded') cache.set(key, width);
    return width;
  };
}

/** Packets that the capture may come to: a column that becomes wider moves all others. */
function expected({ live, packets, phase, bytesRead, fileBytes }: CaptureState): number {
  // A live list grows: room for one more digit spares a jump.
  if (live) return Math.max(9999, packets);
  return phase === 'reading' && bytesRead > 0 ? Math.max(packets, Math.round((packets * fileBytes) / bytesRead)) : packets;
}

/** Widths that also fit these rows; columns never shrink within one capture. */
export function fit(before: Widths, rows: Iterable<RowSummary>, capture: CaptureState | null, measure: Measure): Widths {
  let { no, time, source, destination, protocol, length } = before;
  if (capture !== null) {
    const last = expected(capture);
    no = Math.max(no, Math.ceil(measure(last.toLocaleString('en-US'), 'list') + PADDING + DOT));
  }
  for (const row of rows) {
    // Among tabular numerals a minus is as wide as a digit.
    time = Math.max(time, Math.ceil(measure(row.time.replace('-', '0'), 'list') + PADDING));
    source = Math.max(source, Math.ceil(measure(row.sourcePort === '' ? row.source : `${row.source}:${row.sourcePort}`, 'list') + PADDING));
    destination = Math.max(
      destination,
      Math.ceil(measure(row.destinationPort === '' ? row.destination : `${row.destination}:${row.destinationPort}`, 'list') + PADDING),
    );
    protocol = Math.max(protocol, Math.ceil(measure(row.protocol, 'pill') + 12 + PADDING));
    length = Math.max(length, Math.ceil(measure(String(row.length), 'list') + PADDING));
  }
  return {
    no,
    time,
    source: Math.min(MAX_ADDRESS, source),
    destination: Math.min(MAX_ADDRESS, destination),
    protocol: Math.min(MAX_PROTOCOL, protocol),
    length,
  };
}

/**
 * Widths for a list of `room` px, without the columns of fields: where long addresses would leave nothing of info, they share what is left
 * beside it. What is cut then shows under the pointer.
 */
export function within(widths: Widths, room: number): Widths {
  const { no, time, source, destination, protocol, length } = widths;
  const both = Math.max(2 * LEAST_ADDRESS, room - no - time - protocol - length - LEAST_INFO);
  if (source + destination <= both) return widths;
  const half = Math.floor(both / 2);
  if (source <= half) return { ...widths, destination: both - source };
  if (destination <= half) return { ...widths, source: both - destination };
  return { ...widths, source: half, destination: half };
}
