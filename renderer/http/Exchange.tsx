import { useState } from 'react';
import type { ExchangeDetail, ExchangeMessage, ExchangeStory, Transport } from '../../src/messages.ts';
import { entryOf } from '../../src/words/entry-of.ts';
import { storyWords } from '../../src/words/story-words.ts';
import { count, span } from '../format.ts';
import { copyText } from '../ui/clipboard.ts';
import { OutcomeShape } from '../ui/table-cells.tsx';
import { useAgain } from '../ui/useAgain.ts';
import { useSave } from '../ui/useSave.ts';
import { Body } from './Body.tsx';
import { curlCommand, SECRET } from './curl.ts';
import { fileName } from './download.ts';
import { meaningOf, pathOf, toneOf } from './model.ts';
import { basicOf, Cookies, Story } from './Story.tsx';
import { words } from './words.ts';

export interface ExchangeProps {
  readonly transport: Transport;
  readonly capture: number;
  readonly exchange: number;
  /** Changes when the capture has grown. */
  readonly tick: number;
  readonly onShowPacket: (row: number) => void;
  readonly onShowConnection: (stream: number) => void;
  /** Another exchange is to be shown. */
  readonly onExchange: (exchange: number) => void;
}

/** One exchange: where its time went, its request, its response. */
export function Exchange(props: ExchangeProps) {
  const { transport, capture, exchange, tick } = props;
  const [read, setRead] = useState<{ key: string; detail: ExchangeDetail | null } | null>(null);
  const key = `${capture} ${exchange}`;
  // A growing capture may have completed it: read again, the old one staying on show until the new has come.
  useAgain(key, tick, async (over) => {
    const answer = await transport.engine('exchange', { exchange });
    if (!over()) setRead({ key, detail: answer.ok ? answer.value : null });
  });
  const story = useStory(transport, key, exchange, tick);
  if (read === null || read.key !== key) return <div className="http-detail" />;
  if (read.detail === null) return <p className="tv-message">{words.failed}</p>;
  return <Detail {...props} detail={read.detail} story={story} />;
}

/** The account: at first what the exchange's own packets tell, then what others have to do with it. Null until it is there. */
function useStory(transport: Transport, key: string, exchange: number, tick: number): ExchangeStory | null {
  const [story, setStory] = useState<{ key: string; story: ExchangeStory | null } | null>(null);
  useAgain(key, tick, async (over) => {
    for (;;) {
      const answer = await transport.engine('exchangeStory', { exchange });
      if (over()) return;
      setStory({ key, story: answer.ok ? answer.value : null });
      // What others have to do with it is not known yet: that comes with a later answer.
      if (!answer.ok || answer.value.complete) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (over()) return;
    }
  });
  return story?.key === key ? story.story : null;
}

interface DetailProps extends ExchangeProps {
  readonly detail: ExchangeDetail;
  readonly story: ExchangeStory | null;
}

function Detail({ detail, story, ...props }: DetailProps) {
  const { summary, request, response } = detail;
  const meaning = meaningOf(summary);
  const methodMeaning = summary.method === null ? undefined : entryOf<string>(words.methodMeaning, summary.method);
  return (
    <div className="http-detail" data-testid="exchange">
      <section className="http-about" aria-label={words.timings.title}>
        <h2>
          {summary.method ?? words.noRequest} {pathOf(summary)}
        </h2>
        <p>
          <OutcomeShape tone={toneOf(summary)} />
          {summary.status === null ? words.noAnswer : `${summary.status} ${summary.reason ?? ''}`}
          {meaning !== undefined && <span className="quiet"> · {meaning}</span>}
          {summary.partial && <span className="warnc"> · {words.notWhole}</span>}
          <br />
          <button type="button" className="link" title={words.showConnection} onClick={() => props.onShowConnection(summary.stream)}>
            {words.position(count(summary.position), count(summary.ofConnection), String(summary.stream))}
          </button>
          {methodMeaning !== undefined && (
            <span className="quiet">
              <br />
              {summary.method}: {methodMeaning}
            </span>
          )}
        </p>
        <Timings detail={detail} />
        {story !== null && (
          <Story story={story} exchange={summary.exchange} onExchange={props.onExchange} onShowPacket={props.onShowPacket} />
        )}
      </section>
      <Message {...props} detail={detail} story={story} message={request} side="request" />
      <Message {...props} detail={detail} story={story} message={response} side="response" />
    </div>
  );
}

