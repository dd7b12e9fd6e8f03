/**
 * HAR files against the format's description (http://www.softwareishard.com/blog/har-12-spec/): names, types, and what must be there. Nothing
 * that the description does not have may stand in a file, but for names that begin with an underscore.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exchangeCount } from '../../src/engine/exchange-read.ts';
import { exchangeDetail, harText } from '../../src/engine/exchanges.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from '../../src/engine/har.ts';
import { readAll } from '../golden/table.ts';

const comment = z.string().optional();
/** ISO 8601 with a time zone: YYYY-MM-DDThh:mm:ss.sTZD. */
const time = z.iso.datetime({ offset: true });
const size = z.number().int().min(-1);
/** Milliseconds; -1 where it does not apply. */
const optionalMs = z.union([z.literal(-1), z.number().nonnegative()]).optional();
const pair = z.strictObject({ name: z.string(), value: z.string(), comment });
const cookie = z.strictObject({
  ...{ name: z.string(), value: z.string(), path: z.string().optional(), domain: z.string().optional() },
  ...{ expires: time.optional(), httpOnly: z.boolean().optional(), secure: z.boolean().optional(), comment },
});
const params = z.array(
  z.strictObject({
    name: z.string(),
    value: z.string().optional(),
    fileName: z.string().optional(),
    contentType: z.string().optional(),
    comment,
  }),
);
const both = { httpVersion: z.string(), cookies: z.array(cookie), headers: z.array(pair), headersSize: size, bodySize: size, comment };
const request = z.strictObject({
  ...both,
  ...{ method: z.string(), url: z.url(), queryString: z.array(pair) },
  postData: z.strictObject({ mimeType: z.string(), params, text: z.string(), comment }).optional(),
});
const content = z.strictObject({
  ...{ size: z.number().int().nonnegative(), compression: z.number().int().optional(), mimeType: z.string() },
  ...{ text: z.string().optional(), encoding: z.literal('base64').optional(), comment },
});
const response = z.strictObject({
  ...both,
  ...{ status: z.number().int(), statusText: z.string(), content, redirectURL: z.string(), _transferSize: size.optional() },
});
const timings = z.strictObject({
  ...{ blocked: optionalMs, dns: optionalMs, connect: optionalMs, ssl: optionalMs, comment },
  ...{ send: z.number().nonnegative(), wait: z.number().nonnegative(), receive: z.number().nonnegative() },
});
const entry = z.strictObject({
  ...{
    pageref: z.string().optional(),
    startedDateTime: time,
    time: z.number().nonnegative(),
    request,
    response,
    cache: z.strictObject({}),
  },
  ...{ timings, serverIPAddress: z.string().optional(), connection: z.string().optional(), comment },
});
const har = z.strictObject({
  log: z.strictObject({
    version: z.literal('1.2'),
    creator: z.strictObject({ name: z.string(), version: z.string(), comment }),
    entries: z.array(entry),
    comment,
  }),
});

async function harOf(name: string): Promise<z.infer<typeof har>> {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
  if (read === null) throw new Error(`${name} could not be opened`);
  const { capture } = read;
  const entries = Array.from({ length: exchangeCount(capture) }, (_, exchange) => harText(capture, exchange));
  await read.reader.close();
  return har.parse(JSON.parse(HAR_HEAD + entries.join(',\n') + HAR_TAIL));
}

