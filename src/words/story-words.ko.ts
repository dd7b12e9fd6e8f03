/** The account of an exchange in Korean; see `story-words.ts`. */

import type { ExchangeFact, ExchangeFreshness } from '../messages.ts';
import { copiedHow, gapsFilled, heldBack, skipped } from './account-words.ko.ts';
import { count, lasting, size } from './format.ts';
import { withParticle } from './particles.ts';
import type { StorySentences, StoryWords } from './story-words.ts';

type Values = ExchangeFact['values'];
const num = (values: Values, name: string): number => Number(values[name] ?? 0);
const text = (values: Values, name: string): string => String(values[name] ?? '');
const time = (values: Values, name = 'seconds'): string => lasting(num(values, name));
const side = (name: string): string => (name === 'client' ? '클라이언트' : '서버');
const who = (values: Values): string => side(text(values, 'who'));
const cookies = (n: number): string => `쿠키 ${count(n)}개`;

const answer = (v: Values): string => {
  if (num(v, 'bytes') === 0) return `${num(v, 'status')}, 본문 없음`;
  const type = text(v, 'type') === '' ? '' : ` ${text(v, 'type')}`;
  return `${num(v, 'status')}, 본문 ${count(num(v, 'bytes'))}바이트${coded(v)}${type}`;
};
const coded = (v: Values): string => {
  const [coding, decoded] = [text(v, 'coding'), count(num(v, 'decoded'))];
  switch (v.flaw) {
    case undefined:
      return num(v, 'decoded') === num(v, 'bytes') ? '' : `(${coding} 해제 후 ${decoded}바이트)`;
    case 'short':
      return `(인코딩(${coding})이 끝나기 전에 끊김, 있는 만큼 풀면 ${decoded}바이트)`;
    case 'broken':
      return `(인코딩(${coding})이 뒤쪽에서 손상됨, 그 앞까지 풀면 ${decoded}바이트)`;
    case 'checksum':
      return `(${coding} 해제 후 ${decoded}바이트, 체크섬이나 길이가 맞지 않음)`;
    case 'damaged':
      return `(손상되었거나 ${coding} 형식이 아님)`;
    case 'large':
      return `(${coding}, 풀면 64MB보다 커서 풀지 않음)`;
    case 'slow':
      return `(${coding}, 너무 오래 걸려 풀지 않음)`;
    default:
      return `(${coding}, 여기서 풀 수 없음)`;
  }
};

const acknowledged = (v: Values): string =>
  v.acknowledged === undefined ? '' : ` 클라이언트는 첫 패킷이 떠난 ${time(v, 'acknowledged')} 뒤까지 모두 확인했습니다.`;
const busy = (v: Values): string =>
  v.others === undefined ? '' : ` 그사이 이 연결로 서버의 데이터 ${count(num(v, 'others'))}바이트가 왔습니다.`;
const arrived = (v: Values): string => (v.tls === undefined && v.at === 'server' ? '서버를 떠났습니다' : '왔습니다');
const firstOf = (v: Values): string => (v.tls === undefined ? '응답의 첫 패킷은' : '응답의 첫 TLS 레코드 전체는');

