/**
 * The engine: owns the one open capture and answers every question about it. Knows neither processes nor windows; `process.ts` leads
 * messages to it, tests call it directly.
 *
 * One loop does all long work in slices: read and index a piece, scan a slice for the filter, tell what changed, let others in.
 */
import { availableParallelism } from 'node:os';
import { accountInSteps } from '../connections/account.ts';
import { connectionCount } from '../connections/connections.ts';
import { applyDecodeAs, checkDecodeAs, decodeTables } from '../dissect/decode-as.ts';
import { markedRows } from '../dissect/marked-rows.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { openCapture } from '../file/open.ts';
import { knownField } from '../filter/fields.ts';
import { type CompiledFilter, checkFilter, compileFilter, complete, prepareFilters } from '../filter/index.ts';
import { rowsInSteps } from '../flow/stream-rows.ts';
import type {
  Answer,
  DecodeChoice,
  DecodeOptions,
  EngineControl,
  EngineEvents,
  EngineRequests,
  Failure,
  FilterCheck,
  ViewState,
} from '../messages.ts';
import { forgetDecodings } from '../protocols/http-body.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import { Capture } from './capture.ts';
import { damageDetail } from './damage.ts';
import { storyOf } from './exchange-account.ts';
import { exchangeCount } from './exchange-read.ts';
import { exchangeDetail, sortsByHead } from './exchanges.ts';
import { completionFacts } from './facets.ts';
import { FileWatch } from './file-watch.ts';
import { LONGEST_SEARCH } from './follow-search.ts';
import { httpFacts } from './http-facts.ts';
import { KeyLogs } from './key-logs.ts';
import { News } from './news.ts';
import { answersOf, type Open, rowsOf, stateOf } from './open.ts';
import { packetDetail } from './packet-detail.ts';
import { closedMeanwhile, noExchange, noStream, Refusal } from './refusal.ts';
import { dissects, MOST_TEXTS, orderRows } from './row-order.ts';
import { applicationWords } from './rows.ts';
import { Saving } from './saving.ts';
import { readAgain } from './second-reading.ts';
import { inSteps, Turns } from './turns.ts';
import { View } from './view.ts';

/** How long the answer to a new filter may take to find its first rows, ms. */
const ANSWER_MS = 40;
/** A file that has not the packets of a screen so long after it was opened is told of without them, ms. */
const FIRST_ROWS_MS = 100;
/** Reading takes two processors, drawing the window up to three: where these are the same ones, the first rows are drawn before reading goes on. */
const HOLDS_BACK = availableParallelism() < 4;
/** Longest wait for that, ms. */
const DRAWING_MS = 150;
type Requests = EngineRequests & EngineControl;
type RequestName = keyof Requests;
type Handlers = { readonly [N in RequestName]: (args: Requests[N]['args']) => Requests[N]['result'] | Promise<Requests[N]['result']> };

export type Emit = <N extends keyof EngineEvents>(name: N, value: EngineEvents[N]) => void;

/** Time for the heads of exchanges before an order by them is said to be unfinished, in ms. */
const HEADS_MS = 200;
/** Time for the heads of exchanges before an account is given without them, in ms. */
const STORY_MS = 1000;

export class Engine {
  readonly #emit: Emit;
  #open: Open | null = null;
  #views = 0;
  #running = false;
  readonly #news: News;
  readonly #saving: Saving;
  readonly #keyLogs = new KeyLogs();
  /** Counts opens, so that a late one does not replace a newer. */
  #turn = 0;
  /** The user's choices of protocols. */
  #choices: readonly DecodeChoice[] = [];
  /** The packets that are marked, and the number of their capture. */
  #marked: { readonly of: number; readonly rows: readonly number[] } = { of: -1, rows: [] };
  /** What was said of a file that is still being opened: how far it is whole, and that it has ended. */
  #early: { bytes: number; ended: boolean } | null = null;