describe('a HAR file', () => {
  it.each([
    'http.pcap',
    'http6.pcap',
    'tcp-reset.pcap',
    'tcp-midway.pcap',
    'web/session.pcap',
    'web/http2.pcap',
    'web/h2c.pcap',
    'web/websocket.pcap',
  ])('of %s is what the format says', async (name) => {
    const { log } = await harOf(name);
    expect(log.entries.length).toBeGreaterThan(0);
    for (const { time: whole, timings: parts } of log.entries) {
      // "time" is the sum of all timings that are not -1.
      const sum = Object.values(parts).reduce<number>((all, ms) => all + (typeof ms === 'number' && ms > 0 ? ms : 0), 0);
      expect(whole).toBeCloseTo(sum, 6);
    }
  });

  it('has cookies with their attributes, forms by field, and where a redirect leads', async () => {
    const { log } = await harOf('web/session.pcap');
    const login = log.entries.find(({ request: { url } }) => url.includes('/login'));
    expect(login?.response.cookies[0]).toMatchObject({ name: 'sid', path: '/', httpOnly: true, secure: false });
    expect(login?.response.cookies[1]?.expires).toBe('2098-01-01T00:00:00.000Z');
    const form = log.entries.find(({ request: { url } }) => url.endsWith('/form'));
    expect(form?.request.postData?.params).toEqual([
      { name: 'name', value: 'Ada Lovelace' },
      { name: 'city', value: 'São Paulo' },
      { name: 'empty', value: '' },
    ]);
    expect(form?.response.redirectURL).toBe('/cart');
  });

  it('says how long the head of a message is, and what a response took with it', async () => {
    const { log } = await harOf('web/session.pcap');
    // curl and Node write 'name: value'.
    for (const { request: asked, response: came } of log.entries.slice(0, 10)) {
      const lines = (first: string, headers: readonly { name: string; value: string }[]): number =>
        headers.reduce((sum, { name, value }) => sum + name.length + value.length + 4, first.length + 4);
      expect(asked.headersSize).toBe(lines(`${asked.method} ${asked.url.replace(/^http:\/\/[^/]*/, '')} HTTP/1.1`, asked.headers));
      expect(came.headersSize).toBe(lines(`HTTP/1.1 ${came.status} ${came.statusText}`, came.headers));
      expect(came._transferSize).toBe(came.headersSize + came.bodySize);
    }
    expect((await harOf('web/http2.pcap')).log.entries[0]?.response).toMatchObject({ headersSize: -1 });
  });

  it('has bodies as text where they are text, and in base64 where they are not', async () => {
    const { log } = await harOf('web/session.pcap');
    const body = (end: string) => log.entries.find(({ request: { url } }) => url.endsWith(end))?.response.content;
    expect(JSON.parse(body('/gzip')?.text ?? '')).toMatchObject({ text: 'ä "quoted"' });
    expect(body('/gzip')).toMatchObject({ size: 127, compression: 4 });
    expect(body('/pixel.png')?.encoding).toBe('base64');
    expect(
      Buffer.from(body('/pixel.png')?.text ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('has a whole URL for an exchange whose request was not captured', async () => {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap'));
    const detail = read === null ? null : exchangeDetail(read.capture, 0, 0);
    if (detail === null) throw new Error('http.pcap could not be opened');
    const missing = { ...detail, request: null, summary: { ...detail.summary, method: null, url: null, host: null } };
    const made = entry.parse(harEntry(missing));
    expect(made.request.url).toBe('http://192.0.2.2:80/');
    expect(made.comment).toBe('The request is not in the capture.');
    await read?.reader.close();
  });

  it('has text in the charset that its header names, and no text that is none in it', async () => {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap'));
    const detail = read === null ? null : exchangeDetail(read.capture, 0, 0);
    if (detail === null || detail.response === null) throw new Error('http.pcap could not be opened');
    const { response } = detail;
    const of = (charset: string, body: readonly number[], bodyCut = false) =>
      entry.parse(
        harEntry({
          ...detail,
          response: { ...response, contentType: `text/html; charset=${charset}`, body: Uint8Array.from(body), bodyCut },
        }),
      ).response.content;
    expect(of('windows-1252', [0x93, 0x80, 0x94]).text).toBe('“€”');
    expect(of('iso-8859-1', [0x67, 0xfc, 0x80]).text).toBe('gü€');
    expect(of('euc-kr', [0xc7, 0xd1]).text).toBe('한');
    expect(of('utf-8', [0x61, 0xe2, 0x82], true).text).toBe('a');
    expect(of('utf-8', [0x61, 0xe2, 0x82])).toMatchObject({ encoding: 'base64', text: 'YeKC' });
    await read?.reader.close();
  });
});
