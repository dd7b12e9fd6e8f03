import { ChevronDown, ChevronRight, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { memo, useMemo } from 'react';
import type { CertificateChain, LayerNode } from '../../src/messages.ts';
import { named, summed } from '../engine-words.ts';
import { count } from '../format.ts';
import { choiceOf } from '../store/decode-wish.ts';
import { words as mainWords } from '../words.ts';
import { Certificates } from './Certificates.tsx';
import { HELP_ID } from './FieldHelp.tsx';
import type { FieldKey } from './fields.ts';
import { parentOf, rangeText, valueParts, worstSeverity } from './fields.ts';
import type { FieldRowModel, NoteRowModel, RowModel } from './rows.ts';
import { INDENT, labelsWidth } from './rows.ts';
import { textWidth } from './text-width.ts';
import { words } from './words.ts';

/** Id of the row of a key, for aria-activedescendant. */
export const rowId = (key: FieldKey) => `ins-row-${key}`;

/** A layer as it is shown. */
export interface Card {
  readonly layer: LayerNode;
  readonly index: number;
  readonly open: boolean;
  readonly rows: readonly RowModel[];
  readonly total: number;
}

interface CardProps {
  readonly card: Card;
  readonly certificates: readonly CertificateChain[];
  readonly time: number;
  readonly selectedKey: FieldKey | null;
  readonly hoverKey: FieldKey | null;
  readonly helpKey: FieldKey | null;
  readonly onFold: (key: FieldKey, open: boolean) => void;
  readonly onGoToPacket: (row: number) => void;
  readonly onMore: (index: number) => void;
  readonly onDecode: ((table: string, value: string) => void) | undefined;
  readonly onKeyLog: (() => void) | undefined;
}

const sameCard = (a: CardProps, b: CardProps) =>
  a.card === b.card && a.selectedKey === b.selectedKey && a.hoverKey === b.hoverKey && a.helpKey === b.helpKey;

/** Handlers only close over the packet's layers, which a changed `card` always comes with, and over the folds in state setters. */
export const LayerCard = memo(function LayerCard(props: CardProps) {
  const { card, selectedKey, hoverKey } = props;
  const { layer, index, open } = card;
  const key = String(index);
  const choice = useMemo(() => (props.onDecode === undefined ? null : choiceOf(layer)), [layer, props.onDecode]);
  const worst = useMemo(() => worstSeverity(layer.fields), [layer]);
  const labels = useMemo(() => labelsWidth(card.rows, textWidth), [card]);
  // What applications say is not ours to translate.
  const summary = layer.hue === 'app' ? layer.summary : summed(layer.summary);
  const status = {
    whole: named(layer.pdu),
    short: words.shortLayer,
    unreassembled: words.unreassembledLayer,
    malformed: words.malformedLayer,
  }[layer.status];
  return (
    <section className={`ins-card L-${layer.hue}`} data-testid={`layer-card-${layer.protocol}`} role="none">
      <div
        id={rowId(key)}
        className={`ins-card-head${selectedKey === key ? ' sel' : ''}`}
        role="treeitem"
        tabIndex={-1}
        aria-level={1}
        aria-expanded={open}
        aria-selected={selectedKey === key}
        aria-label={words.layerCard(layer.short, summary)}
        data-key={key}
      >
        {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span className="ins-tag">{layer.osi === '' ? '–' : layer.osi}</span>
        <span className="ins-card-name" title={layer.title}>
          {layer.short}
        </span>
        <span className={`ins-card-pdu${layer.status === 'whole' ? '' : ' trouble'}`}>{status}</span>
        <span className="ins-card-summary">{summary}</span>
        {worst !== null && !open && (
          <span className={`ins-card-worst ${worst === 'error' ? 'bad' : 'warn'}`}>
            {worst === 'error' ? <CircleAlert size={12} aria-hidden /> : <TriangleAlert size={12} aria-hidden />}
            {words.severity[worst]}
          </span>
        )}
        {choice !== null && (
          <button
            type="button"
            className="ins-link ins-decode"
            tabIndex={-1}
            title={`${mainWords.decodeAs.layer} (D)`}
            onClick={(event) => {
              event.stopPropagation();
              props.onDecode?.(choice.table, choice.value);
            }}
            data-testid={`decode-${layer.protocol}`}
          >
            {mainWords.decodeAs.layer}
          </button>
        )}
        {layer.protocol === 'tls' && props.onKeyLog !== undefined && (
          <button
            type="button"
            className="ins-link ins-decode"
            tabIndex={-1}
            title={`${mainWords.keyLog.title} (K)`}
            onClick={(event) => {
              event.stopPropagation();
              props.onKeyLog?.();
            }}
            data-testid="keylog-open"
          >
            {mainWords.keyLog.layer}
          </button>
        )}
        <span className="ins-card-length">{layer.protocol === 'frame' ? '' : `${count(layer.headerLength || layer.length)} B`}</span>
      </div>
      {open &&
        props.certificates.map((chain, i) =>
          chain.layer === index ? <Certificates key={`${i + 1}`} chain={chain} time={props.time} /> : null,
        )}
      {open && card.rows.length > 0 && (
        <div className="ins-fields" role="none">
          {card.rows.map((row) =>
            row.kind === 'note' ? (
              <NoteRow key={row.key} row={row} selected={selectedKey === row.key} onGoToPacket={props.onGoToPacket} />
            ) : (
              <FieldRow
                key={row.key}
                row={row}
                hue={layer.hue}
                labels={labels}
                selectedKey={selectedKey !== null && (selectedKey === row.key || parentOf(selectedKey) === row.key) ? selectedKey : null}
                hovered={hoverKey === row.key}
                helpKey={
                  props.helpKey !== null && (props.helpKey === row.key || parentOf(props.helpKey) === row.key) ? props.helpKey : null
                }
                {...pick(props)}
              />
            ),
          )}
          {card.total > card.rows.length && (
            <button type="button" className="ins-more" onClick={() => props.onMore(index)}>
              {words.showMore(count(card.total - card.rows.length))}
            </button>
          )}
        </div>
      )}
    </section>
  );
}, sameCard);

type RowHandlers = Pick<CardProps, 'onFold' | 'onGoToPacket'>;

function pick(props: CardProps): RowHandlers {
  return { onFold: props.onFold, onGoToPacket: props.onGoToPacket };
}

interface FieldRowProps extends RowHandlers {
  readonly row: FieldRowModel;
  readonly hue: string;
  /** Width of the labels of the card, in px. */
  readonly labels: number;
  readonly selectedKey: FieldKey | null;
  readonly hovered: boolean;
  /** The field, or the bit of it, that help is open for. */
  readonly helpKey: FieldKey | null;
}

function FieldRow({ row, hue, labels, selectedKey, hovered, helpKey, onFold, onGoToPacket }: FieldRowProps) {
  const { field, key } = row;
  const selected = selectedKey === key;
  const parts = valueParts(field);
  const classes = ['ins-field'];
  if (selected) classes.push('sel');
  if (hovered) classes.push('hov');
  const value = (
    <>
      {parts.mono !== '' && <span className="mono">{parts.mono}</span>}
      {parts.text !== '' && <span className={parts.mono === '' ? '' : 'gap'}>{parts.text}</span>}
      {parts.quiet !== '' && <span className="gap quiet">{parts.quiet}</span>}
    </>
  );
  return (
    <>
      <div
        id={rowId(key)}
        className={classes.join(' ')}
        style={{ paddingLeft: 24 + row.depth * INDENT }}
        role="treeitem"
        tabIndex={-1}
        aria-level={row.depth + 2}
        aria-selected={selected}
        aria-expanded={row.foldable ? row.open : undefined}
        aria-label={`${field.label} ${field.display}`}
        aria-describedby={helpKey === key ? HELP_ID : undefined}
        data-testid={field.abbrev === '' ? undefined : `field-${field.abbrev}`}
        title={field.abbrev === '' ? field.label : undefined}
        data-key={key}
      >
        {row.foldable && (
          <button
            type="button"
            className="ins-twisty"
            style={{ left: 9 + row.depth * INDENT }}
            tabIndex={-1}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onFold(key, !row.open);
            }}
          >
            {row.open ? <ChevronDown size={11} /> : <ChevronRight size={11} />}
          </button>
        )}
        <span className="ins-field-label" style={field.display === '' ? { flex: 1 } : { width: Math.max(60, labels - row.depth * INDENT) }}>
          {field.label}
        </span>
        <span className={field.display === '' ? 'ins-field-value none' : 'ins-field-value'}>
          {field.generated && field.display !== '' && (
            <i className="ins-gen" title={words.generated}>
              ƒ
            </i>
          )}
          {field.link === null ? (
            value
          ) : (
            <button
              type="button"
              className="ins-link"
              tabIndex={-1}
              aria-label={words.goToPacket(count(field.link))}
              onClick={(event) => {
                event.stopPropagation();
                onGoToPacket((field.link as number) - 1);
              }}
            >
              {value}
            </button>
          )}
        </span>
        <span className="ins-field-range">{rangeText(field)}</span>
      </div>
      {row.bits !== null && (
        <div className={`ins-bits${selected ? ' sel' : ''}`} role="none" style={{ paddingLeft: 24 + row.depth * INDENT }}>
          {row.bits.map((bit) => {
            const bitKey = bit.index < 0 ? null : `${key}.${bit.index}`;
            const classes = ['ins-bit', `L-${hue}`];
            if (bit.set) classes.push('on');
            if (bit.width > 1 || bit.name.length > 6) classes.push('wide');
            if (bitKey !== null && bitKey === selectedKey) classes.push('sel');
            return (
              <button
                key={bit.from}
                id={bitKey === null || row.open ? undefined : rowId(bitKey)}
                type="button"
                tabIndex={-1}
                className={classes.join(' ')}
                disabled={bitKey === null}
                title={bitKey === null ? words.unnamedBits : bit.name.length > 6 ? bit.label : undefined}
                aria-label={`${bit.label} ${bit.bits}`}
                aria-describedby={bitKey !== null && bitKey === helpKey && !row.open ? HELP_ID : undefined}
                data-testid={bitKey === null || row.open ? undefined : `field-${field.children[bit.index]?.abbrev ?? ''}`}
                data-key={bitKey ?? undefined}
              >
                <span>{bit.name}</span>
                <b>{bit.bits}</b>
              </button>
            );
          })}
        </div>
      )}
    </>
  );
}