export const storySentences: StorySentences = {
  opened: (v) => {
    const again = [
      num(v, 'syns') > 1 ? `SYN을 ${count(num(v, 'syns'))}번` : '',
      v.synAcks === undefined ? '' : `SYN-ACK를 ${count(num(v, 'synAcks'))}번`,
    ].filter((each) => each !== '');
    const request =
      v.tls === 'early'
        ? ' 요청은 TLS ClientHello와 함께 조기 데이터로 왔습니다.'
        : v.idle === undefined
          ? ''
          : ` 요청은 ${v.tls === undefined ? '그' : 'TLS 핸드셰이크 뒤, 그'} ${time(v, 'idle')} 뒤에 보냈습니다.`;
    return `이 요청을 위해 연결을 열었습니다. 핸드셰이크에 ${time(v)} 걸렸${again.length > 0 ? `고, 그동안 ${again.join(', ')} 보냈습니다.` : '습니다.'}${request}`;
  },
  reused: (v) =>
    `이미 열려 있던 연결의 ${count(num(v, 'position'))}번째 요청입니다.${v.idle === undefined ? '' : ` 앞 응답 ${time(v, 'idle')} 뒤에 보냈습니다.`}`,
  'answers-upgrade': () => '업그레이드를 요청한 그 요청에 대한 응답으로, 업그레이드된 프로토콜로 왔습니다.',
  pipelined: () => '앞 요청의 응답이 오기 전에 보낸 요청입니다.',
  sent: (v) => {
    const body = num(v, 'bytes') === 0 ? '' : `본문 ${count(num(v, 'bytes'))}바이트를 포함한 `;
    return `${body}요청을 ${num(v, 'segments') === 0 ? '' : `패킷 ${count(num(v, 'segments'))}개로 `}${time(v)} 동안 보냈습니다.`;
  },
  continued: (v) => `서버는 요청의 첫 패킷 ${time(v)} 뒤에 요청 헤더에 ${withParticle(String(num(v, 'status')), '로')} 답했습니다.`,
  early: () => '서버가 요청을 다 받기 전에 응답하기 시작했습니다.',
  waited: (v) =>
    `${firstOf(v)} ${v.again === undefined ? '' : '그동안 다시 보낸 '}요청 ${time(v)} 뒤에 ${arrived(v)}.${v.trip === undefined ? '' : ` SYN에 대한 응답에도 ${time(v, 'trip')}로 비슷하게 걸렸습니다.`}${busy(v)}`,
  'waited-behind': (v) =>
    `${firstOf(v)} 요청 ${time(v)} 뒤에 ${arrived(v)}. 앞 요청의 응답이 ${time(v, 'behind')} 뒤에 다 왔고, 이 응답은 ${num(v, 'rest') === 0 ? '같은 패킷에서 시작합니다' : `그 ${time(v, 'rest')} 뒤에 왔습니다`}.`,
  silence: (v) => {
    const message = v.who === 'client' ? '요청' : '응답';
    const other = v.who === 'client' ? '서버' : '클라이언트';
    const why =
      v.why === 'window'
        ? `그동안 ${other}의 수신 윈도우가 닫혀 있었습니다.`
        : v.why === 'loss'
          ? '그동안 그 데이터의 일부가 빠져 있었거나 다시 왔습니다.'
          : v.why === 'ack'
            ? `그때까지 온 것은 ${other} 쪽이 모두 확인했습니다.`
            : '그동안 그때까지 온 것에 대한 ACK는 이 캡처에 없습니다.';
    const trip = v.trip === undefined ? '' : ` SYN에 대한 응답에도 ${time(v, 'trip')}로 비슷하게 걸렸습니다.`;
    const often =
      v.times === undefined ? '' : ` 간격이 50 ms 이상인 때가 ${count(num(v, 'times'))}번, 모두 합쳐 ${time(v, 'whole')}입니다.`;
    return `${message} 패킷 사이의 가장 긴 간격은 ${time(v)}입니다.${trip} ${why}${v.skips === undefined ? '' : skipped({ skips: v.skips }, who(v))}${often}`;
  },
  'waited-acknowledged': (v) =>
    `${v.again === undefined ? '' : '그동안 다시 보낸 '}요청의 수신 확인은 ${time(v, 'after')} 뒤에 왔고, ${firstOf(v)} 그 ${time(v)} 뒤에 ${arrived(v)}.${busy(v)}`,
  'received-by': (v) => `응답(${answer(v)})은 이 패킷으로 다 왔습니다.${acknowledged(v)}`,
  received: (v) => `응답은 패킷 하나로 ${v.at === 'server' ? '서버를 떠났습니다' : '왔습니다'}: ${answer(v)}.${acknowledged(v)}`,
  'received-over': (v) => {
    const packets = num(v, 'segments') === 0 ? '' : ` 패킷 ${count(num(v, 'segments'))}개로`;
    const rate =
      num(v, 'bytes') < 10_000 || num(v, 'seconds') < 0.001 || v.at === 'server'
        ? ''
        : ` 속도는 ${size(num(v, 'bytes') / num(v, 'seconds'))}/s입니다.`;
    return `응답(${answer(v)})은${packets} ${v.tls === undefined ? '' : '첫 TLS 레코드 전체가 온 때부터 '}${time(v)} 동안 ${v.at === 'server' ? '서버를 떠났습니다' : '왔습니다'}.${rate}${acknowledged(v)}`;
  },
  partial: (v) =>
    v.end !== undefined
      ? `응답(${num(v, 'status')})은 다 오지 않았습니다. 서버는 본문${v.promised === undefined ? '' : ` ${count(num(v, 'promised'))}바이트 중 처음`} ${count(num(v, 'bytes'))}바이트를 보내고 바로 ${v.end === 'close' ? '자기 방향을 닫았습니다' : '연결을 리셋했습니다'}.`
      : `응답(${num(v, 'status')})은 캡처에 다 있지 않습니다.${v.promised === undefined ? '' : ` 본문 ${count(num(v, 'promised'))}바이트 중`} 처음 ${count(num(v, 'bytes'))}바이트가 있고, 그다음 바이트는 없습니다.`,
  cut: (v) => `Content-Length는 ${count(num(v, 'promised'))}바이트라고 했지만 캡처에는 ${count(num(v, 'bytes'))}바이트가 있습니다.`,
  'no-answer': () => '캡처에는 이 요청의 수신 확인도 응답도 없습니다.',
  'no-answer-acknowledged': (v) => `서버는 ${time(v)} 뒤에 요청 수신을 확인했지만 캡처에 응답이 없습니다.`,
  'no-answer-reset': (v) => `요청 ${time(v)} 뒤에 ${who(v)}가 연결을 리셋했습니다.`,
  'no-answer-closed': (v) => `요청 ${time(v)} 뒤에 ${who(v)}가 자기 방향을 닫았습니다.`,
  'no-answer-unread': () =>
    '서버가 데이터를 보냈지만 응답 전체를 읽을 수 없었습니다. 서버의 바이트 일부가 늦게 왔거나 빠져 있어, 그 뒤의 데이터는 해석하지 못했습니다.',
  'no-answer-other': (v) =>
    v.what === 'headless'
      ? '캡처에 읽을 수 있는 응답이 없습니다. 서버가 그다음에 보낸 데이터의 처음이 빠져 있습니다.'
      : v.what === 'begun'
        ? `캡처에 응답의 헤더 전체가 없습니다. 그중 ${count(num(v, 'bytes'))}바이트가 있습니다.`
        : `캡처에 응답이 없습니다. 서버가 그다음에 보낸 ${count(num(v, 'bytes'))}바이트는 응답으로 시작하지 않습니다.`,
  'no-request': (v) =>
    v.answered !== undefined
      ? '이 응답 앞에는 요청이 없습니다. 그때까지 클라이언트가 보낸 것에는 이미 응답이 있었습니다.'
      : v.sent !== undefined
        ? num(v, 'sent') === 0
          ? '이 응답 앞에는 요청이 없습니다. 그때까지 클라이언트는 아무것도 보내지 않았습니다.'
          : `이 응답 앞에는 HTTP 요청이 없습니다. 그때까지 클라이언트가 보낸 ${count(num(v, 'sent'))}바이트는 HTTP 요청이 아닙니다.`
        : v.begun === undefined
          ? '요청은 캡처에 없습니다.'
          : '서버가 요청을 다 받기 전에 응답했고, 요청의 끝은 캡처에 없습니다.',
  resent: (v) =>
    num(v, 'times') === 1
      ? `시작 ${time(v, 'from')} 뒤에 ${who(v)}의 패킷 하나를 다시 보냈습니다.`
      : `시작 ${time(v, 'from') === time(v, 'to') ? `${time(v, 'to')} 뒤에` : `${time(v, 'from')} 뒤부터 ${time(v, 'to')} 뒤까지`} ${who(v)}의 패킷 ${count(num(v, 'times'))}개를 다시 보냈습니다.`,
  copied: (v) => `${who(v)}의 패킷 ${count(num(v, 'times'))}개가 바이트까지 똑같이 두 번 캡처에 있습니다. ${copiedHow(v)}`,
  alike: (v) =>
    `${who(v)}의 패킷 ${count(num(v, 'times'))}개가 바이트까지 똑같이 두 번 캡처에 있습니다. 다시 보낸 것인지 복사된 것인지는 패킷으로 알 수 없습니다.`,
  late: (v) =>
    `${who(v)}의 패킷 ${count(num(v, 'times'))}개가 순서에 어긋나게, 뒤의 데이터보다 늦게 왔습니다. 도중에 늦어졌거나 유실된 뒤 다시 전송되었습니다.`,
  'held-back': heldBack,
  overtaken: (v) => `${who(v)}의 패킷 ${count(num(v, 'times'))}개가 도중에 순서가 뒤바뀌어 뒤의 데이터보다 늦게 왔습니다.`,
  gap: (v) =>
    `${who(v)}의 패킷 ${count(num(v, 'times'))}개가 앞 바이트 없이 왔습니다. ${num(v, 'times') === 1 ? '' : '첫 번째는 '}시작 ${time(v, 'from')} 뒤입니다.${gapsFilled(v)}`,
  'zero-window': (v) =>
    v.seconds === undefined
      ? `${who(v)}가 시작 ${time(v, 'from')} 뒤에 처음으로 수신 윈도우를 닫았습니다(윈도우 0).`
      : `${who(v)}는 시작 ${time(v, 'from')} 뒤부터 ${num(v, 'times') === 1 ? '' : `${count(num(v, 'times'))}번, 길게는 `}${time(v)} 동안 데이터를 더 받을 자리가 없었습니다(윈도우 0).`,
  repaired: (v) =>
    v.why === 'within'
      ? '응답의 세그먼트가 늦거나 순서가 어긋나 스트림에서 재조립했습니다.'
      : v.why === 'before'
        ? '앞선 세그먼트가 늦거나 순서가 어긋나, 그 뒤의 응답은 스트림에서 재조립했습니다.'
        : '응답은 스트림에서 재조립했습니다.',
  'redirect-followed': (v) =>
    `응답은 클라이언트를 ${withParticle(text(v, 'location'), '로')} 보냅니다. 클라이언트는 ${time(v)} 뒤에 그것을 요청했습니다.${v.method === v.was ? '' : ` 메서드는 ${text(v, 'was')} 대신 ${text(v, 'method')}입니다.`}`,
  'redirect-open': (v) =>
    `응답은 클라이언트를 ${withParticle(text(v, 'location'), '로')} 보내지만, 캡처에 이 클라이언트의 그 요청은 없습니다.`,
  redirected: (v) => `리디렉션(${num(v, 'status')})을 따른 요청입니다.`,
  'not-modified': (v) => {
    const fresh =
      v.fresh === undefined
        ? ''
        : v.fresh === 'yes'
          ? ' 그 사본은 아직 묻지 않고 쓸 수 있었습니다.'
          : ' 그 사본은 더는 묻지 않고 쓸 수 없었습니다.';
    return v.by === 'etag'
      ? `변경 없음: 클라이언트가 보낸 엔터티 태그 ${withParticle(text(v, 'value'), '은')} ${time(v, 'age')} 전 응답에서 받은 것이고 지금도 유효합니다.${fresh}`
      : `${text(v, 'value')} 이후 변경 없음: ${time(v, 'age')} 전에 받은 응답의 Last-Modified입니다.${fresh}`;
  },
  'not-modified-unseen': (v) =>
    `변경 없음: 클라이언트가 물은 것(${v.by === 'etag' ? `엔터티 태그 ${text(v, 'value')}` : text(v, 'value')})은 유효합니다. 이 URL에 대한 앞선 응답 중 그것을 가져온 것은 캡처에 없습니다.`,
  modified: (v) =>
    `클라이언트가 사본(${v.by === 'etag' ? `엔터티 태그 ${text(v, 'value')}` : text(v, 'value')})이 유효한지 물었고, 서버는 다른 것을 보냈습니다(${num(v, 'status')}).`,
  challenged: (v) => `서버가 인증 정보(${text(v, 'scheme')})를 요구하지만, 캡처에 이 클라이언트가 그것을 보낸 요청은 없습니다.`,
  'challenged-answered': (v) => `서버가 인증 정보(${text(v, 'scheme')})를 요구했고, 클라이언트는 ${time(v)} 뒤에 보냈습니다.`,
  credentials: (v) =>
    `요청에 인증 정보(${text(v, 'scheme')})가 있습니다.${num(v, 'status') === 401 || num(v, 'status') === 407 ? ' 서버는 받아들이지 않았습니다.' : ''}`,
  'cookies-set': (v) => {
    const removed = num(v, 'removed') === 0 ? '' : `${cookies(num(v, 'removed'))}를 지웁니다.`;
    if (num(v, 'cookies') === 0) return `응답이 ${removed}`;
    const back =
      num(v, 'times') === 0 ? '캡처에는 그것을 돌려보낸 요청이 없습니다.' : `이후 요청 ${count(num(v, 'times'))}개가 돌려보냅니다.`;
    return `응답이 ${cookies(num(v, 'cookies'))}를 설정합니다. ${back}${removed === '' ? '' : ` 또 ${removed}`}`;
  },
  'cookies-sent': (v) =>
    num(v, 'known') === 0
      ? `요청이 ${cookies(num(v, 'cookies'))}를 보냅니다. 캡처에는 그것을 설정한 응답이 없습니다.`
      : `요청이 ${cookies(num(v, 'cookies'))}를 보냅니다. ${num(v, 'known') === num(v, 'cookies') ? '모두' : `그중 ${count(num(v, 'known'))}개는`} 앞선 응답이 설정했습니다.`,
  'stream-reset': (v) =>
    `${v.before === undefined ? `요청 ${time(v)} 뒤에` : `요청이 다 오기 ${time(v, 'before')} 전에`} ${who(v)}가 RST_STREAM(${text(v, 'error')})으로 이 교환의 스트림을 끝냈습니다.`,
  'closed-amid': (v) =>
    `응답이 다 오기 ${time(v)} 전에 클라이언트가 자기 방향을 닫았습니다.${v.reset === undefined ? '' : ' 그 뒤에 온 것에는 리셋으로 답했습니다.'}`,
  'reset-amid': (v) => `응답이 다 오기 ${time(v)} 전에 ${who(v)}가 연결을 리셋했습니다.`,
  tunnel: (v) => `이 응답부터 연결은${text(v, 'target') === '' ? '' : ` ${text(v, 'target')}까지의`} 터널입니다.`,
  upgraded: (v) => `이 응답부터 연결은 ${withParticle(text(v, 'protocol') || '다른 프로토콜', '을')} 나릅니다.`,
  closing: (v) =>
    `${who(v)}가 연결을 닫는다고 알렸고, ${v.same === 'yes' ? '응답의 마지막 패킷에서' : `응답 ${time(v)} 뒤에`} ${side(text(v, 'closer'))}가 먼저 닫았습니다.`,
  'closing-reset': (v) => `${who(v)}가 연결을 닫는다고 알렸고, 응답 ${time(v)} 뒤에 ${side(text(v, 'closer'))}가 리셋했습니다.`,
};

