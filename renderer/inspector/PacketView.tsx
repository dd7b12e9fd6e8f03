import { ArrowLeft, ArrowRight, Info } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { PacketDetail } from '../../src/messages.ts';
import { clockUtc, count } from '../format.ts';
import type { BytesTab } from './Bytes.tsx';
import { Bytes } from './Bytes.tsx';
import { fieldAt, hueOf, layerIndexOf, tintsOf } from './fields.ts';
import { clockDigits } from './format.ts';
import type { InspectorProps } from './inspector-props.ts';
import { LayerCards } from './LayerCards.tsx';
import { NestingBar } from './NestingBar.tsx';
import { Panes } from './Panes.tsx';
import { openFor, said, spanOf, useBytesMode, useSelection } from './selection.ts';
import { words } from './words.ts';

/** One packet: header, nesting bar, layer cards, bytes. */
export function PacketView(props: InspectorProps & { readonly detail: PacketDetail }) {
  const { detail } = props;
  const { layers, sources } = detail;
  const { selection, setSelection, hover, setHover } = useSelection(layers, `${detail.capture}.${detail.row}`);
  const [tab, setTab] = useState(0);
  const [mode, setMode] = useBytesMode();
  const tabs = useMemo<BytesTab[]>(
    () =>
      sources.map((source, i) => ({
        name: words.source(source.name === '' ? words.frame : source.name, count(source.bytes.length)),
        bytes: source.bytes,
        base: 0,
        missing: i === 0 ? Math.min(65_536, Math.max(0, detail.length - detail.capturedLength)) : 0,
        tints: tintsOf(layers, i, source.bytes.length),
      })),
    [sources, layers, detail.length, detail.capturedLength],
  );
  const active = tab < tabs.length ? tab : 0;
  // The bytes follow the selection to its source; another packet begins with its frame.
  useEffect(() => {
    if (detail.row >= 0) setTab(selection !== null && selection.length > 0 ? selection.source : 0);
  }, [detail.row, selection]);
  const selectLayer = (index: number) => {
    const layer = layers[index];
    if (layer === undefined) return;
    props.onOpenCards({ ...props.openCards, [layer.protocol]: true });
    setSelection({ key: String(index), source: layer.source, offset: layer.offset, length: layer.headerLength || layer.length });
  };
  const digits = clockDigits(detail.time);
  const cut = detail.capturedLength < detail.length;
  const header = (
    <div className="pane-h">
      <b data-testid="packet-shown">{words.packet(count(detail.row + 1))}</b>
      <span title="UTC">{clockUtc(detail.time, digits)}</span>
      <span>{cut ? words.capturedOf(count(detail.capturedLength), count(detail.length)) : words.bytes(count(detail.length))}</span>
      <span className="ins-space" />
      {detail.stream !== null && detail.transport === 'tcp' && (
        <button
          type="button"
          className="ins-link"
          onClick={() => props.onConnection(detail.stream as number)}
          aria-label={words.openConnection(String(detail.stream))}
        >
          {words.connection(String(detail.stream))}
        </button>
      )}
      {detail.stream !== null && detail.transport !== null && (
        <button
          type="button"
          className="ins-link"
          onClick={() => props.onFollow(detail.transport as 'tcp' | 'udp', detail.stream as number)}
          aria-label={words.followStream(detail.transport, String(detail.stream))}
          title={`${words.followStream(detail.transport, String(detail.stream))} (S)`}
          data-testid="inspector-follow"
        >
          {detail.transport === 'udp' ? words.udpStream(String(detail.stream)) : words.stream}
        </button>
      )}
      {detail.stream !== null && (
        <>
          <button
            type="button"
            className="ins-icon"
            aria-label={words.previous}
            title={`${words.previous} (Ctrl ↑)`}
            onClick={() => props.onStep(-1)}
          >
            <ArrowLeft size={14} aria-hidden />
          </button>
          <button
            type="button"
            className="ins-icon"
            aria-label={words.next}
            title={`${words.next} (Ctrl ↓)`}
            onClick={() => props.onStep(1)}
          >
            <ArrowRight size={14} aria-hidden />
          </button>
        </>
      )}
    </div>
  );
  const comments = detail.comments.map((comment, i) => (
    <div key={`${i + 1} ${comment}`} className="ins-note ins-comment">
      <Info size={14} aria-hidden />
      <span>
        {words.comment}: {comment}
      </span>
    </div>
  ));
  return (
    <Panes
      {...props}
      header={
        <>
          {header}
          <NestingBar
            layers={layers}
            wireLength={detail.length}
            capturedLength={detail.capturedLength}
            selected={selection?.key == null ? -1 : layerIndexOf(selection.key)}
            onSelect={selectLayer}
          />
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
          {...(props.onColumn === undefined ? {} : { onColumn: props.onColumn })}
          onGoToPacket={props.onGoToPacket}
          onDecode={props.onDecode}
          onKeyLog={props.onKeyLog}
          certificates={detail.certificates}
          time={Number(detail.time)}
          before={comments.length === 0 ? undefined : comments}
        />
      }
      bytes={
        <Bytes
          title={words.bytesTitle}
          tabs={tabs}
          active={active}
          onActive={setTab}
          mode={mode}
          onMode={setMode}
          selection={spanOf(selection, active)}
          selectionHue={selection === null ? 'raw' : hueOf(layers, selection)}
          hover={spanOf(hover, active)}
          said={said(layers, selection)}
          onHover={(at) => setHover(at === null ? null : fieldAt(layers, active, at))}
          onPick={(at) => {
            const found = fieldAt(layers, active, at) ?? { key: null, source: active, offset: at, length: 1 };
            openFor(layers, found, props);
            setSelection(found);
          }}
          onSelect={(span) => setSelection({ key: null, source: active, offset: span.from, length: span.to - span.from })}
        />
      }
    />
  );
}
