/** The ladder as a picture that stands alone: an SVG with its colours in it and its fonts by name. Pure. */
import type { ConnectionDetail, LadderStep, TcpState } from '../../src/messages.ts';
import { printableLines } from '../../src/words/printable.ts';
import { named, noted } from '../engine-words.ts';
import { span } from '../format.ts';
import { letters } from '../language.ts';
import {
  arrowOf,
  groupsOf,
  isLate,
  isMissing,
  isUncaptured,
  lostWord,
  numbersOf,
  packetsOf,
  rttWords,
  runWords,
  STEP,
  stepDelta,
  stepTime,
  styleOf,
  toneOf,
} from './ladder-model.ts';
import { words } from './words.ts';

/** Colours of a theme by the names of its tokens. */
export type Colours = Readonly<Record<(typeof COLOURS)[number], string>>;

export const COLOURS = [
  'bg',
  'chrome',
  'line',
  'line-2',
  'text',
  'text-2',
  'text-3',
  'btn-text',
  'tra',
  'tra-bg',
  'tra-line',
  'tra-fill',
  'app',
  'app-fill',
  'warn',
  'warn-bg',
  'warn-line',
  'bad',
] as const;

/** Most steps of a picture: what follows is counted in its last line. */
export const MOST_STEPS = 20_000;

export const WIDTH = 1120;
const HEAD = 88;
/** Lifelines and the columns beside them, as in the window. */
const CLIENT = 276;
const SERVER = WIDTH - 196;
const FONT = "'Inter Variable', Inter, 'Segoe UI', system-ui, sans-serif";

export interface LadderPicture {
  readonly detail: ConnectionDetail;
  readonly steps: readonly LadderStep[];
  /** Steps of the connection that are not among `steps`. */
  readonly left: number;
  readonly colours: Colours;
}

/** Height of the picture in px. */
export function pictureHeight({ steps, left }: Pick<LadderPicture, 'steps' | 'left'>): number {
  return HEAD + (steps.length + 1) * STEP + (left > 0 ? STEP : 0) + 12;
}

/** Characters that a document may not hold, or that mean something to it. */
function escaped(text: string): string {
  return printableLines(text)
    .replace(/[\ufffe\uffff]/g, '·')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '·')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Width of a text of this font size, about. */
const widthOf = (text: string, size: number): number => text.length * size * 0.56;

