import type { CaptureState } from '../../src/messages.ts';
import { noted } from '../engine-words.ts';
import { between, clockUtc, count, dateUtc, size } from '../format.ts';
import { clockDigits } from './format.ts';
import { words } from './words.ts';

/** Nothing is selected: what the open capture is, what was written into it, and what was left out of it. */
export function CaptureView({ capture }: { readonly capture: CaptureState }) {
  const { firstTime, lastTime } = capture;
  const day = (time: string): string => `${dateUtc(time)} ${clockUtc(time, clockDigits(time))} UTC`;
  return (
    <div className="ins-now-body">
      <div>
        <h2>{words.empty}</h2>
        <p>{words.emptyAdvice}</p>
      </div>
      <section className="ins-box-plain" data-testid="capture-facts">
        <h3>{words.aboutCapture}</h3>
        <dl className="facts selectable">
          <dt>{words.facts.place}</dt>
          <dd>{capture.path}</dd>
          <dt>{words.facts.format}</dt>
          <dd>{words.formatAndSize(capture.format, capture.compression === 'gzip', size(capture.fileBytes))}</dd>
          <dt>{words.facts.packets}</dt>
          <dd>{words.packetsAndBytes(count(capture.packets), count(capture.bytes))}</dd>
          {firstTime !== null && lastTime !== null && (
            <>
              <dt>{words.facts.first}</dt>
              <dd>{day(firstTime)}</dd>
              <dt>{words.facts.last}</dt>
              <dd>{day(lastTime)}</dd>
              <dt>{words.facts.lasted}</dt>
              <dd>{between(firstTime, lastTime)}</dd>
            </>
          )}
          {capture.interfaces.map((each, i) => (
            // Interfaces only ever come at the end of the list.
            <Interface key={i} item={each} number={i} of={capture.interfaces.length} />
          ))}
        </dl>
      </section>
      {capture.comments.length > 0 && (
        <section className="ins-box-plain" data-testid="capture-comments">
          <h3>{words.comment}</h3>
          {[...new Set(capture.comments)].map((each) => (
            <p key={each} className="ins-said selectable">
              {each}
            </p>
          ))}
        </section>
      )}
      {capture.notes.length > 0 && (
        <section className="ins-box-plain" data-testid="capture-notes">
          <h3>{words.leftOut}</h3>
          {capture.notes.map((each) => (
            <p key={each} className="ins-said selectable">
              {noted(each)}
            </p>
          ))}
        </section>
      )}
    </div>
  );
}

interface InterfaceProps {
  readonly item: CaptureState['interfaces'][number];
  readonly number: number;
  readonly of: number;
}

function Interface({ item, number, of }: InterfaceProps) {
  const name = [item.name, item.description].filter((part) => part !== null && part !== '').join(' · ');
  return (
    <>
      <dt>{of === 1 ? words.facts.interface : words.interfaceNumber(number)}</dt>
      <dd>
        {[name, item.linkTypeName, ...(of === 1 ? [] : [words.packetsOf(count(item.packets))])].filter((part) => part !== '').join(', ')}
        <br />
        <span className={item.dropped === null || item.dropped === 0 ? 'quiet' : 'warnc'}>
          {item.dropped === null ? words.dropsNotRecorded : words.droppedThere(count(item.dropped))}
        </span>
      </dd>
    </>
  );
}