  constructor(emit: Emit) {
    this.#emit = emit;
    this.#saving = new Saving((progress) => emit('saving', progress));
    this.#news = new News(
      (state) => emit('state', state),
      (view) => emit('view', view),
    );
  }

  /** What `answer` gives, as a promise, which never rejects. */
  handle(name: string, args: unknown): Promise<Answer<unknown>> {
    return new Promise((resolve) => this.answer(name, args, resolve));
  }

  /**
   * Answers a request whose name and arguments have been checked, once: before it returns, where nothing has to be waited for. So no event that tells of
   * what came later overtakes an answer.
   */
  answer(name: string, args: unknown, to: (answer: Answer<unknown>) => void): void {
    if (!Object.hasOwn(this.#handlers, name)) {
      to({ ok: false, failure: { code: 'invalid', message: `The engine knows no request "${name.slice(0, 40)}".` } });
      return;
    }
    const failed = (error: unknown): void => to({ ok: false, failure: failureOf(name, error) });
    let value: unknown;
    try {
      value = (this.#handlers[name as RequestName] as (args: unknown) => unknown)(args);
    } catch (error) {
      failed(error);
      return;
    }
    if (value instanceof Promise) value.then((later) => to({ ok: true, value: later }), failed);
    else to({ ok: true, value });
  }

  readonly #handlers: Handlers = {
    open: ({ path, capture, name, keyLogFile }) => this.#openFile(path, capture, name, false, keyLogFile),
    canOpen: async ({ path }) => {
      const opened = await openCapture(path);
      if (!opened.ok) throw new Refusal(opened.failure);
      await opened.reader.close();
      return null;
    },
    follow: ({ path, capture, name, keyLogFile }) => this.#openFile(path, capture, name, true, keyLogFile),
    grown: ({ bytes }) => {
      const open = this.#open;
      if (this.#early !== null) this.#early.bytes = Math.max(this.#early.bytes, bytes);
      if (open !== null && open.limit !== undefined && bytes > open.limit) {
        open.limit = bytes;
        open.waiting = false;
        this.#kick();
      }
      return null;
    },
    ended: () => {
      const open = this.#open;
      if (this.#early !== null) this.#early.ended = true;
      if (open?.live === true) {
        open.ended = true;
        open.limit = undefined;
        open.waiting = false;
        this.#kick();
      }
      return null;
    },
    close: async () => {
      this.#turn++;
      const turn = this.#turn;
      await this.#close();
      // Unless something else was opened while the file was being closed.
      if (turn === this.#turn) this.#emit('state', null);
      return null;
    },
    ping: () => null,
    save: async ({ path, ...content }) => {
      const open = this.#need();
      const turn = this.#turn;
      const answer = await this.#saving.write(open, content, path, () => turn === this.#turn);
      if (!answer.ok) throw new Refusal(answer.failure);
      return answer.value;
    },
    stopSaving: () => {
      this.#saving.stop();
      return null;
    },

    state: () => {
      const open = this.#open;
      if (open === null) return { capture: null, view: null, marked: [] };
      return { capture: stateOf(open), view: open.view.state, marked: open.capture.state(markedRows).rows };
    },
    stopReading: () => {
      const open = this.#need();
      if (open.phase === 'reading') this.#finish(open, 'stopped');
      this.#tell(true);
      return null;
    },
    stopScan: () => {
      this.#need().view.stop();
      this.#tell(true);
      return null;
    },
    setFilter: ({ text }) => this.#setFilter(text),
    checkFilter: ({ text }) => checkFilter(text),
    complete: async ({ text, caret }) => {
      const { facets } = this.#need();
      await facets.countOn(new Turns());
      return complete(text, caret, completionFacts(facets));
    },
    rows: ({ view, from, count, fields }) => {
      const open = this.#need();
      if (view !== open.view.id) return { stale: true, rows: [], matched: open.view.matched };
      const to = Math.min(open.view.matched, from + Math.min(count, 1000));
      return { stale: false, rows: rowsOf(open, from, to, fields), matched: open.view.matched };
    },
    drawn: (wish) => {
      this.#news.drawn(wish);
      this.#tell(false);
      return null;
    },
    positionOf: ({ view, row, nearest }) => {
      const open = this.#need();
      return view === open.view.id ? open.view.positionOf(row, nearest) : { position: -1, exact: false };
    },
    sortRows: ({ column, descending }) => {
      const open = this.#need();
      if (column !== null && dissects(column)) {
        if (column !== 'info' && !knownField(column)) {
          throw new Refusal({ code: 'invalid', message: `There is no column and no field "${column}".` });
        }
        if (open.view.matched > MOST_TEXTS) {
          throw new Refusal({
            code: 'unavailable',
            message: `Sorting by ${column === 'info' ? 'the info column' : column} dissects every packet, and ${open.view.matched.toLocaleString('en-US')} are too many for that.`,
            advice: `Filter the list down to ${MOST_TEXTS.toLocaleString('en-US')} packets or fewer first.`,
          });
        }
      }
      open.sorting = column === null ? null : { column, descending };
      this.#sort(open);
      return open.view.state;
    },
    setMarked: ({ capture, rows }) => {
      const open = this.#open;
      // While a capture is opened anew, its marks wait for it.
      if (open !== null && open.number !== capture) return null;
      this.#marked = { of: capture, rows };
      if (open === null) return null;
      this.#giveMarked(open.capture, open.number);
      if (open.view.filter?.asksMarks === true) this.#show(open, open.view.filter);
      return null;
    },
    packet: ({ row }) => {
      const { capture, number } = this.#need();
      this.#checkRow(capture, row);
      return packetDetail(capture, number, row);
    },
    neighbour: async ({ row, step }) => {
      const { capture } = this.#need();
      this.#checkRow(capture, row);
      const chunk = capture.packets.chunkOf(row);
      const stream = chunk.stream[row & CHUNK_MASK] as number;
      if (stream === NONE) return { row: null };
      const kind = ((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.Tcp) !== 0 ? 'tcp' : 'udp';
      const rows = await this.#inTurns(capture, rowsInSteps(capture, stream, kind));
      const at = rows.indexOf(row);
      return { row: at < 0 ? null : (rows[at + step] ?? null) };
    },
    damage: () => {
      const { capture } = this.#need();
      const { damage } = capture.reader;
      return damage === null ? null : damageDetail(capture, damage);
    },
    facets: () => {
      const { facets, view } = this.#need();
      return facets.of(view);
    },
    pulse: ({ until }) => this.#need().pulse.at(until),
    minimap: ({ view, buckets }) => {
      const open = this.#need();
      const other = (): boolean => this.#open?.view.id !== view;
      return other() ? [] : open.minimap.of(open.view, Math.max(0, Math.min(buckets, 4096)), other);
    },
    connections: ({ from, count, ...wish }) => {
      const { connections, view } = this.#need();
      return connections.rows(view, from, Math.min(count, 1000), wish);
    },
    connectionFilter: (wish) => {
      const { connections, view } = this.#need();
      return connections.filter(view, wish);
    },
    connectionPosition: async ({ stream, ...wish }) => {
      const { connections, view } = this.#need();
      return { position: await connections.position(view, stream, wish) };
    },
    statistics: ({ piece }) => {
      const { statistics, view } = this.#need();
      return statistics.summary(view, piece);
    },
    statisticsTable: (wish) => {
      const { statistics, view } = this.#need();
      return statistics.table(view, { ...wish, count: Math.min(wish.count, 1000) });
    },
    exchanges: async ({ from, count, sort, descending }) => {
      const { exchanges, view, capture } = this.#need();
      const done = sortsByHead(sort) ? await this.#heads(capture) : 1;
      if (done < 1) return exchanges.unsorted(view, done);
      return exchanges.rows(view, from, Math.min(count, 1000), sort, descending);
    },
    exchangePosition: async ({ exchange, sort, descending }) => {
      const { exchanges, view, capture } = this.#need();
      if (sortsByHead(sort) && (await this.#heads(capture)) < 1) return { position: -1 };
      return { position: await exchanges.position(view, exchange, sort, descending) };
    },
    exchange: ({ exchange }) => {
      const { capture, number } = this.#need();
      return exchange < exchangeCount(capture) ? exchangeDetail(capture, number, exchange) : noExchange(exchange);
    },
    exchangeStory: async ({ exchange }) => {
      const { capture } = this.#need();
      if (exchange >= exchangeCount(capture)) noExchange(exchange);
      const until = performance.now() + STORY_MS;
      await capture.state(httpFacts).complete(() => this.#open?.capture === capture && performance.now() < until);
      if (this.#open?.capture !== capture) throw closedMeanwhile();
      return storyOf(capture, exchange);
    },
    connection: async ({ stream, from, unfold }) => {
      const { capture, number, details } = this.#need();
      if (stream >= connectionCount(capture)) {
        throw new Refusal({ code: 'no-such', message: `There is no TCP connection ${stream} in this capture.` });
      }
      await this.#inTurns(capture, rowsInSteps(capture, stream, 'tcp'));
      return details.ladder(number, stream, from, unfold, (row) => applicationWords(capture, row));
    },
    account: async ({ stream }) => {
      const { capture } = this.#need();
      if (stream >= connectionCount(capture)) noStream('tcp', stream);
      return this.#inTurns(capture, accountInSteps(capture, stream));
    },
    connectionGraph: async (wish) => {
      const { capture, details } = this.#need();
      if (wish.stream >= connectionCount(capture)) noStream('tcp', wish.stream);
      await this.#inTurns(capture, rowsInSteps(capture, wish.stream, 'tcp'));
      return details.graph(wish);
    },
    followStream: async ({ kind, stream }) => (await this.#need().follow.summary(kind, stream)) ?? noStream(kind, stream),
    followPage: async ({ from, count, ...target }) =>
      (await this.#need().follow.page(target, from, count)) ?? noStream(target.kind, target.stream),
    followPieceOf: async ({ row, ...target }) => ({
      piece: (await this.#need().follow.pieceOfRow(target, row)) ?? noStream(target.kind, target.stream),
    }),
    followFind: async ({ wanted, form, from, ...target }) => {
      const bytes = form === 'text' ? Buffer.from(wanted) : Buffer.from(wanted.replaceAll(/[\s:.-]/g, ''), 'hex');
      if (bytes.length > LONGEST_SEARCH) throw new Refusal({ code: 'invalid', message: 'That text is too long to look for.' });
      return (await this.#need().follow.find(target, bytes, from)) ?? noStream(target.kind, target.stream);
    },
    udpStreams: ({ from, count, ...order }) => {
      const { udp, view } = this.#need();
      return udp.rows(view, from, Math.min(count, 1000), order);
    },
    decodeOptions: () => ({ choices: this.#choices, tables: decodeTables(), protocols: protocolTitles() }),
    setDecodeAs: ({ choices }) => this.#decodeAs(choices),
    keyLog: () => this.#keyLogs.state(this.#open?.capture),
    setKeyLog: async (choice) => {
      if (await this.#keyLogs.take(choice)) await this.#reopen();
      return this.#keyLogs.state(this.#open?.capture);
    },
  };

  /** Does work in steps, and lets others in between; fails where the capture was closed meanwhile. */
  async #inTurns<T extends object>(capture: Capture, steps: Generator<void, T>): Promise<T> {
    const turns = new Turns();
    const open = (): boolean => this.#open?.capture === capture;
    const done = await inSteps(steps, () => (turns.due ? turns.pause().then(open) : null));
    if (done === null) throw closedMeanwhile();
    return done;
  }

  /** Reads the capture anew with other choices: what the index knows rests on them. */
  async #decodeAs(choices: readonly DecodeChoice[]): Promise<null> {
    for (const choice of choices) {
      const wrong = checkDecodeAs(choice);
      if (wrong !== null) throw new Refusal({ code: 'invalid', message: wrong });
    }
    this.#choices = choices;
    applyDecodeAs(choices);
    return this.#reopen();
  }

  /** Reads what is open anew, from its beginning. */
  async #reopen(): Promise<null> {
    const open = this.#open;
    if (open === null) return null;
    const { limit, ended } = open;
    const reopened = this.#openFile(open.capture.reader.path, open.number, open.name, open.live);
    if (this.#early !== null) {
      this.#early.bytes = limit ?? 0;
      this.#early.ended = ended;
    }
    return reopened;
  }

  /** Reads the heads of a capture's HTTP exchanges for a while: who wants all of them asks again. Gives how much is read, 1 for all. */
  async #heads(capture: Capture): Promise<number> {
    const until = performance.now() + HEADS_MS;
    const done = await capture.state(httpFacts).complete(() => this.#open?.capture === capture && performance.now() < until);
    if (this.#open?.capture !== capture) throw closedMeanwhile();
    return done;
  }

  #need(): Open {
    if (this.#open === null)
      throw new Refusal({ code: 'no-such', message: 'No capture is open.', advice: 'Open a file, or start a capture.' });
    return this.#open;
  }

  #checkRow(capture: Capture, row: number): void {
    if (row < 0 || row >= capture.packets.length) {
      throw new Refusal({ code: 'no-such', message: `There is no packet ${row + 1} in this capture.` });
    }
  }

  async #openFile(path: string, number: number, name: string, follow: boolean, keyLogFile?: string): Promise<null> {
    const turn = ++this.#turn;
    const early = { bytes: 0, ended: false };
    this.#early = early;
    const before = this.#open;
    await this.#close();
    if (keyLogFile !== undefined) await this.#keyLogs.ofSettings(keyLogFile);
    const opened = await openCapture(path, { follow });
    if (this.#early === early) this.#early = null;
    if (turn !== this.#turn) {
      if (opened.ok) await opened.reader.close();
      throw new Refusal({ code: 'busy', message: 'Another capture was opened meanwhile.' });
    }
    if (!opened.ok) {
      if (before !== null) this.#emit('state', null);
      this.#emit('failed', opened.failure);
      throw new Refusal(opened.failure);
    }
    const capture = new Capture(opened.reader);
    this.#prepare(capture);
    this.#giveMarked(capture, number);
    const answers = answersOf(capture);
    this.#open = {
      number,
      name,
      live: follow,
      ...answers,
      started: performance.now(),
      elapsed: 0,
      phase: follow ? 'following' : 'reading',
      limit: follow && !early.ended ? early.bytes : undefined,
      ended: early.ended,
      waiting: follow && !early.ended && early.bytes === 0,
      view: new View(++this.#views, capture, null, answers.memory),
      sorting: null,
      orders: 0,
      begun: null,
      watch: follow ? null : new FileWatch(path, () => this.#tell(true)),
    };
    const open = this.#open;
    if (follow) this.#tell(true);
    else setTimeout(() => this.#open === open && this.#tell(true), FIRST_ROWS_MS).unref();
    this.#kick();
    return null;
  }

  /** Gives a capture what it needs before it is read. */
  #prepare(capture: Capture): void {
    const { given } = this.#keyLogs;
    if (given !== null) capture.state(tlsSecrets).use(given);
  }

  /** Tells a capture which of its packets are marked. */
  #giveMarked(capture: Capture, number: number): void {
    if (this.#marked.of === number) capture.state(markedRows).take(this.#marked.rows);
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#news.forget();
    open?.watch?.end();
    forgetDecodings();
    await open?.capture.reader.close();
  }

  #setFilter(text: string): FilterCheck & { view?: ViewState } {
    const open = this.#need();
    const compiled = compileFilter(text);
    if (!compiled.ok) return compiled;
    const { filter } = compiled;
    this.#show(open, text.trim() === '' ? null : filter);
    return { ok: true, expanded: filter.expanded, terms: filter.terms, view: open.view.state };
  }

  /** Begins a view of the rows that match; null: of all. */
  #show(open: Open, filter: CompiledFilter | null): void {
    const timed = open.live ? open.capture.packets.length : undefined;
    open.view = new View(++this.#views, open.capture, filter, open.memory, timed);
    // What columns decide is there with the answer: no flicker of an empty list.
    open.view.advance(ANSWER_MS);
    if (open.sorting !== null && open.view.complete) this.#sort(open);
    this.#tell(true);
    this.#kick();
  }

  /** Begins to put the rows of the view in the order that is wished for. */
  #sort(open: Open): void {
    const { view, sorting } = open;
    const turn = ++open.orders;
    if (sorting === null) {
      view.sorting = null;
      if (view.ordered > 0) view.reorder(++this.#views, null);
      this.#tell(true);
      return;
    }
    if (dissects(sorting.column) && view.matched > MOST_TEXTS) {
      open.sorting = null;
      view.sorting = null;
      return;
    }
    view.sorting = { ...sorting, done: 0 };
    open.begun = { view, matched: view.matched };
    const stopped = (): boolean => this.#open !== open || open.view !== view || open.orders !== turn;
    const tell = (done: number): void => {
      view.sorting = { ...sorting, done: Math.min(0.99, done) };
      this.#tell(false);
    };
    void orderRows(open.capture, view, sorting.column, sorting.descending, new Turns(), stopped, tell).then(
      (order) => {
        if (order === null || stopped()) return;
        view.reorder(++this.#views, order);
        view.sorting = { ...sorting, done: 1 };
        this.#tell(true);
        this.#kick();
      },
      () => {
        // The packets cannot be read any more: what stands in the list stays as it was.
        if (stopped()) return;
        open.sorting = null;
        view.sorting = null;
        this.#tell(true);
      },
    );
  }

  /* ------------------------------------------------------------ the loop */

  #kick(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run().finally(() => {
      this.#running = false;
    });
  }

  async #run(): Promise<void> {
    for (;;) {
      const open = this.#open;
      if (open === null) return;
      if (!open.waiting) await this.#read(open);
      if (this.#open !== open) continue;
      const scanning = open.view.advance();
      // Rows that came with the scan, or with the end of the file, are sorted in.
      const settled = open.waiting && !scanning && open.phase !== 'following';
      if (open.sorting !== null && settled && (open.begun?.view !== open.view || open.begun.matched !== open.view.matched))
        this.#sort(open);
      this.#tell(open.waiting && !scanning && open.phase !== 'following');
      if (open.waiting && !scanning) return;
      if (HOLDS_BACK && open.phase === 'reading' && this.#news.drawingFirst) await this.#news.firstDrawn(DRAWING_MS);
      else await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async #read(open: Open): Promise<void> {
    let step: Awaited<ReturnType<Capture['step']>>;
    const limit = open.limit;
    try {
      step = await open.capture.step(limit);
    } catch (error) {
      if (this.#open !== open) return;
      // The file could not be read on: gone, a disk fault. What was read stays.
      this.#emit('failed', {
        code: 'io',
        message: `Reading ${open.name} stopped: ${error instanceof Error ? error.message : String(error)}`,
      });
      this.#finish(open, 'stopped');
      return;
    }
    if (this.#open !== open || step === 'more') return;
    if (step === 'damaged') this.#finish(open, open.live ? 'stopped' : 'done');
    else if (!open.live) await this.#end(open);
    else if (open.ended && limit === undefined) this.#finish(open, 'stopped');
    else if (open.limit === limit) open.waiting = true;
  }

  /** The end of the file: what only it could tell takes a second reading. Until that is done, what was read first is what there is. */
  async #end(first: Open): Promise<void> {
    let again: Capture | null = null;
    try {
      again = await readAgain(
        first.capture,
        (capture) => this.#prepare(capture),
        () => this.#open === first && first.phase === 'reading',
      );
    } catch {
      // The first reading stays.
    }
    if (this.#open !== first) {
      await again?.reader.close();
      return;
    }
    if (again === null) {
      if (first.phase === 'reading') this.#finish(first, 'done');
      return;
    }
    this.#giveMarked(again, first.number);
    const answers = answersOf(again);
    const open: Open = {
      ...first,
      ...answers,
      view: new View(++this.#views, again, first.view.filter, answers.memory),
      begun: null,
    };
    this.#open = open;
    this.#news.forget();
    this.#finish(open, 'done');
    // What is being written comes from the first reading.
    void this.#saving.over().then(() => first.capture.reader.close());
  }

  #finish(open: Open, phase: 'done' | 'stopped'): void {
    open.elapsed = performance.now() - open.started;
    // Stopping on purpose in the middle is no damage.
    if (phase === 'done' || open.live) open.capture.reader.finish();
    open.phase = phase;
    open.waiting = true;
    open.watch?.settle();
    // When the end has been told.
    setImmediate(prepareFilters);
  }

  /** Sends what has changed; `now`: whether or not the window has drawn what it heard. */
  #tell(now: boolean): void {
    const open = this.#open;
    if (open === null) return;
    // With the rows of its first screen a window makes one picture instead of two.
    const enough = performance.now() - open.started < FIRST_ROWS_MS ? Math.max(1, this.#news.wanted) : 1;
    if (!now && open.phase === 'reading' && open.capture.packets.length < enough) return;
    const source = {
      state: () => stateOf(open),
      view: () => open.view.state,
      rows: (from: number, to: number, fields: readonly string[]) => rowsOf(open, from, to, fields),
    };
    const behind = open.phase === 'following' && !open.waiting;
    this.#news.tell(now, open.view.matched, source, () => this.#tell(false), behind);
  }
}

/** What a request that threw is answered with. */
function failureOf(name: string, error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  const said = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `The request "${name}" failed inside Sevenfold: ${said}` };
}

/** Names, titles and layers of all protocols, each name once, in order of the alphabet. */
function protocolTitles(): DecodeOptions['protocols'] {
  const found = new Map<string, DecodeOptions['protocols'][number]>();
  for (const { name, title, hue } of allProtocols()) if (!found.has(name)) found.set(name, { name, title, hue });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
