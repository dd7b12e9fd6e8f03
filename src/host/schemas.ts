/**
 * Shapes and size limits of everything that a window may send, shared by browser mode and the desktop app. A message is checked here
 * before anything else looks at it; unknown names and unknown keys are refused.
 */
import { z } from 'zod';
import {
  type Answer,
  CONNECTION_COLUMNS,
  CONVERSATION_KINDS,
  type EngineRequestName,
  type EngineRequests,
  EXCHANGE_SORTS,
  type Failure,
  FOLLOW_KINDS,
  GRAPH_KINDS,
  HANDSHAKES,
  type HostRequestName,
  type HostRequests,
  KEY_LOG_PIECE,
  MOST_FIELD_COLUMNS,
  MOST_MARKED,
  type Settings,
  STATISTICS_SORTS,
  type ToBackend,
  UDP_STREAM_SORTS,
} from '../messages.ts';

/** Longest text of one message from a window, in characters: requests are small, captures are uploaded. */
export const MESSAGE_LIMIT = 1 << 20;
/** Longest display filter and capture filter, in characters. */
export const FILTER_LIMIT = 64 * 1024;
/** Rows that one request may ask for. */
export const ROWS_LIMIT = 1000;

const nothing = z.strictObject({});
// NUL would end the path early in the operating system's calls.
const path = z
  .string()
  .min(1)
  .max(32_768)
  .refine((text) => !text.includes('\0'));
const filter = z.string().max(FILTER_LIMIT);
const count = z.int().min(0).max(ROWS_LIMIT);
const index = z
  .int()
  .min(0)
  .max(2 ** 40);
const connectionColumn = z.enum(CONNECTION_COLUMNS);
const someText = z.string().max(200);
const connectionWish = z.strictObject({
  sort: connectionColumn,
  descending: z.boolean(),
  handshake: z.enum(HANDSHAKES).nullable(),
  where: z
    .array(
      z.strictObject({
        column: connectionColumn,
        contains: someText.optional(),
        oneOf: z.array(someText).max(64).optional(),
        least: z.number().optional(),
        most: z.number().optional(),
      }),
    )
    .max(CONNECTION_COLUMNS.length),
});
const exchangeSort = z.enum(EXCHANGE_SORTS);
/** Names of panels and protocols: object keys, so those with a meaning of their own are refused. */
const name = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text !== '__proto__' && text !== 'constructor' && text !== 'prototype');
const interfaceName = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => !text.includes('\0'));
const interfaceNames = z.array(interfaceName).max(32);
const backend = z.enum(['auto', 'cap', 'dumpcap']);
const many = z
  .int()
  .min(1)
  .max(2 ** 50);
/** setTimeout's longest time: about 24 days. */
const duration = z.int().min(1).max(2_000_000_000);
const limits = z.strictObject({
  maxPackets: many.optional(),
  maxDurationMs: duration.optional(),
  maxBytes: many.optional(),
  ring: z
    .strictObject({ bytes: many.optional(), durationMs: duration.optional(), files: z.int().min(0).max(100_000) })
    .refine((ring) => ring.bytes !== undefined || ring.durationMs !== undefined)
    .optional(),
});
const fewEntries = (value: object): boolean => Object.keys(value).length <= 500;

/** One schema per setting; also what the settings file is read with. */
export const settingShapes = {
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'ko']),
  layouts: z.record(name, z.array(z.number().min(0).max(100)).max(16)).refine(fewEntries),
  inspectorPlace: z.enum(['auto', 'right', 'below']),
  facetsOpen: z.boolean(),
  openCards: z.record(name, z.boolean()).refine(fewEntries),
  lastInterfaces: interfaceNames,
  captureFilter: filter,
  captureBackend: backend,
  captureLimits: limits.extend({ file: path.optional() }),
  keyLogFile: z.literal('').or(path),
  columns: z.record(name, z.array(name).max(64)).refine(fewEntries),
} satisfies { readonly [K in keyof Settings]: z.ZodType<Settings[K]> };