export const storyWords: StoryWords = {
  title: '무슨 일이 있었나',
  failed: '설명을 만들지 못했습니다.',
  reading: '이 교환과 관련된 다른 교환을 아직 읽고 있습니다.',
  packet: (number: string) => `패킷 ${number}`,
  exchange: (number: string) => `교환 ${number}`,
  chain: '리디렉션',
  cookies: '쿠키',
  sentBack: (times: string) => `${times}번 돌려보냄:`,
  notSentBack: '돌려보내지 않음',
  removed: '쿠키를 지움',
  setBy: '설정한 교환',
  notSet: '이 캡처에서 설정되지 않음',
  session: '브라우저를 닫을 때까지',
  caching: '캐싱',
  freshness: (v: ExchangeFreshness) =>
    v.by === 'no-store'
      ? '저장하면 안 됩니다(no-store).'
      : v.by === 'no-cache'
        ? '쓸 때마다 물어야 합니다(no-cache).'
        : v.by === 'heuristic'
          ? '기간이 지정되지 않았습니다. 캐시는 Last-Modified로 짐작할 수 있습니다.'
          : v.by === 'none'
            ? '기간이 지정되지 않았습니다.'
            : `${lasting(v.seconds ?? 0)} 동안 묻지 않고 쓸 수 있습니다(${v.by === 'expires' ? 'Expires' : v.by}).`,
  credentials: '인증 정보',
  user: '사용자',
  password: '비밀번호',
  asksFor: '요구',
  realm: (realm: string) => `영역 ${realm}`,
  more: (n: string) => `외 ${n}개`,
};
