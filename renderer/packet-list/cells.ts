/** Cells of the list, drawn without React: a screen of rows is redrawn many times a second in a live capture. */
import type { ICellRendererComp, ICellRendererParams } from 'ag-grid-community';
import type { Mark, RowSummary } from '../../src/messages.ts';
import { printableLines } from '../../src/words/printable.ts';
import { named } from '../engine-words.ts';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { infoPieces } from './info.ts';

type Params = ICellRendererParams<RowSummary>;

const SVG = 'http://www.w3.org/2000/svg';
/** Shapes (24 × 24, stroked) that stand beside the word of a mark. */
const ICONS = {
  repeat: ['m17 2 4 4-4 4', 'M3 11v-1a4 4 0 0 1 4-4h14', 'm7 22-4-4 4-4', 'M21 13v1a4 4 0 0 1-4 4H3'],
  alert: [
    'M12 16h.01',
    'M12 8v4',
    'M15.312 2a2 2 0 0 1 1.414.586l4.688 4.688A2 2 0 0 1 22 8.688v6.624a2 2 0 0 1-.586 1.414l-4.688 4.688a2 2 0 0 1-1.414.586H8.688a2 2 0 0 1-1.414-.586l-4.688-4.688A2 2 0 0 1 2 15.312V8.688a2 2 0 0 1 .586-1.414l4.688-4.688A2 2 0 0 1 8.688 2z',
  ],
  gap: ['M5 12h2', 'M17 12h2', 'M11 5v14', 'M13 5v14'],
  torn: [
    'm18.84 12.25 1.72-1.71a5 5 0 0 0-7.07-7.07l-1.72 1.71',
    'm5.17 11.75-1.71 1.71a5 5 0 0 0 7.07 7.07l1.71-1.71',
    'M8 2v3M2 8h3M16 19v3M19 16h3',
  ],
} as const;

function icon(paths: readonly string[]): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

function span(className: string, text: string): HTMLSpanElement {
  const node = document.createElement('span');
  node.className = className;
  node.textContent = printableLines(text);
  return node;
}

/** A mark: shape and word. */
function markNode(mark: Mark): HTMLSpanElement {
  const node = document.createElement('span');
  node.className = `mk ${mark.kind}`;
  if (mark.kind === 'bad') node.append(icon(ICONS.alert));
  else if (mark.kind === 'warn') node.append(icon(/gap|segment/i.test(mark.text) ? ICONS.gap : ICONS.repeat));
  node.append(named(mark.text));
  return node;
}

/**
 * All that a cell draws of a row, as one text. Where rows of the grid get other packets, cells are drawn anew in which this differs: what is read (`cellText`)
 * is not enough, since the same words may come from a mark or from the packet.
 */
export function drawnOf(row: RowSummary, column: 'source' | 'destination' | 'protocol' | 'info'): string {
  switch (column) {
    case 'source':
      return `${row.sourcePort}\n${row.source}`;
    case 'destination':
      return `${row.destinationPort}\n${row.destination}`;
    case 'protocol':
      return `${row.hue}\n${row.protocol}`;
    case 'info':
      return [row.marks.length, ...row.marks.map(({ kind, text }) => `${kind}\n${text}`), row.info].join('\n');
  }
}

abstract class Cell implements ICellRendererComp<RowSummary> {
  readonly #gui = document.createElement('span');

  init(params: Params): void {
    this.#show(params.data);
  }

  getGui(): HTMLElement {
    return this.#gui;
  }

  refresh(params: Params): boolean {
    this.#show(params.data);
    return true;
  }

  #show(row: RowSummary | undefined): void {
    this.#gui.replaceChildren(...(row === undefined ? [] : this.draw(row)));
  }

  protected abstract draw(row: RowSummary): readonly (Node | string)[];
}

export class SourceCell extends Cell {
  protected draw(row: RowSummary): readonly (Node | string)[] {
    return row.sourcePort === '' ? [row.source] : [row.source, span('port', `:${row.sourcePort}`)];
  }
}

export class DestinationCell extends Cell {
  protected draw(row: RowSummary): readonly (Node | string)[] {
    return row.destinationPort === '' ? [row.destination] : [row.destination, span('port', `:${row.destinationPort}`)];
  }
}

export class ProtocolCell extends Cell {
  protected draw(row: RowSummary): readonly (Node | string)[] {
    return [span(`pill L-${row.hue}`, row.protocol)];
  }
}

export class InfoCell extends Cell {
  protected draw(row: RowSummary): readonly (Node | string)[] {
    const nodes: (Node | string)[] = row.marks.map(markNode);
    for (const piece of infoPieces(row.info)) {
      nodes.push(piece.kind === 'plain' ? printableLines(piece.text) : span(piece.kind === 'flags' ? 'fl' : 'k', piece.text));
    }
    return nodes;
  }
}

/** Full-width row that marks where a damaged file ends. */
export class DamageRow implements ICellRendererComp<RowSummary> {
  readonly #gui = document.createElement('div');

  init(): void {
    this.#gui.className = 'damage-row';
    this.#gui.dataset.testid = 'damage-row';
    this.refresh();
  }

  getGui(): HTMLElement {
    return this.#gui;
  }

  refresh(): boolean {
    const damage = useApp.getState().capture?.damage ?? null;
    const name = document.createElement('b');
    name.textContent = words.damage;
    this.#gui.replaceChildren(...(damage === null ? [] : [icon(ICONS.torn), name, span('mid', words.damageRow(damage))]));
    return true;
  }
}