const followKind = z.enum(FOLLOW_KINDS);
const followed = z.strictObject({ kind: followKind, stream: index, side: z.literal([0, 1]).optional() });

const saveName = z.string().max(255).optional();
const saveWish = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('packets'),
    format: z.enum(['pcapng', 'pcap']),
    only: z.enum(['all', 'view', 'marked']),
    name: saveName,
  }),
  z.strictObject({ what: z.literal('stream'), target: followed, name: saveName }),
  z.strictObject({ what: z.literal(['har', 'bodies']), name: saveName }),
  z.strictObject({ what: z.literal('body'), exchange: index, side: z.enum(['request', 'response']), name: saveName }),
]);

type Shapes<M extends { [K in keyof M]: { args: unknown } }> = { readonly [K in keyof M]: z.ZodType<M[K]['args']> };

export const hostShapes: Shapes<HostRequests> = {
  info: nothing,
  settings: nothing,
  // Unknown keys are dropped here, not refused: an older host may serve a newer page.
  setSettings: z.object(settingShapes).partial(),
  recent: nothing,
  forgetRecent: z.strictObject({ path }),
  openPath: z.strictObject({ path }),
  openDialog: nothing,
  closeCapture: nothing,
  ability: z.strictObject({ fresh: z.boolean().optional() }),
  startCapture: z
    .strictObject({
      interfaces: interfaceNames.min(1),
      captureFilter: filter,
      backend: backend.optional(),
      limits: limits.optional(),
      file: path.optional(),
    })
    .refine((wish) => wish.limits?.ring === undefined || wish.file !== undefined, { path: ['file'] }),
  stopCapture: nothing,
  restartCapture: nothing,
  save: saveWish,
  recovered: nothing,
  discardRecovered: z.strictObject({ path }),
  restartEngine: nothing,
};

export const engineShapes: Shapes<EngineRequests> = {
  state: nothing,
  stopReading: nothing,
  stopScan: nothing,
  setFilter: z.strictObject({ text: filter }),
  checkFilter: z.strictObject({ text: filter }),
  complete: z.strictObject({ text: filter, caret: z.int().min(0).max(FILTER_LIMIT) }),
  rows: z.strictObject({ view: z.int(), from: index, count, fields: z.array(z.string().max(200)).max(MOST_FIELD_COLUMNS).optional() }),
  drawn: z.strictObject({ rows: count, follow: z.boolean(), fields: z.array(z.string().max(200)).max(MOST_FIELD_COLUMNS) }),
  sortRows: z.strictObject({ column: z.string().max(200).nullable(), descending: z.boolean() }),
  positionOf: z.strictObject({ view: z.int(), row: index, nearest: z.boolean().optional() }),
  packet: z.strictObject({ row: index }),
  neighbour: z.strictObject({ row: index, step: z.literal([1, -1]) }),
  setMarked: z.strictObject({ capture: z.int(), rows: z.array(index).max(MOST_MARKED) }),
  damage: nothing,
  facets: nothing,
  pulse: z.strictObject({ until: z.int().min(0).max(0xffff_ffff) }),
  minimap: z.strictObject({ view: z.int(), buckets: z.int().min(1).max(10_000) }),
  connections: connectionWish.extend({ from: index, count }),
  connectionFilter: connectionWish,
  connectionPosition: connectionWish.extend({ stream: index }),
  statistics: z.strictObject({ piece: z.strictObject({ from: z.number(), to: z.number() }).nullable() }),
  statisticsTable: z.strictObject({
    table: z.enum(['conversations', 'endpoints']),
    kind: z.enum(CONVERSATION_KINDS),
    sort: z.enum(STATISTICS_SORTS),
    descending: z.boolean(),
    from: index,
    count,
  }),
  exchanges: z.strictObject({ from: index, count, sort: exchangeSort, descending: z.boolean() }),
  exchangePosition: z.strictObject({ exchange: index, sort: exchangeSort, descending: z.boolean() }),
  exchange: z.strictObject({ exchange: index }),
  exchangeStory: z.strictObject({ exchange: index }),
  connection: z.strictObject({ stream: index, from: index, unfold: z.array(index).max(1000) }),
  account: z.strictObject({ stream: index }),
  connectionGraph: z.strictObject({
    stream: index,
    direction: z.enum(['client', 'server']),
    kind: z.enum(GRAPH_KINDS),
    from: z.number().min(0).optional(),
    to: z.number().min(0).optional(),
  }),
  followStream: z.strictObject({ kind: followKind, stream: index }),
  followPage: followed.extend({ from: index, count }),
  followPieceOf: followed.extend({ row: index }),
  followFind: followed.extend({
    wanted: z.string().max(FILTER_LIMIT),
    form: z.enum(['text', 'hex']),
    from: z.strictObject({ piece: index, after: index }),
  }),
  udpStreams: z.strictObject({ from: index, count, sort: z.enum(UDP_STREAM_SORTS), descending: z.boolean() }),
  decodeOptions: nothing,
  setDecodeAs: z.strictObject({
    choices: z.array(z.strictObject({ table: z.string().max(64), from: index, to: index, protocol: z.string().max(64) })).max(256),
  }),
  keyLog: nothing,
  stopSaving: nothing,
  setKeyLog: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('none') }),
    z.strictObject({ from: z.literal('file'), path }),
    z.strictObject({
      from: z.literal('text'),
      name: z.string().max(1024),
      text: z.string().max(KEY_LOG_PIECE),
      first: z.boolean(),
      more: z.boolean(),
    }),
  ]),
};