function NoteRow({
  row,
  selected,
  onGoToPacket,
}: {
  readonly row: NoteRowModel;
  readonly selected: boolean;
  readonly onGoToPacket: (row: number) => void;
}) {
  const { field } = row;
  const tone = field.severity === 'error' ? 'bad' : field.severity === 'warn' ? 'warn' : '';
  const Icon = field.severity === 'error' ? CircleAlert : field.severity === 'warn' ? TriangleAlert : Info;
  return (
    <div
      id={rowId(row.key)}
      className={`ins-note ${tone}${selected ? ' sel' : ''}`}
      style={{ marginLeft: 24 + row.depth * INDENT }}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 3}
      aria-selected={selected}
      data-testid={field.abbrev === '' ? undefined : `field-${field.abbrev}`}
      title={field.abbrev}
      data-key={row.key}
    >
      <Icon size={14} aria-hidden />
      <span>
        <span className="visually-hidden">{words.severity[field.severity ?? 'note']}: </span>
        {field.display === '' ? field.label : field.display}
        {field.link !== null && (
          <button
            type="button"
            className="ins-link ins-packet"
            tabIndex={-1}
            aria-label={words.goToPacket(count(field.link))}
            onClick={(event) => {
              event.stopPropagation();
              onGoToPacket((field.link as number) - 1);
            }}
          >
            {count(field.link)}
          </button>
        )}
      </span>
    </div>
  );
}