function Timings({ detail: { summary } }: { readonly detail: ExchangeDetail }) {
  const { timings } = summary;
  const parts = [
    ['handshake', words.timings.connect, timings.connectMs],
    ['send', words.timings.send, timings.sendMs],
    ['wait', words.timings.wait, timings.waitMs],
    ['receive', words.timings.receive, timings.receiveMs],
  ] as const;
  const whole = parts.reduce((sum, [, , ms]) => sum + Math.max(0, ms ?? 0), 0);
  const longest = Math.max(...parts.map(([, , ms]) => ms ?? 0));
  let before = 0;
  return (
    <table className="http-timings" aria-label={words.timings.title}>
      <tbody>
        {parts.map(([kind, name, ms]) => {
          const left = whole > 0 ? (before / whole) * 100 : 0;
          const width = whole > 0 ? (Math.max(0, ms ?? 0) / whole) * 100 : 0;
          before += Math.max(0, ms ?? 0);
          return (
            <tr key={kind} className={ms !== null && ms === longest && ms > 0 ? 'longest' : undefined}>
              <th scope="row">{name}</th>
              <td className="share" aria-hidden>
                {ms !== null && <i className={kind} style={{ left: `${left}%`, width: `max(1.5px, ${width}%)` }} />}
              </td>
              <td className="table-right">{ms === null ? words.timings.none : ms < 0 ? words.timings.early : span(ms / 1000)}</td>
            </tr>
          );
        })}
        <tr className="total">
          <th scope="row">{words.timings.total}</th>
          <td />
          <td className="table-right">{timings.totalMs === null ? words.timings.none : span(timings.totalMs / 1000)}</td>
        </tr>
      </tbody>
    </table>
  );
}

interface MessageProps extends DetailProps {
  readonly message: ExchangeMessage | null;
  readonly side: 'request' | 'response';
}

function Message({ detail, story, message, side, ...props }: MessageProps) {
  const [secrets, setSecrets] = useState(false);
  const [copied, setCopied] = useState(false);
  const { save } = useSave(props.transport);
  const [notSaved, setNotSaved] = useState('');
  const curl = side === 'request' ? curlCommand(detail, secrets) : null;
  const hasSecrets = message?.headers.some(({ name }) => SECRET.has(name.toLowerCase())) === true;
  return (
    <section className="http-message" aria-label={words[side]} data-testid={`http-${side}`}>
      <h3>
        {words[side]}
        {message !== null && (
          <button type="button" className="link" onClick={() => props.onShowPacket(message.frame - 1)}>
            {words.packet(count(message.frame))}
          </button>
        )}
        <span className="grow" />
        {hasSecrets && (
          <button type="button" aria-pressed={secrets} title={words.maskedTitle} onClick={() => setSecrets(!secrets)}>
            {secrets ? words.hide : words.show}
          </button>
        )}
        {curl !== null && (
          <button
            type="button"
            onClick={() =>
              void copyText(curl).then(() => {
                setCopied(true);
                setTimeout(() => setCopied(false), 1500);
              })
            }
          >
            {copied ? words.copied : words.copyCurl}
          </button>
        )}
      </h3>
      {message === null ? (
        <p className="quiet http-none">{side === 'request' ? words.noRequestMessage : words.noResponse}</p>
      ) : (
        <div className="http-scroll">
          <p className="http-start">{message.startLine}</p>
          <dl className="http-headers">
            {message.headers.map(({ name, value }, k) => (
              <div key={`${name} ${k + 1}`}>
                <dt>{name}</dt>
                <dd>{SECRET.has(name.toLowerCase()) && !secrets ? <span title={words.maskedTitle}>{words.masked}</span> : value}</dd>
              </div>
            ))}
          </dl>
          <Beside message={message} story={story} side={side} secrets={secrets} onExchange={props.onExchange} />
          {side === 'request' && detail.summary.requestFrame === null ? (
            <p className="quiet">{words.requestNotWhole}</p>
          ) : (
            <Body
              key={`${detail.summary.exchange} ${side}`}
              message={message}
              onSave={() =>
                void save({ what: 'body', exchange: detail.summary.exchange, side }, fileName(detail.summary, message.contentType)).then(
                  (saved) => setNotSaved(typeof saved === 'string' ? saved : ''),
                )
              }
            />
          )}
          {notSaved !== '' && (
            <p className="http-bad" role="alert">
              {notSaved}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

interface BesideProps {
  readonly message: ExchangeMessage;
  readonly story: ExchangeStory | null;
  readonly side: 'request' | 'response';
  readonly secrets: boolean;
  readonly onExchange: (exchange: number) => void;
}

/** What the header fields of a message say, in words: credentials, cookies, caching. */
function Beside({ message, story, side, secrets, onExchange }: BesideProps) {
  if (story === null) return null;
  const { thread } = story;
  const basic = side === 'request' ? basicOf(message.headers) : null;
  const hidden = (text: string) => (secrets ? text : words.masked);
  return (
    <>
      {basic !== null && (
        <p className="http-said">
          {storyWords.credentials}: Basic, {storyWords.user} {hidden(basic.user)}, {storyWords.password} {hidden(basic.password)}
        </p>
      )}
      {side === 'response' && thread.challenges.length > 0 && (
        <p className="http-said">
          {storyWords.asksFor}:{' '}
          {thread.challenges.map(({ scheme, realm }) => (realm === '' ? scheme : `${scheme} (${storyWords.realm(realm)})`)).join(', ')}
        </p>
      )}
      <Cookies
        sent={side === 'request' ? thread.cookies : []}
        set={side === 'response' ? thread.setCookies : []}
        secrets={secrets}
        onExchange={onExchange}
      />
      {!story.complete && <p className="http-said">{storyWords.reading}</p>}
      {side === 'response' && thread.freshness !== null && (
        <p className="http-said">
          {storyWords.caching}: {storyWords.freshness(thread.freshness)}
        </p>
      )}
    </>
  );
}
