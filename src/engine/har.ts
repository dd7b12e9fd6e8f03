/** HTTP exchanges as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which browsers' developer tools open. */
import type { ExchangeDetail, ExchangeHeader, ExchangeMessage } from '../messages.ts';
import { version } from '../version.ts';

/** What stands before the entries of a HAR file; entries are separated by commas; HAR_TAIL ends it. */
export const HAR_HEAD = `{"log":{"version":"1.2","creator":{"name":"Sevenfold","version":${JSON.stringify(version)}},"entries":[\n`;
export const HAR_TAIL = '\n]}}\n';

const TEXT = /^(text\/|application\/(.*\+)?(json|xml|javascript|ecmascript|x-www-form-urlencoded)\b)/i;

/** One exchange as an entry of a HAR file. Times that the packets do not tell are -1, as the format has it. */
export function harEntry({ summary, request, response }: ExchangeDetail): object {
  const { timings } = summary;
  const ms = (value: number | null): number => (value === null ? -1 : Math.max(0, value));
  const time = [timings.connectMs, timings.sendMs, timings.waitMs, timings.receiveMs].reduce<number>(
    (sum, each) => sum + Math.max(0, each ?? 0),
    0,
  );
  return {
    startedDateTime: isoTime(summary.start),
    time,
    request: {
      method: summary.method ?? '',
      url: summary.url ?? '',
      httpVersion: summary.version,
      cookies: request?.cookies ?? [],
      headers: request?.headers ?? [],
      queryString: queryOf(summary.url ?? ''),
      ...(request !== null && request.bodyBytes > 0 ? { postData: { mimeType: request.contentType, ...contentOf(request) } } : {}),
      headersSize: -1,
      bodySize: summary.requestBytes ?? -1,
    },
    response: {
      status: summary.status ?? 0,
      statusText: summary.reason ?? '',
      httpVersion: summary.version,
      cookies: response?.cookies ?? [],
      headers: response?.headers ?? [],
      content: {
        size: summary.decodedBytes ?? 0,
        ...(summary.decodedBytes !== null && summary.responseBytes !== null
          ? { compression: summary.decodedBytes - summary.responseBytes }
          : {}),
        mimeType: response?.contentType ?? '',
        ...(response !== null && response.bodyBytes > 0 ? contentOf(response) : {}),
      },
      redirectURL: headerOf(response, 'location'),
      headersSize: -1,
      bodySize: summary.responseBytes ?? -1,
    },
    cache: {},
    timings: {
      blocked: -1,
      dns: -1,
      connect: ms(timings.connectMs),
      ssl: -1,
      send: Math.max(0, timings.sendMs ?? 0),
      wait: Math.max(0, timings.waitMs ?? 0),
      receive: Math.max(0, timings.receiveMs ?? 0),
    },
    serverIPAddress: hostOf(summary.server),
    connection: String(summary.stream),
    ...(summary.status === null ? { comment: 'No response is in the capture.' } : {}),
  };
}

function contentOf(message: ExchangeMessage): { text: string; encoding?: string; comment?: string } {
  const cut = message.bodyCut ? { comment: `The first ${message.body.length} of ${message.decodedBytes} bytes.` } : {};
  const bytes = Buffer.from(message.body.buffer, message.body.byteOffset, message.body.length);
  if (TEXT.test(message.contentType)) return { text: bytes.toString('utf8'), ...cut };
  return { text: bytes.toString('base64'), encoding: 'base64', ...cut };
}

function headerOf(message: ExchangeMessage | null, name: string): string {
  return message?.headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';
}

function queryOf(url: string): ExchangeHeader[] {
  const query = /\?([^#]*)/.exec(url)?.[1];
  return query === undefined ? [] : [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

/** Epoch seconds with nine decimals as ISO 8601; the fraction to the millisecond, as the format's readers expect. */
function isoTime(epoch: string): string {
  const date = new Date(Math.floor(Number(epoch) * 1000));
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** "address:port" without the port and the brackets. */
function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
