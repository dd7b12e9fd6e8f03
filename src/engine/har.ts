/** HTTP exchanges as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which browsers' developer tools open. */
import type { ExchangeDetail, ExchangeHeader, ExchangeMessage, ExchangeSummary } from '../messages.ts';
import { version } from '../version.ts';
import { readDate } from './http-caching.ts';
import { attributeOf, readSetCookie } from './http-cookies.ts';

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
      url: summary.url === null ? `http://${summary.server}/` : wholeUrl(summary),
      httpVersion: versionOf(request) || summary.version,
      cookies: request?.cookies ?? [],
      headers: request?.headers ?? [],
      queryString: queryOf(summary.url ?? ''),
      ...(request !== null && summary.requestFrame !== null && request.bodyBytes > 0 ? { postData: postDataOf(request) } : {}),
      headersSize: request?.headBytes ?? -1,
      bodySize: summary.requestBytes ?? -1,
    },
    response: {
      status: summary.status ?? 0,
      statusText: summary.reason ?? '',
      httpVersion: versionOf(response) || summary.version,
      cookies: response === null ? [] : setCookiesOf(response),
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
      headersSize: response?.headBytes ?? -1,
      bodySize: summary.responseBytes ?? -1,
      // Of no standard, but what Chromium's developer tools show as the size of a response.
      ...(response !== null && response.headBytes >= 0 ? { _transferSize: response.headBytes + response.bodyBytes } : {}),
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
    ...(summary.status === null
      ? { comment: 'No response is in the capture.' }
      : summary.method === null
        ? { comment: 'The request is not in the capture.' }
        : summary.partial
          ? { comment: 'The response is not whole in the capture.' }
          : {}),
  };
}

/** The URL with scheme and host: readers of the format take it apart. */
function wholeUrl({ url, host, server }: ExchangeSummary): string {
  if (url !== null && /^[a-z][a-z\d+.-]*:\/\//i.test(url)) return url;
  return `http://${host ?? server}${url?.startsWith('/') === true ? url : '/'}`;
}

/** The version in a start line: 'HTTP/1.1'; '' without one. */
function versionOf(message: ExchangeMessage | null): string {
  return /(?:^|\s)(HTTP\/[\d.]+)(?:\s|$)/.exec(message?.startLine ?? '')?.[1] ?? '';
}

/** A body as text in its charset, or in base64 where it is no text. */
function contentOf(message: ExchangeMessage): { text: string; encoding?: string; comment?: string } {
  const notes = [
    ...(message.bodyCut ? [`The first ${message.body.length} of ${message.decodedBytes} bytes.`] : []),
    ...(message.stillCoded ? [`Still coded: ${message.contentEncoding}.`] : []),
    ...(message.codingFlaw === 'short' ? [`Coded as ${message.contentEncoding}, which ends before its end.`] : []),
    ...(message.codingFlaw === 'broken' ? [`Coded as ${message.contentEncoding}, which is damaged behind this.`] : []),
    ...(message.codingFlaw === 'checksum' ? [`Coded as ${message.contentEncoding}, whose checksum or length is another.`] : []),
  ];
  const comment = notes.length > 0 ? { comment: notes.join(' ') } : {};
  const text = TEXT.test(message.contentType) && !message.stillCoded ? textOf(message) : null;
  if (text !== null) return { text, ...comment };
  const { buffer, byteOffset, length } = message.body;
  return { text: Buffer.from(buffer, byteOffset, length).toString('base64'), encoding: 'base64', ...comment };
}

function textOf({ body, contentType, bodyCut }: ExchangeMessage): string | null {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    // In two calls, since Node takes Windows-1252 for Latin-1 in one; of a body that was cut, the last character may be cut in two.
    const text = decoder.decode(body, { stream: true });
    return bodyCut ? text : text + decoder.decode();
  } catch {
    return null;
  }
}

/** What was sent: its text, and the fields of a form. The format has no base64 here: other bytes go as Latin-1, and a comment says so. */
function postDataOf(message: ExchangeMessage): object {
  const { text, encoding, comment } = contentOf(message);
  const form = /^application\/x-www-form-urlencoded\b/i.test(message.contentType) && encoding === undefined;
  return {
    mimeType: message.contentType,
    params: form ? [...new URLSearchParams(text)].map(([name, value]) => ({ name, value })) : [],
    text: encoding === undefined ? text : Buffer.from(text, 'base64').toString('latin1'),
    ...(encoding !== undefined || comment !== undefined
      ? { comment: [comment, encoding === undefined ? undefined : 'Bytes as Latin-1.'].filter(Boolean).join(' ') }
      : {}),
  };
}

/** Cookies of Set-Cookie with the attributes that the format has. */
function setCookiesOf(message: ExchangeMessage): object[] {
  return message.headers
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .flatMap(({ value }) => readSetCookie(value) ?? [])
    .map((cookie) => {
      const [path, domain] = [attributeOf(cookie, 'path'), attributeOf(cookie, 'domain')];
      const expires = readDate(attributeOf(cookie, 'expires') ?? '');
      return {
        name: cookie.name,
        value: cookie.value,
        ...(path === null ? {} : { path }),
        ...(domain === null ? {} : { domain }),
        ...(expires === null ? {} : { expires: new Date(expires * 1000).toISOString() }),
        httpOnly: attributeOf(cookie, 'httponly') !== null,
        secure: attributeOf(cookie, 'secure') !== null,
      };
    });
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
