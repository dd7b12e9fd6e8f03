/** Words that the engine sends and the window shows: marks, outcomes and what one unit of a protocol is called. */
import { languageNow } from './language.ts';

const KO: ReadonlyMap<string, string> = new Map([
  // marks and troubles
  ['Refused', '거부됨'],
  ['Reset', '리셋'],
  ['Zero window', '윈도우 0'],
  ['Gap before', '앞이 빠짐'],
  ['Retransmission', '재전송'],
  ['Fast retransmission', '빠른 재전송'],
  ['Spurious retransmission', '불필요한 재전송'],
  ['Out of order', '순서 어긋남'],
  ['Acks unseen segment', '안 보인 세그먼트의 ACK'],
  ['Window full', '윈도우 가득 참'],
  ['Duplicate ACK', '중복 ACK'],
  ['Keep-alive', 'Keep-alive'],
  ['Keep-alive ACK', 'Keep-alive ACK'],
  ['Zero window probe', '윈도우 0 프로브'],
  ['Zero window probe ACK', '윈도우 0 프로브 ACK'],
  ['Window open again', '윈도우 다시 열림'],
  ['Window update', '윈도우 갱신'],
  ['Ports reused', '포트 재사용'],
  // outcomes
  ['Reset by client', '클라이언트가 리셋'],
  ['Reset by server', '서버가 리셋'],
  ['No answer', '응답 없음'],
  ['Half-open', '반만 열림'],
  ['Closed by both', '양쪽이 종료'],
  ['Closed by client', '클라이언트가 종료'],
  ['Closed by server', '서버가 종료'],
  ['Half-closed by client', '클라이언트가 반만 종료'],
  ['Half-closed by server', '서버가 반만 종료'],
  ['Still open', '열려 있음'],
  // units
  ['Bits', '비트'],
  ['Bytes', '바이트'],
  ['Body', '본문'],
  ['Data', '데이터'],
  ['Datagram', '데이터그램'],
  ['Frame', '프레임'],
  ['Header', '헤더'],
  ['Message', '메시지'],
  ['Packet', '패킷'],
  ['Record', '레코드'],
  ['Segment', '세그먼트'],
  ['Value', '값'],
]);

/** A word of the engine in the language in force; as it came where it is none of those known, such as `1/3`. */
export function named(text: string): string {
  if (languageNow() === 'en') return text;
  return KO.get(text) ?? text.replace(/^Dup ACK (?=\d)/, '중복 ACK ');
}

/** Sentences of the engine about a step of a connection, as patterns of its English, with what the window says in Korean. */
const NOTES: readonly (readonly [RegExp, string])[] = [
  [/^([\d.]+ s) until it was sent again$/, '다시 보낼 때까지 $1'],
  [/^([\d.]+ s) idle$/, '$1 동안 조용함'],
  [/^([\d.]+ s): the server has the request and sends nothing$/, '$1: 서버가 요청을 받고도 보내지 않음'],
  [/^([\d.]+ s): the server has the answer and sends nothing$/, '$1: 서버가 응답을 받고도 보내지 않음'],
  [/^([\d.]+ s): the client has the answer and sends nothing$/, '$1: 클라이언트가 응답을 받고도 보내지 않음'],
  [/^([\d.]+ s): the client has the request and sends nothing$/, '$1: 클라이언트가 요청을 받고도 보내지 않음'],
  [/^([\d.]+ s): the server does not answer$/, '$1: 서버가 응답하지 않음'],
  [/^([\d.]+ s): the client does not answer$/, '$1: 클라이언트가 응답하지 않음'],
  [/^arrived later$/, '나중에 도착'],
  [/^before the capture point$/, '캡처 지점 앞에서'],
  [/^not captured$/, '캡처되지 않음'],
];

/** What the engine says of a silence or a loss, in the language in force. */
export function noted(text: string): string {
  if (languageNow() === 'en') return text;
  for (const [pattern, said] of NOTES) if (pattern.test(text)) return text.replace(pattern, said);
  return text;
}
