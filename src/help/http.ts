import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 9110, 9': {
    'http.request.method': [
      'What the client wants done: GET reads, POST sends data for processing, PUT stores, DELETE removes.',
      '클라이언트가 요청하는 동작입니다. GET은 읽기, POST는 처리할 데이터 보내기, PUT은 저장, DELETE는 삭제입니다.',
    ],
  },
  'RFC 9112, 3.2': {
    'http.request.uri': [
      'What the request is about, as sent: usually path and query, the whole URL towards a proxy.',
      '요청 대상으로, 실제로 보낸 그대로입니다. 보통 경로와 쿼리이고, 프록시로 보낼 때는 전체 URL입니다.',
    ],
  },
  'RFC 3986, 3.3': {
    'http.request.uri.path': [
      'The part of the address before the question mark: which resource on the server.',
      '주소에서 물음표 앞부분으로, 서버의 어떤 리소스인지를 나타냅니다.',
    ],
    'http.path_segment': ['One piece of the path, between two slashes.', '빗금 사이에 있는 경로의 한 조각입니다.'],
  },
  'RFC 3986, 3.4': {
    'http.request.uri.query': [
      'The part of the address after the question mark, with parameters for the server.',
      '주소에서 물음표 뒷부분으로, 서버에 넘기는 매개변수가 들어 있습니다.',
    ],
    'http.request.uri.query.parameter': [
      'One parameter of the query, mostly name=value.',
      '쿼리의 매개변수 하나로, 대부분 이름=값 형태입니다.',
    ],
  },
  'RFC 9112, 2.3': {
    'http.request.version http.response.version': [
      'HTTP version that the sender of this message speaks.',
      '이 메시지를 보낸 쪽이 쓰는 HTTP 버전입니다.',
    ],
  },
  'RFC 9110, 15': {
    'http.response.code': [
      'How it went, in three digits: 2xx worked, 3xx look elsewhere, 4xx the request is at fault, 5xx the server is.',
      '처리 결과를 나타내는 세 자리 수입니다. 2xx는 성공, 3xx는 다른 위치, 4xx는 요청의 잘못, 5xx는 서버의 잘못을 뜻합니다.',
    ],
    'http.response.code.desc': ['Usual name of that status code.', '그 상태 코드의 통상적인 이름입니다.'],
  },
  'RFC 9112, 4': {
    'http.response.phrase': [
      'Words of the server beside the status code. Programs ignore them.',
      '서버가 상태 코드 옆에 적은 문구입니다. 프로그램은 이것을 무시합니다.',
    ],
  },
  'RFC 9112, 5': {
    'http.request.line http.response.line': [
      'One header line as sent: name, colon, value.',
      '실제로 보낸 헤더 한 줄로, 이름, 콜론, 값으로 이루어집니다.',
    ],
    'http.unknown_header': ['Header without a field of its own here.', '여기에 따로 필드가 없는 헤더입니다.'],
  },
  'RFC 9112, 2.1': {
    'http.request': ['True for a message that asks.', '요청 메시지이면 참입니다.'],
    'http.response': ['True for a message that answers.', '응답 메시지이면 참입니다.'],
  },
  'UPnP Device Architecture, 4': {
    'http.notification': [
      'True for a NOTIFY message, with which a device announces itself or tells of a change.',
      'NOTIFY 메시지이면 참입니다. 장치가 자신을 알리거나 변화를 전할 때 씁니다.',
    ],
  },
  'RFC 7617, 2': {
    'http.authbasic': [
      'User name and password out of Basic authentication. They are only encoded, not encrypted: whoever sees the packet can read them.',
      'Basic 인증에 담긴 사용자 이름과 비밀번호입니다. 암호화가 아니라 인코딩만 되어 있어 패킷을 보는 누구나 읽을 수 있습니다.',
    ],
  },
  'RFC 6265, 4.2': {
    'http.cookie': [
      'Cookies that the server set earlier, sent back with each request.',
      '서버가 이전에 설정한 쿠키로, 요청마다 돌려보냅니다.',
    ],
    'http.cookie_pair': ['One cookie: name=value.', '쿠키 하나로, 이름=값 형태입니다.'],
  },
  'RFC 6265, 4.1': {
    'http.set_cookie': [
      'A cookie that the client is to keep and send back, with its lifetime and limits.',
      '클라이언트가 보관했다가 돌려보낼 쿠키로, 유효 기간과 제한이 함께 옵니다.',
    ],
  },
  'RFC 9112, 7.1': {
    'http.chunk_size': [
      'Bytes of the chunk that follows, written in hexadecimal. 0 ends the body.',
      '뒤따르는 청크의 바이트 수로, 16진수로 적습니다. 0이면 본문이 끝납니다.',
    ],
    'http.chunk_data': ['The chunk: one piece of the body.', '본문의 한 조각인 청크입니다.'],
    'http.chunk_boundary': ['Line break that ends the chunk.', '청크를 끝내는 줄바꿈입니다.'],
  },
  'RFC 9112, 7.1.2': {
    'http.chunked_trailer_part': [
      'Header lines after the last chunk, for what is known only once the body is sent.',
      '마지막 청크 뒤의 헤더 줄로, 본문을 보낸 뒤에야 알 수 있는 내용을 담습니다.',
    ],
  },
  'RFC 9110, 6.4': {
    'http.file_data': ['The body, put together and decoded.', '모으고 디코딩한 본문입니다.'],
  },
  'RFC 9110, 11.6': {
    'http.authorization': ['Proof of who the client is, for the server.', '클라이언트가 누구인지 서버에 증명하는 값입니다.'],
    'http.www_authenticate': [
      'How the client may authenticate; sent with status 401.',
      '클라이언트가 인증할 수 있는 방법으로, 상태 401과 함께 보냅니다.',
    ],
  },
  'RFC 9110, 11.7': {
    'http.proxy_authorization': ['Proof of who the client is, for the proxy.', '클라이언트가 누구인지 프록시에 증명하는 값입니다.'],
    'http.proxy_authenticate': [
      'How the client may authenticate to the proxy; sent with status 407.',
      '클라이언트가 프록시에 인증할 수 있는 방법으로, 상태 407과 함께 보냅니다.',
    ],
  },
  'RFC 9110, 8.3': {
    'http.content_type': [
      'Kind of data in the body, such as text/html, and its character encoding.',
      '본문에 담긴 데이터의 종류(예: text/html)와 문자 인코딩입니다.',
    ],
  },
  'RFC 9110, 8.6': {
    'http.content_length_header': ['Bytes of the body, as the sender wrote them down.', '보낸 쪽이 적은 본문의 바이트 수입니다.'],
    'http.content_length': ['The same as a number, to filter by.', '같은 값을 필터에 쓸 수 있게 수로 나타낸 것입니다.'],
  },
  'RFC 9110, 8.4': {
    'http.content_encoding': ['How the body is compressed, such as gzip.', '본문의 압축 방식으로, 예를 들어 gzip입니다.'],
  },
  'RFC 9112, 6.1': {
    'http.transfer_encoding': [
      'How the body is framed on the way: chunked means in pieces with their sizes.',
      '본문을 보내는 방식입니다. chunked는 크기를 적은 조각으로 나눠 보낸다는 뜻입니다.',
    ],
  },
  'RFC 9110, 7.8': {
    'http.upgrade': [
      'Protocol that the sender wants to change to on this connection, such as websocket.',
      '이 연결에서 바꾸려는 프로토콜로, 예를 들어 websocket입니다.',
    ],
  },
  'RFC 9110, 10.1.5': {
    'http.user_agent': [
      'Name of the client program. It may claim to be another.',
      '클라이언트 프로그램의 이름입니다. 다른 프로그램인 척할 수 있습니다.',
    ],
  },
  'RFC 9110, 7.2': {
    'http.host': [
      'Host name that the client means; one server may serve many.',
      '클라이언트가 찾는 호스트 이름입니다. 서버 하나가 여러 이름을 서비스할 수 있습니다.',
    ],
  },
  'RFC 9110, 7.6.1': {
    'http.connection': [
      'What holds for this connection only: close ends it after the response, keep-alive leaves it open.',
      '이 연결에만 적용되는 내용입니다. close는 응답 뒤에 닫고, keep-alive는 열어 둡니다.',
    ],
  },
  'RFC 9110, 12.5.1': { 'http.accept': ['Kinds of data that the client can use.', '클라이언트가 쓸 수 있는 데이터의 종류입니다.'] },
  'RFC 9110, 12.5.3': { 'http.accept_encoding': ['Compressions that the client can undo.', '클라이언트가 풀 수 있는 압축 방식입니다.'] },
  'RFC 9110, 12.5.4': { 'http.accept_language': ['Languages that the user prefers.', '사용자가 선호하는 언어입니다.'] },
  'RFC 9110, 10.1.3': { 'http.referer': ['Page from which the request came.', '요청이 나온 페이지의 주소입니다.'] },
  'RFC 9110, 6.6.1': { 'http.date': ['When the message was made, in GMT.', '메시지를 만든 시각으로, GMT입니다.'] },
  'RFC 9111, 5.2': {
    'http.cache_control': [
      'Whether and for how long caches may keep this.',
      '캐시가 이것을 보관해도 되는지, 얼마 동안 보관할지를 나타냅니다.',
    ],
  },
  'RFC 9110, 10.2.4': { 'http.server': ['Name of the server program.', '서버 프로그램의 이름입니다.'] },
  'RFC 9110, 10.2.2': {
    'http.location': ['Where to go instead, or where the new resource is.', '대신 가야 할 곳 또는 새로 만들어진 리소스의 위치입니다.'],
  },
  'RFC 9110, 8.8.2': {
    'http.last_modified': [
      'When the content was last changed, as far as the server knows.',
      '서버가 아는 한 내용이 마지막으로 바뀐 시각입니다.',
    ],
  },
  'RFC 6455, 11.3': {
    'http.sec_websocket_accept': [
      'Server’s answer to the key: proves that it speaks WebSocket.',
      '키에 대한 서버의 응답으로, WebSocket을 안다는 것을 증명합니다.',
    ],
    'http.sec_websocket_extensions': [
      'WebSocket extensions offered or agreed on, such as compression.',
      '제안하거나 합의한 WebSocket 확장으로, 압축 등이 있습니다.',
    ],
    'http.sec_websocket_key': [
      'Random value that the server has to transform and send back.',
      '서버가 변환하여 돌려보내야 하는 임의의 값입니다.',
    ],
    'http.sec_websocket_protocol': ['Protocol to be spoken inside the WebSocket.', 'WebSocket 안에서 쓸 프로토콜입니다.'],
    'http.sec_websocket_version': ['WebSocket version; 13 is the standard.', 'WebSocket의 버전으로, 13이 표준입니다.'],
  },
  'RFC 7239, 7.4': {
    'http.x_forwarded_for': [
      'Addresses that proxies claim the request came from, the first client leftmost. A client can forge it. Not a standard; RFC 7239 describes its successor.',
      '프록시가 적은 요청의 출처 주소로, 맨 왼쪽이 처음 클라이언트입니다. 클라이언트가 위조할 수 있으며, 표준은 아니고 RFC 7239가 그 후속입니다.',
    ],
  },
  'RFC 7540, 3.2.1': {
    'http.http2_settings': [
      'Settings of the client for a change to HTTP/2 on this connection. No longer used since RFC 9113.',
      '이 연결을 HTTP/2로 바꾸기 위한 클라이언트의 설정입니다. RFC 9113 이후 쓰이지 않습니다.',
    ],
  },
  '': {
    'http.request.full_uri': ['Host and request target as one address.', '호스트와 요청 대상을 합친 주소입니다.'],
    'http.request_number': ['Which request on this connection it is, from 1.', '이 연결에서 몇 번째 요청인지를 나타내며, 1부터 셉니다.'],
    'http.response_number': ['Which response on this connection it is, from 1.', '이 연결에서 몇 번째 응답인지를 나타내며, 1부터 셉니다.'],
    'http.time': ['Time from the request to this response.', '요청에서 이 응답까지의 시간입니다.'],
    'http.request_in': ['Packet with the request that this response answers.', '이 응답에 대한 요청이 들어 있는 패킷입니다.'],
    'http.response_in': ['Packet with the response to this request.', '이 요청에 대한 응답이 들어 있는 패킷입니다.'],
    'http.prev_request_in http.prev_response_in http.next_request_in http.next_response_in': [
      'Packet with the message before or after this one on the same connection.',
      '같은 연결에서 이 메시지의 앞이나 뒤에 오는 메시지가 들어 있는 패킷입니다.',
    ],
    'http.response_for.uri': ['Address that was asked for by the request of this response.', '이 응답의 요청이 물은 주소입니다.'],
    'http.proxy_connect_host http.proxy_connect_port': [
      'Where the proxy connects to for the client, from its CONNECT request.',
      'CONNECT 요청에 따라 프록시가 클라이언트 대신 연결하는 곳입니다.',
    ],
  },
};
