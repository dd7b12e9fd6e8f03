/** Saves the ladder of a connection as a picture: SVG, or PNG drawn from it. */

import type { ConnectionDetail, LadderStep, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { download, fileName } from '../ui/download.ts';
import { COLOURS, type Colours, ladderSvg, MOST_STEPS, pictureHeight, WIDTH } from './ladder-svg.ts';
import { words } from './words.ts';

/** Longest side of a canvas that browsers draw. */
const LONGEST = 16_000;

/** What went wrong as a sentence; null if the file is on its way. */
export async function exportLadder(
  transport: Transport,
  stream: number,
  unfold: readonly number[],
  format: 'svg' | 'png',
): Promise<string | null> {
  const steps: LadderStep[] = [];
  let detail: ConnectionDetail | null = null;
  do {
    const answer = await transport.engine('connection', { stream, from: steps.length, unfold });
    if (!answer.ok) return failed(answer.failure.message);
    detail = answer.value;
    // The last step of an answer that is not whole may still grow.
    const whole = detail.progress >= 1;
    if (detail.steps.length === 0 && whole) break;
    steps.push(...(whole ? detail.steps : detail.steps.slice(0, -1)));
  } while (detail.progress < 1 ? steps.length < MOST_STEPS : steps.length < Math.min(detail.totalSteps, MOST_STEPS));
  const picture = { detail, steps, left: detail.totalSteps - steps.length, colours: coloursOf(document.documentElement) };
  const svg = new Blob([ladderSvg(picture)], { type: 'image/svg+xml' });
  const { client, server } = detail.summary;
  const name = fileName('connection', String(stream), client, server);
  if (format === 'svg') {
    download(svg, `${name}.svg`);
    return null;
  }
  const height = pictureHeight(picture);
  if (height > LONGEST) return words.tooLongForPng(steps.length);
  const png = await drawn(svg, WIDTH, height, Math.min(2, LONGEST / height));
  if (png === null) return words.notDrawn;
  download(png, `${name}.png`);
  return null;
}

/** The colours of the theme on show. */
function coloursOf(root: HTMLElement): Colours {
  const style = getComputedStyle(root);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

async function drawn(svg: Blob, width: number, height: number, scale: number): Promise<Blob | null> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
