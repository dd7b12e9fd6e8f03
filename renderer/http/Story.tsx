import type { CookieSent, CookieSet, ExchangeHeader, ExchangeStory } from '../../src/messages.ts';
import { storySentences as sentences, storyWords as words } from '../../src/words/story-words.ts';
import { count } from '../format.ts';
import { words as http } from './words.ts';

/** Other exchanges named beside one cookie. */
const MOST_NAMED = 8;

/** Number of an exchange as the table shows it, and the way there. */
function ExchangeLink({ exchange, onExchange }: { readonly exchange: number; readonly onExchange: (exchange: number) => void }) {
  return (
    <button
      type="button"
      className="http-ref exchange"
      aria-label={words.exchange(count(exchange + 1))}
      onClick={() => onExchange(exchange)}
    >
      #{count(exchange + 1)}
    </button>
  );
}

export interface StoryProps {
  readonly story: ExchangeStory;
  readonly exchange: number;
  readonly onExchange: (exchange: number) => void;
  readonly onShowPacket: (row: number) => void;
}

/** What happened on an exchange, in sentences with links to the packets that prove them and to the exchanges that they tell of. */
export function Story({ story, exchange, onExchange, onShowPacket }: StoryProps) {
  const { redirects } = story.thread;
  return (
    <div className="http-story" data-testid="http-story">
      <h3>{words.title}</h3>
      <ul>
        {story.facts.map((fact, k) => (
          <li key={`${fact.kind} ${k + 1}`} className={fact.tone}>
            {sentences[fact.kind](fact.values)}{' '}
            {fact.exchanges.map((each) => (
              <ExchangeLink key={each} exchange={each} onExchange={onExchange} />
            ))}
            {fact.rows.map((row) => (
              <button
                key={row}
                type="button"
                className="http-ref"
                aria-label={words.packet(count(row + 1))}
                onClick={() => onShowPacket(row)}
              >
                {count(row + 1)}
              </button>
            ))}
          </li>
        ))}
      </ul>
      {redirects.length > 1 && (
        <p className="http-chain">
          <b>{words.chain}</b>{' '}
          {redirects.map((each, k) => (
            <span key={each}>
              {k > 0 && ' → '}
              {each === exchange ? <b>#{count(each + 1)}</b> : <ExchangeLink exchange={each} onExchange={onExchange} />}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

export interface CookiesProps {
  readonly sent: readonly CookieSent[];
  readonly set: readonly CookieSet[];
  readonly secrets: boolean;
  readonly onExchange: (exchange: number) => void;
}

/** Cookies of a message, each with its attributes and with the exchanges that set it or sent it back. */
export function Cookies({ sent, set, secrets, onExchange }: CookiesProps) {
  if (sent.length === 0 && set.length === 0) return null;
  const value = (text: string) => (secrets ? text : <span title={http.maskedTitle}>{http.masked}</span>);
  return (
    <section className="http-cookies" aria-label={words.cookies} data-testid="http-cookies">
      <h4>{words.cookies}</h4>
      <dl className="http-headers">
        {sent.map((cookie, k) => (
          <div key={`${cookie.name} ${k + 1}`}>
            <dt>{cookie.name}</dt>
            <dd>
              {value(cookie.value)}{' '}
              <span className="http-said">
                {cookie.setBy === null ? (
                  words.notSet
                ) : (
                  <>
                    {words.setBy} <ExchangeLink exchange={cookie.setBy} onExchange={onExchange} />
                  </>
                )}
              </span>
            </dd>
          </div>
        ))}
        {set.map((cookie, k) => (
          <div key={`${cookie.name} ${k + 1}`}>
            <dt>{cookie.name}</dt>
            <dd>
              {value(cookie.value)}
              <Attributes attributes={cookie.attributes} />
              <span className="http-said">
                {cookie.removal && words.removed}
                {!cookie.removal && cookie.times === 0 && words.notSentBack}
                {cookie.times > 0 && (
                  <>
                    {words.sentBack(count(cookie.times))}{' '}
                    {cookie.sentBack.slice(0, MOST_NAMED).map((each) => (
                      <ExchangeLink key={each} exchange={each} onExchange={onExchange} />
                    ))}
                    {cookie.times > MOST_NAMED && ` ${words.more(count(cookie.times - MOST_NAMED))}`}
                  </>
                )}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Attributes({ attributes }: { readonly attributes: readonly ExchangeHeader[] }) {
  const lasts = attributes.some(({ name }) => /^(max-age|expires)$/i.test(name));
  return (
    <span className="http-attributes">
      {attributes.map(({ name, value }, k) => (
        <span key={`${name} ${k + 1}`}>
          {name}
          {value === '' ? '' : `=${value}`}
        </span>
      ))}
      {!lasts && <span className="quiet">{words.session}</span>}
    </span>
  );
}

/** User and password of Basic credentials (RFC 7617); null for others. */
export function basicOf(headers: readonly ExchangeHeader[]): { user: string; password: string } | null {
  for (const { name, value } of headers) {
    const coded = /^(proxy-)?authorization$/i.test(name) ? /^basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(value)?.[1] : undefined;
    if (coded === undefined) continue;
    try {
      const text = new TextDecoder().decode(Uint8Array.from(atob(coded), (c) => c.charCodeAt(0)));
      const colon = text.indexOf(':');
      return { user: colon < 0 ? text : text.slice(0, colon), password: colon < 0 ? '' : text.slice(colon + 1) };
    } catch {
      // Not base64: shown as it was sent.
    }
  }
  return null;
}