export function ladderSvg(picture: LadderPicture): string {
  const { detail, steps, left, colours: c } = picture;
  const { summary } = detail;
  const height = pictureHeight(picture);
  const out: string[] = [];
  const text = (x: number, y: number, content: string, more = ''): void => {
    out.push(`<text x="${x}" y="${y}" ${more}>${escaped(content)}</text>`);
  };
  const title = `${summary.client} → ${summary.server}`;
  out.push(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}" font-size="11" fill="${c.text}">`,
    `<title>${escaped(title)}</title>`,
    `<defs><pattern id="closing" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="${c['tra-bg']}"/><rect width="3" height="6" fill="${c['tra-fill']}"/></pattern>`,
    `<pattern id="idle" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="10" height="10" fill="${c.bg}"/><rect width="5" height="10" fill="${c.chrome}"/></pattern>`,
    `<pattern id="wait" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="10" height="10" fill="${c.bg}"/><rect width="5" height="10" fill="${c['warn-bg']}"/></pattern></defs>`,
    `<rect width="${WIDTH}" height="${height}" fill="${c.bg}"/><rect width="${WIDTH}" height="${HEAD - 2}" fill="${c.chrome}"/>`,
  );
  text(16, 24, title, 'font-size="14" font-weight="640"');
  const facts = [
    summary.resetState === null ? named(summary.outcome) : words.resetIn(named(summary.outcome), summary.resetState),
    summary.context,
    `${words.handshake} ${rttWords(detail)}`,
    `${words.lasted} ${span(summary.durationMs / 1000)}`,
    detail.options === '' ? '' : detail.options,
  ];
  text(16, 44, facts.filter((fact) => fact !== '').join(' · '), `fill="${c['text-2']}"`);
  const started = summary.handshake !== 'not-captured';
  const quiet = `fill="${c['text-3']}"`;
  text(30, 74, started ? words.sinceSyn : words.sinceFirst, quiet);
  text(CLIENT - 8, 74, words.client, 'font-weight="640" text-anchor="end"');
  text((CLIENT + SERVER) / 2, 74, words.capturedAt[detail.capturedAt], `${quiet} text-anchor="middle"`);
  text(SERVER + 8, 74, words.server, 'font-weight="640"');
  text(WIDTH - 12, 74, words.packet, `${quiet} text-anchor="end"`);
  out.push(`<path d="M0 ${HEAD - 2}H${WIDTH}" stroke="${c.line}"/>`);

  for (const group of groupsOf(steps, 0)) {
    const top = HEAD + (group.from + 1) * STEP;
    const length = (group.to - group.from) * STEP;
    const fill = group.hue === 'app' ? c['app-fill'] : c['tra-fill'];
    out.push(`<rect x="4" y="${top}" width="3" height="${length - 1}" fill="${fill}"/>`);
    const label = letters(group.label) * 5.4 > length ? `${group.label.slice(0, Math.max(0, Math.floor(length / 5.4) - 1))}…` : group.label;
    if (length > 2 * STEP)
      text(
        0,
        0,
        label,
        `font-size="9.5" fill="${group.hue === 'app' ? c.app : c.tra}" text-anchor="middle" transform="translate(17 ${top + length / 2}) rotate(-90)"`,
      );
  }

  const life = (state: TcpState | null, x: number, y: number): void => {
    const style = styleOf(state);
    if (style === 'off' || style === 'time-wait')
      out.push(`<path d="M${x} ${y}v${STEP}" stroke="${c['text-3']}" stroke-width="1.5" stroke-dasharray="4 3.667"/>`);
    else {
      const fill = style === 'handshake' ? c['tra-line'] : style === 'established' ? c['tra-fill'] : 'url(#closing)';
      out.push(`<rect x="${x - 3.5}" y="${y}" width="7" height="${STEP}" fill="${fill}"/>`);
    }
  };
  const stateName = (state: TcpState, client: boolean, y: number): void => {
    const width = widthOf(state, 10) * 1.16 + 10;
    const x = client ? CLIENT - 10 - width : SERVER + 10;
    const solid = styleOf(state) === 'established';
    const dashed = styleOf(state) === 'off' || styleOf(state) === 'time-wait';
    out.push(
      `<rect x="${x}" y="${y + 3}" width="${width}" height="17" rx="3" fill="${solid ? c['tra-fill'] : styleOf(state) === 'handshake' ? c['tra-bg'] : c.bg}" stroke="${solid ? c['tra-fill'] : dashed ? c['line-2'] : c['tra-line']}"${dashed ? ' stroke-dasharray="3 2"' : ''}/>`,
    );
    text(
      x + width / 2,
      y + 15,
      state,
      `font-size="10" font-weight="600" text-anchor="middle" fill="${solid ? c['btn-text'] : dashed ? c['text-2'] : c.tra}"`,
    );
  };

  let y = HEAD;
  life(detail.initialClientState, CLIENT, y);
  life(detail.initialServerState, SERVER, y);
  if (detail.initialClientState !== null) stateName(detail.initialClientState, true, y);
  if (detail.initialServerState !== null) stateName(detail.initialServerState, false, y);
  if (!started && detail.initialClientState === null && detail.initialServerState === null)
    text((CLIENT + SERVER) / 2, y + 15, words.startNotCaptured, `${quiet} text-anchor="middle"`);

  steps.forEach((step, index) => {
    y = HEAD + (index + 1) * STEP;
    life(step.clientState, CLIENT, y);
    life(step.serverState, SERVER, y);
    if (step.kind === 'lost') text(30, y + 15, words.inferred, `${quiet} font-style="italic"`);
    else if (step.kind !== 'silence') {
      text(30, y + 15, stepTime(step.time));
      text(160, y + 15, stepDelta(step.delta, index === 0), `${quiet} text-anchor="end"`);
    }
    if (step.clientChanged && step.clientState !== null) stateName(step.clientState, true, y);
    if (step.serverChanged && step.serverState !== null) stateName(step.serverState, false, y);
    if (packetsOf(step) !== '') text(WIDTH - 12, y + 15, packetsOf(step), `${quiet} text-anchor="end"`);
    out.push(...drawStep(step, y, c));
  });
  if (left > 0) text((CLIENT + SERVER) / 2, y + STEP + 15, words.moreSteps(left), `${quiet} text-anchor="middle"`);
  out.push('</svg>');
  return out.join('\n');
}

/** One part of a label. */
interface Part {
  readonly text: string;
  readonly style: string;
}

/** As many parts as fit in a width; the one that does not is cut. */
function fitted(parts: readonly Part[], width: number): Part[] {
  const out: Part[] = [];
  let rest = width / (11 * 0.56);
  for (const part of parts) {
    if (part.text.length > rest) {
      if (rest > 4) out.push({ ...part, text: `${part.text.slice(0, Math.floor(rest) - 1)}…` });
      break;
    }
    out.push(part);
    rest -= part.text.length + 2;
  }
  return out;
}

function label(parts: readonly Part[], x: number, y: number, width: number, halo: string | null): string {
  const shown = fitted(parts, width);
  const spans = shown.map((part, i) => `<tspan${i === 0 ? '' : ' dx="7"'} ${part.style}>${escaped(part.text)}</tspan>`);
  if (halo === null) return `<text x="${x}" y="${y}" text-anchor="middle">${spans.join('')}</text>`;
  // A halo round the letters whatever their font is, and below the gaps between them a box that is sure to be narrower than the text.
  const sure = shown.reduce((sum, part) => sum + letters(part.text) * 11 * 0.48 + 7, -7);
  return [
    `<rect x="${(x - sure / 2).toFixed(1)}" y="${y - 11}" width="${sure.toFixed(1)}" height="15" fill="${halo}"/>`,
    `<text x="${x}" y="${y}" text-anchor="middle" stroke="${halo}" stroke-width="6" stroke-linejoin="round" paint-order="stroke">${spans.join('')}</text>`,
  ].join('');
}

