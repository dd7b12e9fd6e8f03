/** Fields of HTTP/1.x, and which header goes to which field. */

import * as fields from '../dissect/field.ts';

const { bool, bytes, expert, framenum, reltime, string, uint16, uint32, uint64 } = fields;
const YES = { bool: ['True', 'False'] as const };
const GENERATED = { generated: true } as const;

export const f = {
  leadingCrlf: expert('http.leading_crlf', 'error', 'Leading CRLF previous message in the stream may have extra CRLF', 'malformed'),
  tlsPort: expert(
    'http.tls_port',
    'warn',
    'Unencrypted HTTP protocol detected over encrypted port, could indicate a dangerous misconfiguration.',
    'security',
  ),
  chat: expert('http.chat', 'chat', 'Formatted text', 'sequence'),
  method: string('http.request.method', 'Request Method'),
  uri: string('http.request.uri', 'Request URI'),
  path: string('http.request.uri.path', 'Request URI Path'),
  pathSegment: string('http.path_segment', 'Path segment'),
  query: string('http.request.uri.query', 'Request URI Query'),
  parameter: string('http.request.uri.query.parameter', 'Request URI Query Parameter'),
  requestVersion: string('http.request.version', 'Request Version'),
  responseVersion: string('http.response.version', 'Response Version'),
  code: uint16('http.response.code', 'Status Code'),
  codeDesc: string('http.response.code.desc', 'Status Code Description', GENERATED),
  phrase: string('http.response.phrase', 'Response Phrase'),
  requestLine: string('http.request.line', 'Request line'),
  responseLine: string('http.response.line', 'Response line'),
  unknownHeader: string('http.unknown_header', 'Unknown header'),
  contentLength: uint64('http.content_length', 'Content length', GENERATED),
  credentials: string('http.authbasic', 'Credentials'),
  cookiePair: string('http.cookie_pair', 'Cookie pair'),
  fullUri: string('http.request.full_uri', 'Full request URI', GENERATED),
  isRequest: bool('http.request', 'Request', YES),
  isResponse: bool('http.response', 'Response', YES),
  isNotification: bool('http.notification', 'Notification', YES),
  requestNumber: uint32('http.request_number', 'Request number', GENERATED),
  responseNumber: uint32('http.response_number', 'Response number', GENERATED),
  time: reltime('http.time', 'Time since request', { generated: true, unit: ' seconds' }),
  requestIn: framenum('http.request_in', 'Request in frame', GENERATED),
  responseIn: framenum('http.response_in', 'Response in frame', GENERATED),
  previousRequestIn: framenum('http.prev_request_in', 'Prev request in frame', GENERATED),
  previousResponseIn: framenum('http.prev_response_in', 'Prev response in frame', GENERATED),
  nextRequestIn: framenum('http.next_request_in', 'Next request in frame', GENERATED),
  nextResponseIn: framenum('http.next_response_in', 'Next response in frame', GENERATED),
  responseForUri: string('http.response_for.uri', 'Request URI', GENERATED),
  chunkSize: uint32('http.chunk_size', 'Chunk size', { unit: ' octets' }),
  chunkData: bytes('http.chunk_data', 'Chunk data'),
  chunkBoundary: bytes('http.chunk_boundary', 'Chunk boundary'),
  trailer: string('http.chunked_trailer_part', 'trailer-part'),
  fileData: string('http.file_data', 'File Data'),
  connectHost: string('http.proxy_connect_host', 'Proxy-Connect-Hostname', GENERATED),
  connectPort: uint16('http.proxy_connect_port', 'Proxy-Connect-Port', GENERATED),
  teUnknown: expert('http.te_unknown', 'warn', 'Unknown transfer coding name in Transfer-Encoding header', 'undecoded'),
  teAndLength: expert(
    'http.te_and_length',
    'warn',
    'The Content-Length and Transfer-Encoding header must not be set together',
    'malformed',
  ),
  badHeaderName: expert('http.bad_header_name', 'warn', 'Illegal characters found in header name'),
  decompressionFailed: expert('http.decompression_failed', 'warn', 'Decompression failed', 'undecoded'),
} as const;

