/** Widths of texts as the labels of fields are drawn. */
import { printableLines } from '../../src/words/printable.ts';

/** More texts than this are not kept: labels are names of fields, which come again and again. */
const MOST_KEPT = 5000;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null = null;

/** Width of a label in px, as strong as it is while selected. */
export function textWidth(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return text.length * 6.5;
  const style = getComputedStyle(document.documentElement);
  context.font = `${style.getPropertyValue('--w-strong')} 12px ${style.getPropertyValue('--font-ui')}`;
  const width = context.measureText(printableLines(text)).width;
  // A font that is still loading has other widths.
  if (document.fonts.status === 'loaded') {
    if (widths.size >= MOST_KEPT) widths.clear();
    widths.set(text, width);
  }
  return width;
}