const toneColour = (tone: 'warn' | 'bad' | null, c: Colours, other: string): string => (tone === null ? other : c[tone]);

function partsOf(step: LadderStep, c: Colours): Part[] {
  const parts: Part[] = [];
  if (step.kind === 'lost') parts.push({ text: lostWord(step), style: `font-weight="600" fill="${c.warn}"` });
  if (step.handshake !== 0 && !step.marks.some((mark) => mark.kind === 'handshake'))
    parts.push({ text: `${step.handshake}/3`, style: `fill="${c.tra}"` });
  if (step.kind !== 'lost') {
    for (const mark of step.marks) {
      const fill = mark.kind === 'bad' ? c.bad : mark.kind === 'warn' ? c.warn : mark.kind === 'handshake' ? c.tra : c['text-2'];
      parts.push({ text: named(mark.text), style: `font-weight="600" fill="${fill}"` });
    }
  }
  if (step.application !== '') parts.push({ text: step.application, style: `font-weight="600" fill="${c.app}"` });
  if (step.kind === 'packet' && step.flags !== '') parts.push({ text: step.flags, style: `font-weight="600"` });
  for (const number of numbersOf(step)) parts.push({ text: `${number.label} ${number.value}`, style: '' });
  if (step.options !== '') parts.push({ text: step.options, style: `fill="${c['text-3']}"` });
  if (step.kind === 'lost') parts.push({ text: step.note === '' ? words.lostWhere : noted(step.note), style: `fill="${c['text-3']}"` });
  return parts;
}

function drawStep(step: LadderStep, y: number, c: Colours): string[] {
  const [from, to] = [CLIENT + 6, SERVER - 6];
  const middle = (from + to) / 2;
  const tone = toneOf(step);
  if (step.kind === 'run') {
    const run = runWords(step);
    const parts: Part[] = [];
    if (step.application !== '') parts.push({ text: step.application, style: `font-weight="600" fill="${c.app}"` });
    parts.push({ text: run.main, style: '' });
    if (run.acks !== '') parts.push({ text: run.acks, style: `fill="${c['text-3']}"` });
    for (const mark of step.marks) parts.push({ text: mark.text, style: `font-weight="600" fill="${toneColour(tone, c, c['text-2'])}"` });
    const tip = step.fromClient ? `M${to - 8} ${y + 4}l8 7.5l-8 7.5z` : `M${from + 8} ${y + 4}l-8 7.5l8 7.5z`;
    return [
      `<rect x="${from + 8}" y="${y + 3}" width="${to - from - 16}" height="${STEP - 6}" rx="3" fill="${c['tra-bg']}" stroke="${c['tra-line']}"/>`,
      `<path d="${tip}" fill="${c['tra-line']}"/>`,
      label(parts, middle, y + 15, to - from - 40, null),
    ];
  }
  if (step.kind === 'silence') {
    const waiting = !/\bidle\b/i.test(step.note);
    return [
      `<rect x="${from + 8}" y="${y + 3}" width="${to - from - 16}" height="${STEP - 6}" rx="3" fill="url(#${waiting ? 'wait' : 'idle'})"${waiting ? ` stroke="${c['warn-line']}"` : ''}/>`,
      label(
        [{ text: noted(step.note), style: waiting ? 'font-weight="540"' : `fill="${c['text-2']}"` }],
        middle,
        y + 15,
        to - from - 40,
        null,
      ),
    ];
  }
  const arrow = arrowOf(step);
  if (arrow === null) return [];
  const lost = step.kind === 'lost';
  const at = (share: number): number => from + ((to - from) * share) / 100;
  const [x1, x2] = [at(arrow.x1), at(arrow.x2)];
  const colour = lost ? c.warn : toneColour(tone, c, c['text-3']);
  const out = [
    `<path d="M${x1.toFixed(1)} ${(y + arrow.y1).toFixed(1)}L${x2.toFixed(1)} ${(y + arrow.y2).toFixed(1)}" stroke="${colour}" stroke-width="${tone === null && !lost ? 1.4 : 2}"${lost ? ' stroke-dasharray="5 4"' : ''}/>`,
  ];
  if (lost && !isLate(step) && !isMissing(step)) {
    const cross = y + arrow.y2;
    out.push(`<path d="M${x2 - 4} ${cross - 4}l8 8m0 -8l-8 8" stroke="${c.warn}" stroke-width="2.5"/>`);
  } else if (!isMissing(step) || isUncaptured(step)) {
    const back = step.fromClient ? -8 : 8;
    out.push(`<path d="M${x2} ${y + arrow.y2}l${back} -4.5v9z" fill="${toneColour(tone, c, c['text-2'])}"/>`);
  }
  const centre = lost ? at(step.fromClient ? 33 : 67) : middle;
  out.push(label(partsOf(step, c), centre, y + 15, lost ? (to - from) * 0.55 : to - from - 60, c.bg));
  return out;
}