const HEADERS: readonly (readonly [name: string, abbrev: string, label?: string])[] = [
  ['authorization', 'http.authorization', 'Authorization'],
  ['proxy-authenticate', 'http.proxy_authenticate', 'Proxy-Authenticate'],
  ['proxy-authorization', 'http.proxy_authorization', 'Proxy-Authorization'],
  ['www-authenticate', 'http.www_authenticate', 'WWW-Authenticate'],
  ['content-type', 'http.content_type', 'Content-Type'],
  ['content-length', 'http.content_length_header', 'Content-Length'],
  ['content-encoding', 'http.content_encoding', 'Content-Encoding'],
  ['transfer-encoding', 'http.transfer_encoding', 'Transfer-Encoding'],
  ['upgrade', 'http.upgrade', 'Upgrade'],
  ['user-agent', 'http.user_agent', 'User-Agent'],
  ['host', 'http.host', 'Host'],
  ['connection', 'http.connection', 'Connection'],
  ['cookie', 'http.cookie', 'Cookie'],
  ['accept', 'http.accept', 'Accept'],
  ['referer', 'http.referer', 'Referer'],
  ['accept-language', 'http.accept_language', 'Accept-Language'],
  ['accept-encoding', 'http.accept_encoding', 'Accept Encoding'],
  ['date', 'http.date', 'Date'],
  ['cache-control', 'http.cache_control', 'Cache-Control'],
  ['server', 'http.server', 'Server'],
  ['location', 'http.location', 'Location'],
  ['sec-websocket-accept', 'http.sec_websocket_accept', 'Sec-WebSocket-Accept'],
  ['sec-websocket-extensions', 'http.sec_websocket_extensions', 'Sec-WebSocket-Extensions'],
  ['sec-websocket-key', 'http.sec_websocket_key', 'Sec-WebSocket-Key'],
  ['sec-websocket-protocol', 'http.sec_websocket_protocol', 'Sec-WebSocket-Protocol'],
  ['sec-websocket-version', 'http.sec_websocket_version', 'Sec-WebSocket-Version'],
  ['set-cookie', 'http.set_cookie', 'Set-Cookie'],
  ['last-modified', 'http.last_modified', 'Last-Modified'],
  ['x-forwarded-for', 'http.x_forwarded_for', 'X-Forwarded-For'],
  ['http2-settings', 'http.http2_settings', 'HTTP2-Settings'],
];

/** Field of a header, by its name in lower case. */
export const headerFields: ReadonlyMap<string, fields.FieldDef> = new Map(
  HEADERS.map(([name, abbrev, label]) => [name, string(abbrev, label ?? name)]),
);

/** Reason phrases as Wireshark describes the codes, where they are not those of RFC 9110. */
const PHRASES =
  '100 Continue|101 Switching Protocols|102 Processing|103 Early Hints|199 Informational - Others|200 OK|201 Created|202 Accepted|' +
  '203 Non-authoritative Information|204 No Content|205 Reset Content|206 Partial Content|207 Multi-Status|208 Already Reported|' +
  '226 IM Used|299 Success - Others|300 Multiple Choices|301 Moved Permanently|302 Found|303 See Other|304 Not Modified|305 Use Proxy|' +
  '307 Temporary Redirect|308 Permanent Redirect|399 Redirection - Others|400 Bad Request|401 Unauthorized|402 Payment Required|' +
  '403 Forbidden|404 Not Found|405 Method Not Allowed|406 Not Acceptable|407 Proxy Authentication Required|408 Request Time-out|' +
  '409 Conflict|410 Gone|411 Length Required|412 Precondition Failed|413 Request Entity Too Large|414 Request-URI Too Long|' +
  "415 Unsupported Media Type|416 Requested Range Not Satisfiable|417 Expectation Failed|418 I'm a teapot|421 Misdirected Request|" +
  '422 Unprocessable Entity|423 Locked|424 Failed Dependency|425 Too Early|426 Upgrade Required|428 Precondition Required|' +
  '429 Too Many Requests|431 Request Header Fields Too Large|451 Unavailable For Legal Reasons|499 Client Error - Others|' +
  '500 Internal Server Error|501 Not Implemented|502 Bad Gateway|503 Service Unavailable|504 Gateway Time-out|' +
  '505 HTTP Version not supported|506 Variant Also Negotiates|507 Insufficient Storage|508 Loop Detected|' +
  '511 Network Authentication Required|599 Server Error - Others';

export const codeDescriptions: ReadonlyMap<number, string> = new Map(
  PHRASES.split('|').map((entry) => [Number(entry.slice(0, 3)), entry.slice(4)]),
);