const envelope = z.strictObject({
  kind: z.literal('request'),
  to: z.enum(['engine', 'host']),
  id: z.int().min(0),
  name: z.string().max(64),
  args: z.unknown(),
});

/** A checked message. */
export type Incoming =
  | { readonly to: 'engine'; readonly id: number; readonly name: EngineRequestName; readonly args: unknown }
  | { readonly to: 'host'; readonly id: number; readonly name: HostRequestName; readonly args: unknown };

/** What a window's message is: a good request, a bad one that can be answered, or (null) nothing that can be answered. */
export function checkIncoming(message: unknown): { request: Incoming } | { id: number; failure: Failure } | null {
  const parsed = envelope.safeParse(message);
  if (!parsed.success) return null;
  const { to, id, name: asked, args } = parsed.data satisfies ToBackend;
  if (to === 'engine') {
    const checked = checkEngineArgs(asked, args);
    return checked.ok ? { request: { to, id, ...checked.value } } : { id, failure: checked.failure };
  }
  const checked = checkHostArgs(asked, args);
  return checked.ok ? { request: { to, id, ...checked.value } } : { id, failure: checked.failure };
}

export function checkHostArgs(asked: unknown, args: unknown): Answer<{ name: HostRequestName; args: unknown }> {
  if (!isHostName(asked))
    return { ok: false, failure: { code: 'invalid', message: 'The window asked for something that this version does not know.' } };
  const checked = hostShapes[asked].safeParse(args ?? {});
  return checked.success ? { ok: true, value: { name: asked, args: checked.data } } : { ok: false, failure: badArgs(asked, checked.error) };
}

export function checkEngineArgs(asked: unknown, args: unknown): Answer<{ name: EngineRequestName; args: unknown }> {
  if (!isEngineName(asked))
    return { ok: false, failure: { code: 'invalid', message: 'The window asked for something that this version does not know.' } };
  const checked = engineShapes[asked].safeParse(args ?? {});
  return checked.success ? { ok: true, value: { name: asked, args: checked.data } } : { ok: false, failure: badArgs(asked, checked.error) };
}

function isHostName(text: unknown): text is HostRequestName {
  return typeof text === 'string' && Object.hasOwn(hostShapes, text);
}

function isEngineName(text: unknown): text is EngineRequestName {
  return typeof text === 'string' && Object.hasOwn(engineShapes, text);
}

function badArgs(asked: string, error: z.ZodError): Failure {
  const issue = error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.map(String).join('.').slice(0, 80)})`;
  return { code: 'invalid', message: `The request "${asked}" has an argument that cannot be used${where}.` };
}
