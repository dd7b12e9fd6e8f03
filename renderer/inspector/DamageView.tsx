import { ChevronDown, CircleAlert, Info } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { DamageDetail } from '../../src/messages.ts';
import { failed, named } from '../engine-words.ts';
import { clockUtc, count } from '../format.ts';
import type { BytesTab } from './Bytes.tsx';
import { Bytes } from './Bytes.tsx';
import { damageBytes } from './damage.ts';
import { fieldAt, hueOf, layerIndexOf, rangeText, tintsOf } from './fields.ts';
import type { Span } from './hex.ts';
import type { InspectorProps } from './inspector-props.ts';
import { LayerCards } from './LayerCards.tsx';
import { NestingBar } from './NestingBar.tsx';
import { Panes } from './Panes.tsx';
import { openFor, said, spanOf, useBytesMode, useSelection } from './selection.ts';
import { words } from './words.ts';

/** The broken record of a damaged file: its header, the layers that are there, the bytes of the file around it. */
export function DamageView(props: InspectorProps & { readonly damage: DamageDetail }) {
  const { damage: detail } = props;
  const { damage, layers } = detail;
  const { selection, setSelection, hover, setHover } = useSelection(layers, detail);
  const [tab, setTab] = useState(0);
  const [mode, setMode] = useBytesMode();
  const [recordOpen, setRecordOpen] = useState(true);
  const file = useMemo(() => damageBytes(detail), [detail]);
  const packet = count(damage.packet);
  const tabs = useMemo<BytesTab[]>(() => {
    const first: BytesTab = { name: words.damageTab, bytes: file.bytes, base: file.base, missing: file.missing, tints: file.tints };
    if (detail.partial.length === 0) return [first];
    const tints = tintsOf(layers, 0, detail.partial.length);
    return [first, { name: words.packet(packet), bytes: detail.partial, base: 0, missing: file.missing, tints }];
  }, [detail, file, layers, packet]);
  // In the file the packet's bytes stand behind the record header; in its own tab they begin at 0.
  const shift = tab === 0 ? file.header.to : 0;
  const shifted = (span: Span | null): Span | null => (span === null ? null : { from: span.from + shift, to: span.to + shift });
  const selected = spanOf(selection, 0);
  const showLayers = layers.some((layer) => layer.protocol !== 'frame');
  const at = `0x${damage.offset.toString(16)}`;
  const unpacked = damage.packed !== 'no';
  const recordEnd = damage.offset + damage.promised;
  const said0 = selection === null ? words.recordAt(at) : said(layers, selection);
  const pick = (position: number) => (position < shift ? null : fieldAt(layers, 0, position - shift));
  return (
    <Panes
      {...props}
      header={
        <>
          <div className="pane-h">
            <b>{words.damage}</b>
            <span>{words.damageWhere(packet, count(damage.offset), unpacked)}</span>
          </div>
          {showLayers && (
            <NestingBar
              layers={layers}
              wireLength={file.wireLength}
              capturedLength={detail.partial.length}
              selected={selection?.key == null ? -1 : layerIndexOf(selection.key)}
              onSelect={(index) => {
                const layer = layers[index];
                if (layer === undefined) return;
                props.onOpenCards({ ...props.openCards, [layer.protocol]: true });
                setSelection({ key: String(index), source: 0, offset: layer.offset, length: layer.headerLength || layer.length });
              }}
              fileEnds
            />
          )}
        </>
      }
      cards={
        <LayerCards
          layers={layers}
          openCards={props.openCards}
          onOpenCards={props.onOpenCards}
          selection={selection}
          hoverKey={hover?.key ?? null}
          onSelect={setSelection}
          onHover={setHover}
          onFilter={props.onFilter}
          onGoToPacket={props.onGoToPacket}
          before={
            <section className="ins-card L-raw" data-testid="layer-card-record">
              <button type="button" className="ins-card-head" aria-expanded={recordOpen} onClick={() => setRecordOpen(!recordOpen)}>
                <ChevronDown size={12} aria-hidden style={recordOpen ? undefined : { transform: 'rotate(-90deg)' }} />
                <span className="ins-tag">–</span>
                <span className="ins-card-name">{words.recordHeader}</span>
                <span className="ins-card-pdu">{props.capture?.format ?? ''}</span>
                <span className="ins-card-summary">{words.atByte(count(damage.offset))}</span>
                <span className="ins-card-length">{count(file.header.to - file.header.from)} B</span>
              </button>
              {recordOpen && (
                <div className="ins-fields">
                  {detail.record.map((field) => (
                    <div key={`${field.offset} ${field.label}`} className="ins-field" style={{ paddingLeft: 24 }}>
                      <span className="ins-field-label" style={{ width: 142 }}>
                        {named(field.label)}
                      </span>
                      <span className="ins-field-value">
                        <span className="mono">{field.display}</span>
                        {field.label === 'Time' && <span className="gap quiet">{`${clockUtc(field.display, 6)} UTC`}</span>}
                      </span>
                      <span className="ins-field-range">{rangeText(field)}</span>
                    </div>
                  ))}
                  <div className="ins-note bad" style={{ marginLeft: 24 }}>
                    <CircleAlert size={14} aria-hidden />
                    <span>
                      {damage.kind === 'cut-short' && damage.promised > damage.present
                        ? words.missing(
                            count(damage.offset + damage.present),
                            count(recordEnd),
                            count(damage.promised - damage.present),
                            unpacked,
                          )
                        : failed(damage.message)}
                      {damage.packed === 'itself' &&
                        damage.kind === 'cut-short' &&
                        damage.promised > damage.present &&
                        ` ${failed(damage.message)}`}
                    </span>
                  </div>
                </div>
              )}
            </section>
          }
          after={
            <div className="ins-note">
              <Info size={14} aria-hidden />
              <span>{words.damageCounted(packet)}</span>
            </div>
          }
        />
      }
      bytes={
        <Bytes
          title={words.fileBytes(unpacked)}
          tabs={tabs}
          active={tab}
          onActive={setTab}
          mode={mode}
          onMode={setMode}
          selection={selected === null ? (tab === 0 ? file.header : null) : shifted(selected)}
          selectionHue={selection === null ? 'raw' : hueOf(layers, selection)}
          hover={shifted(spanOf(hover, 0))}
          said={said0}
          onHover={(position) => setHover(position === null ? null : pick(position))}
          onPick={(position) => {
            const found = pick(position);
            if (found !== null) openFor(layers, found, props);
            setSelection(found);
          }}
          onSelect={(span) =>
            setSelection(span.from < shift ? null : { key: null, source: 0, offset: span.from - shift, length: span.to - span.from })
          }
        />
      }
    />
  );
}
