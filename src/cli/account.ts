/** `sevenfold account`: what happened on a TCP connection, or on an HTTP exchange, in sentences with the packets that prove them. */

import { accountOf } from '../connections/account.ts';
import { connectionCount } from '../connections/connections.ts';
import { storyOf } from '../engine/exchange-account.ts';
import { exchangeCount } from '../engine/exchange-read.ts';
import { httpFacts } from '../engine/http-facts.ts';
import type { AccountFact, ExchangeFact } from '../messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { sentences } from '../words/account-words.ts';
import { jsonText, printable } from '../words/printable.ts';
import { storySentences } from '../words/story-words.ts';
import { complain, readCapture, UNREADABLE, USAGE } from './load.ts';
import { Output } from './output.ts';

export interface AccountOptions {
  readonly file: string;
  /** 'tcp:N'. */
  readonly stream: string;
  /** Of an exchange on the stream: its position, from 1, as `http` shows it. */
  readonly exchange?: string | undefined;
  /** One JSON object per sentence. */
  readonly json: boolean;
}

type Fact = (AccountFact | ExchangeFact) & { readonly text: string };

export async function runAccount(options: AccountOptions): Promise<number> {
  const stream = /^tcp:(\d{1,9})$/.exec(options.stream)?.[1];
  if (stream === undefined) {
    complain(`--stream takes tcp:N with the number that tcp.stream shows, not "${options.stream}".`);
    return USAGE;
  }
  if (options.exchange !== undefined && !/^[1-9]\d{0,8}$/.test(options.exchange)) {
    complain(`--exchange takes the position of an exchange on its connection, from 1, not "${options.exchange}".`);
    return USAGE;
  }
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const { capture } = result;
  const number = Number(stream);
  let facts: Fact[] = [];
  let missing = '';
  if (number >= connectionCount(capture)) missing = `${options.file} has no TCP connection ${number}.`;
  else if (options.exchange === undefined) {
    facts = accountOf(capture, number).map((fact) => ({ ...fact, text: sentences[fact.kind](fact.values) }));
  } else {
    const p = capture.state(httpPairs);
    const position = Number(options.exchange);
    const exchange = Array.from({ length: exchangeCount(capture) }, (_, k) => k).find(
      (k) => p.stream[k] === number && p.position[k] === position,
    );
    if (exchange === undefined) missing = `TCP connection ${number} of ${options.file} has no HTTP exchange ${position}.`;
    else {
      // What exchanges have to do with each other stands in the heads of all.
      await capture.state(httpFacts).complete(() => true);
      facts = storyOf(capture, exchange).facts.map((fact) => ({ ...fact, text: storySentences[fact.kind](fact.values) }));
    }
  }
  if (missing !== '') {
    complain({ code: 'invalid', message: missing, advice: 'The commands connections and http list what there is.' });
    return UNREADABLE;
  }
  const out = new Output();
  for (const { kind, tone, values, rows, text } of facts) {
    const frames = rows.map((row) => row + 1);
    const said = printable(text);
    out.write(
      options.json
        ? `${jsonText({ kind, tone, text, frames, values })}\n`
        : `${said}${frames.length === 0 ? '' : `  [${frames.join(' ')}]`}\n`,
    );
    await out.drain();
  }
  await out.flush();
  return result.status;
}
