/** The account of a connection in Korean; see `account-words.ts`. */

import type { AccountFact } from '../messages.ts';
import type { AccountWords, Sentences } from './account-words.ts';
import { count, dateUtc, lasting, size } from './format.ts';
import { withParticle } from './particles.ts';

type Values = AccountFact['values'];
const num = (values: Values, name: string): number => Number(values[name] ?? 0);
const time = (values: Values, name = 'seconds'): string => lasting(num(values, name));
const who = (values: Values): string => (values.who === 'client' ? '클라이언트' : '서버');
const other = (values: Values): string => (values.who === 'client' ? '서버' : '클라이언트');
const NEXT: Readonly<Record<string, string>> = { lost: '이 캡처에 있는 다음 데이터가', new: '다음 새 데이터가' };
const next = (values: Values): string => `${who(values)}의 ${NEXT[String(values.next)] ?? '다음 데이터가'}`;
const missing = (values: Values): string => (values.next === 'lost' ? ` 그동안 ${who(values)}의 다른 데이터가 빠져 있습니다.` : '');
export const heldBack = (v: Values): string =>
  `${who(v)} 쪽은 ${count(num(v, 'times'))}번, 앞의 작은 데이터에 대한 ACK가 온 직후에 다음 작은 데이터를 보냈습니다. ACK는 ${num(v, 'times') === 1 ? time(v) : `길게는 ${time(v)}, 모두 ${time(v, 'whole')}`} 걸렸습니다. Nagle 알고리즘이 그러듯 그때까지 보내지 않은 것입니다.`;
export const copiedHow = (v: Values): string =>
  v.interfaces === undefined ? '오는 길이나 캡처에서 복사되었습니다.' : '두 인터페이스에서 캡처되었습니다.';
const packetsTwice = (values: Values): string =>
  `${who(values)}의 데이터 패킷 ${count(num(values, 'times'))}개가 바이트까지 똑같이 두 번 캡처에 있습니다.`;
const segments = (n: number): string => `세그먼트 ${count(n)}개`;
const afterFirst = (values: Values): string => {
  const one = num(values, 'times') === 1;
  const after = values.after === undefined ? '' : ` 같은 데이터가 처음 온 지 ${one ? '' : '길게는 '}${time(values, 'after')} 뒤입니다.`;
  const needless = num(values, 'needless');
  return `${after}${needless === 0 ? '' : one || needless === num(values, 'times') ? ` ${other(values)} 쪽에는 이미 있던 데이터입니다.` : ` 그중 ${count(needless)}개는 ${other(values)} 쪽에 이미 있던 데이터입니다.`}`;
};
const LACKING = '도중에 유실되었거나, 늦었거나, 캡처되지 않았습니다.';
export const gapsFilled = (values: Values): string => {
  const [all, filled, again, overtaken] = [num(values, 'times'), num(values, 'filled'), num(values, 'again'), num(values, 'overtaken')];
  if (filled === 0) return ` 빠진 바이트는 이 캡처에 없습니다. ${LACKING}`;
  const bytes = filled - num(values, 'fins');
  const part = (n: number, what: string): string => (n === 0 ? '' : n === bytes ? ` ${what}` : ` 그중 ${count(n)}번은 ${what}`);
  const how =
    again + overtaken === 0
      ? ' 도중에 늦어졌거나 다시 전송된 것입니다.'
      : `${part(again, '다시 전송된 것입니다.')}${part(overtaken, '도중에 순서가 뒤바뀐 것입니다.')}`;
  const rest = filled === all ? '' : ` 나머지는 이 캡처에 없습니다. ${LACKING}`;
  return ` 빠진 바이트는 ${filled === all ? '' : `${count(filled)}번은 `}${filled === 1 ? '' : '길게는 '}${time(values)} 뒤에 왔습니다.${how}${rest}`;
};
const probed = (values: Values): string =>
  num(values, 'probes') === 0 ? '' : ` ${other(values)} 쪽은 그 윈도우를 ${count(num(values, 'probes'))}번 탐색했습니다.`;
const sent = (values: Values, who: 'client' | 'server'): string => {
  const [name, n] = [who === 'client' ? '클라이언트' : '서버', num(values, `${who}Segments`)];
  return n === 0 ? `${name} 없음` : `${name} ${segments(n)}로 ${count(num(values, `${who}Bytes`))}바이트`;
};
export const skipped = (values: Values, of: string): string =>
  values.skips === undefined
    ? ''
    : ` 다른 곳에서는 하나씩 올라가는 ${of} 패킷의 식별자(Identification)가 ${num(values, 'times') <= 1 ? '그때' : '그때마다 합쳐서'} ${count(num(values, 'skips'))}개를 건너뜁니다.`;
const idle = (values: Values): string =>
  values.idle === undefined ? '' : `${values.still === undefined ? '' : '그때까지의 '}마지막 데이터 ${time(values, 'idle')} 뒤에 `;

const WHERE: Readonly<Record<string, string>> = {
  client: '클라이언트나 그 가까이에서 캡처한 것으로 보입니다',
  server: '서버나 그 가까이에서 캡처한 것으로 보입니다',
  between: '둘 사이에서 캡처한 것으로 보입니다',
  unknown: '어디에서 캡처했는지는 알 수 없습니다',
};

/** 패킷 목록과 연결 표가 다시 보낸 데이터를 부르는 말. 재전송만은 아닐 때. */
const byAnalysis = (values: Values): string => {
  const [all, unmarked] = [num(values, 'times'), num(values, 'unmarked')];
  if (unmarked === 0) return '';
  const said = ' Wireshark의 규칙(tcp.analysis)으로는';
  return unmarked === all
    ? `${said} 순서 어긋남입니다.`
    : `${said} 재전송 ${count(all - unmarked)}개, 순서 어긋남 ${count(unmarked)}개입니다.`;
};

export const sentences: Sentences = {
  'syn-again': (v) => `클라이언트는 ${time(v)} 동안 SYN을 ${count(num(v, 'times'))}번 보냈습니다.`,
  opened: (v) => {
    if (v.answered === undefined && v.missing !== 'answer') return '클라이언트가 연결을 열었습니다.';
    if (v.answered === undefined) return '클라이언트가 연결을 열었습니다. SYN에 대한 응답은 이 캡처에 없습니다.';
    const complete =
      v.complete === undefined || time(v, 'complete') === time(v, 'answered')
        ? ''
        : ` 핸드셰이크는 ${time(v, 'complete')} 뒤에 끝났습니다.`;
    return v.last === undefined
      ? `클라이언트가 연결을 열었고, 서버는 ${time(v, 'answered')} 뒤에 SYN에 응답했습니다.${complete}`
      : `클라이언트가 연결을 열었고, 서버의 응답은 첫 SYN ${time(v, 'answered')} 뒤, 그 직전의 SYN ${time(v, 'last')} 뒤에 왔습니다.${complete}`;
  },
  'captured-at': (v) =>
    `캡처한 지점에서 서버까지 왕복은 길어야 ${time(v, 'server')}, 클라이언트까지 왕복은 길어야 ${time(v, 'client')}: ${WHERE[String(v.where)] ?? WHERE.unknown}.`,
  refused: (v) =>
    `클라이언트가 연결을 요청했지만 거부되었습니다. SYN에${v.seconds === undefined ? '' : ` ${time(v)} 뒤`} 리셋이 돌아왔습니다.`,
  'no-answer': (v) =>
    num(v, 'times') === 1
      ? `클라이언트가 SYN을 보냈지만 이 캡처에는 ${v.icmp === undefined ? '응답이' : '응답하는 세그먼트가'} 없습니다.`
      : `클라이언트가 ${time(v)} 동안 SYN을 ${count(num(v, 'times'))}번 보냈지만 이 캡처에는 ${v.icmp === undefined ? '응답이' : '응답하는 세그먼트가'} 없습니다.`,
  'syn-ack-again': (v) => `서버는 SYN-ACK를 ${count(num(v, 'times'))}번 보냈고, 이 캡처에는 ${time(v)} 사이에 있습니다.`,
  'half-open': (v) =>
    `서버는 ${v.answered === undefined ? '' : `${time(v, 'answered')} 뒤에 `}SYN에 응답했지만 그에 대한 클라이언트의 ACK가 이 캡처에 없습니다. 핸드셰이크가 끝나지 않았습니다.`,
  simultaneous: () => '양쪽 모두 상대의 SYN을 보기 전에 SYN을 보냈습니다(동시 열기).',
  midway: () => '이 연결의 시작은 캡처에 없습니다.',
  'no-data': (v) => `${v.seconds === undefined ? '' : `${time(v)} 동안 `}이 캡처에는 이 연결의 데이터가 없습니다.`,
  exchanged: (v) =>
    `${time(v)} 동안 이 캡처에 있는 데이터: ${sent(v, 'client')}, ${sent(v, 'server')}${v.repeats === 'yes' ? '(반복 포함)' : ''}.`,
  waited: (v) =>
    `가장 긴 대기: ${v.again === 'yes' ? '그동안 다시 보낸 ' : ''}${other(v)}의 데이터 ${time(v)} 뒤에 ${next(v)} 왔습니다.${missing(v)}${v.crossed === undefined ? '' : ` 그것을 보낼 때 ${who(v)} 쪽은 아직 그 데이터를 다 받지 못했습니다.`}${skipped(v, who(v))}`,
  'waited-acknowledged': (v) =>
    `가장 긴 대기: ${v.again === 'yes' ? '그동안 다시 보낸 ' : ''}클라이언트의 데이터에 대한 ${who(v)}의 확인 응답이 ${time(v, 'after')} 뒤에 왔고, 다시 ${time(v)} 뒤에 ${next(v)} 왔습니다.${missing(v)}`,
  unanswered: (v) => `이 캡처에는 ${who(v)}의 응답 데이터도, ${other(v)} 쪽이 마지막으로 보낸 것에 대한 ACK도 없습니다.`,
  'unanswered-acknowledged': (v) => `${who(v)} 쪽은 ${other(v)} 쪽이 보낸 것을 확인했습니다. ${who(v)}의 응답 데이터는 이 캡처에 없습니다.`,
  'last-unanswered': (v) => {
    const to = v.to === 'capture' ? '캡처의 마지막 패킷까지' : '연결이 끝날 때까지';
    return v.after === undefined
      ? `클라이언트의 마지막 데이터 뒤 ${to} ${time(v)} 동안 ${who(v)}의 ACK도 데이터도 이 캡처에 없습니다.`
      : `${who(v)} 쪽은 클라이언트의 마지막 데이터를 ${time(v, 'after')} 뒤에 확인했습니다. 그 데이터 뒤 ${to} ${time(v)} 동안 ${who(v)}의 데이터는 이 캡처에 없습니다.`;
  },
  'round-trip': (v) =>
    `${who(v)}의 데이터를 가장 오래 기다린 시간은 ${time(v)}입니다. SYN에 대한 응답도 ${time(v, 'trip')}로 비슷하게 걸렸습니다.`,
  paused: (v) => {
    const long =
      num(v, 'times') === 1 ? `${time(v)} 동안` : `${count(num(v, 'times'))}번, 모두 합쳐 ${time(v, 'whole')}, 길게는 ${time(v)} 동안`;
    return v.near === 'yes'
      ? `${who(v)} 쪽은 데이터를 보내던 중에 ${long} 멈췄습니다. ${other(v)} 쪽은 받은 데이터를 모두 확인했고 더 받을 자리도 있었습니다.`
      : `${who(v)}의 데이터는 중간에 ${long} 오지 않았습니다. ${other(v)} 쪽은 받은 데이터를 모두 확인했고 더 받을 자리도 있었습니다. ${who(v)} 쪽이 멈췄거나, 패킷이 이 캡처 밖에서 유실된 것입니다.${skipped(v, '그')}`;
  },
  stalled: (v) =>
    `${who(v)} 쪽은 데이터를 보내던 중에 ${num(v, 'times') === 1 ? '' : `${count(num(v, 'times'))}번, 길게는 `}${time(v)} 동안 아무것도 보내지 않았습니다. 그동안 이미 보낸 데이터에 대한 ACK는 이 캡처에 없습니다.${skipped(v, other(v))}`,
  'held-back': heldBack,
  'small-window': (v) =>
    `데이터가 오는 동안 ${who(v)}의 수신 윈도우는 ${count(num(v, 'window'))}바이트를 넘은 적이 없습니다. 왕복 ${time(v, 'trip')}에서 그 윈도우로는 약 ${size(num(v, 'rate'))}/s까지 보낼 수 있습니다.`,
  'icmp-error': (v) =>
    `첫 패킷 ${time(v, 'at')} 뒤${num(v, 'times') === 1 ? '에' : '부터'} ${v.from}에서 이 연결에 대한 ICMP 오류${num(v, 'times') === 1 ? '가' : ` ${count(num(v, 'times'))}개가`} 왔습니다: ${v.what}.${v.mtu === undefined ? '' : ` 거기서부터는 ${count(num(v, 'mtu'))}바이트 이하의 패킷만 지나갑니다.`}`,
  idle: (v) => `응답 뒤 ${time(v)} 동안 이 캡처에 클라이언트의 새 데이터가 없습니다.`,
  'resent-once': (v) =>
    `${who(v)}의 ${segments(num(v, 'segments'))} 중 1개에서 데이터가 다시 전송되었습니다. 연결의 첫 패킷 ${time(v, 'at')} 뒤입니다.${afterFirst(v)}${byAnalysis(v)}`,
  'resent-burst': (v) =>
    `${who(v)}의 ${segments(num(v, 'segments'))} 중 ${count(num(v, 'times'))}개에서 데이터가 다시 전송되었습니다. 모두 첫 패킷 ${time(v, 'at')} 뒤부터 ${time(v)} 동안입니다.${afterFirst(v)}${byAnalysis(v)}`,
  resent: (v) =>
    `${who(v)}의 ${segments(num(v, 'segments'))} 중 ${count(num(v, 'times'))}개에서 데이터가 여러 차례에 걸쳐 다시 전송되었습니다.${afterFirst(v)}${byAnalysis(v)}`,
  copied: (v) => `${packetsTwice(v)} ${copiedHow(v)}`,
  alike: (v) => `${packetsTwice(v)} 다시 보낸 것인지 복사된 것인지는 패킷으로 알 수 없습니다.`,
  gaps: (v) => {
    const [all, fins] = [num(v, 'times'), num(v, 'fins')];
    if (all === 1 && fins === 1) return `${who(v)}의 FIN은 그 뒤의 세그먼트보다 ${time(v)} 늦게 왔습니다.`;
    const what = fins === 0 ? '바이트가' : '바이트나 FIN이';
    return `${who(v)}의 세그먼트가 앞의 ${what} 빠진 채로 ${all === 1 ? '한' : count(all)} 번 왔습니다.${gapsFilled(v)}`;
  },
  disorder: (v) =>
    `${who(v)}의 ${segments(num(v, 'times'))}가 순서에 어긋나게, 뒤의 데이터보다 늦게 왔습니다. 도중에 늦어졌거나 유실된 뒤 다시 전송되었습니다.`,
  'window-closed': (v) => `${who(v)} 쪽이 수신 윈도우를 닫았고(윈도우 0), 이 캡처에는 다시 여는 것이 보이지 않습니다.${probed(v)}`,
  'window-closed-for': (v) =>
    `${who(v)} 쪽은 ${num(v, 'times') === 1 ? '' : `${count(num(v, 'times'))}번, 길게는 `}${time(v)} 동안 데이터를 더 받을 자리가 없었습니다(윈도우 0).${probed(v)}`,
  'capture-lost': (v) => `이 캡처에 없는 것에 대한 ACK가 ${count(num(v, 'times'))}번 있습니다. 도착했으므로 캡처가 놓친 것입니다.`,
  'keep-alive': (v) => {
    const [all, answered] = [num(v, 'times'), num(v, 'answered')];
    const probes = `${v.who === 'both' ? '' : `${who(v)}의 `}${segments(all)}가 keep-alive 프로브의 형태입니다.`;
    if (answered === 0) return `${probes} 그에 대한 응답은 이 캡처에 없습니다.`;
    const which = answered < all ? `그중 ${count(answered)}개에 ` : all === 1 ? '' : '모두 ';
    return v.who === 'both' ? `${probes} ${which}응답이 왔습니다.` : `${probes} ${other(v)} 쪽은 ${which}응답했습니다.`;
  },
  closed: (v) =>
    v.lost !== undefined
      ? `${idle(v)}${who(v)} 쪽이 먼저 닫았습니다.${v.still === undefined ? '' : ` ${other(v)} 쪽은 그 뒤로도 데이터를 보냈습니다.`} ${other(v)}의 FIN은 ${time(v)} 뒤에, 그보다 나중에 보낸 세그먼트보다 늦게 왔습니다.`
      : v.still === undefined
        ? `${idle(v)}${who(v)} 쪽이 먼저 닫았고, ${time(v)} 뒤에 ${other(v)} 쪽도 닫았습니다.`
        : `${idle(v)}${who(v)} 쪽이 먼저 닫았고, ${other(v)} 쪽은 그 뒤로도 데이터를 보내다가 ${time(v)} 뒤에 닫았습니다.`,
  'closed-both': () => '양쪽 모두 상대가 닫은 것을 보기 전에 닫았습니다.',
  'closed-one': (v) => `${idle(v)}${who(v)} 쪽이 자신의 방향을 닫았습니다.`,
  'half-closed': (v) =>
    `${idle(v)}${who(v)} 쪽이 자신의 방향을 닫았습니다. ${time(v)} 뒤 마지막 패킷까지 ${other(v)} 쪽이 닫는 것은 이 캡처에 없습니다.`,
  reset: (v) =>
    `${idle(v)}${who(v)} 쪽이 연결을 리셋했습니다.${v.behind === undefined ? '' : ` 그 뒤에도 ${other(v)}의 데이터가 왔습니다.`}`,
  'fin-again': (v) => {
    const again = num(v, 'times') - 1;
    const needless = Math.min(again, num(v, 'needless'));
    const had =
      needless === 0
        ? ''
        : needless === again
          ? ` 다시 보낸 FIN은 ${other(v)} 쪽에 이미 있던 것입니다.`
          : ` 다시 보낸 ${count(again)}번 중 ${count(needless)}번은 ${other(v)} 쪽에 이미 있던 FIN입니다.`;
    return `${who(v)} 쪽은 ${time(v)} 동안 FIN을 ${count(num(v, 'times'))}번 보냈습니다.${had}`;
  },
  'reset-late-data': (v) =>
    `${who(v)} 쪽이 닫은 뒤 ${other(v)}의 ${v.alert === undefined ? '데이터가' : 'TLS 경고가'} 왔고, 그 뒤 ${who(v)} 쪽이 연결을 리셋했습니다.`,
  'tls-handshake': (v) => {
    const since = v.retry === undefined ? 'ClientHello' : '첫 ClientHello';
    const end =
      v.changed !== undefined
        ? ` ${since} ${time(v, 'changed')} 뒤에는 양쪽 모두 새 키로 바꾸었습니다.`
        : v.next !== undefined
          ? ` 클라이언트의 다음 데이터는 ${since} ${time(v, 'next')} 뒤에 왔습니다.`
          : '';
    const resumed =
      v.resumed === undefined
        ? ''
        : v.resumed === 'session'
          ? ' 이전 세션을 이어서 썼으므로 인증서는 없습니다.'
          : ' 이전 세션의 키처럼 양쪽이 이미 가진 키를 썼으므로 인증서는 없습니다.';
    if (v.retry === undefined) return `서버는 TLS ClientHello에 ${time(v, 'answered')} 뒤에 응답했습니다.${end}${resumed}`;
    const answered = v.answered === undefined ? '' : ` 두 번째 ClientHello에는 첫 ClientHello ${time(v, 'answered')} 뒤에 응답했습니다.`;
    return `서버는 ${time(v, 'retry')} 뒤에 TLS ClientHello를 다시 요구했습니다(HelloRetryRequest).${answered}${end}${resumed}`;
  },
  'tls-alert': (v) => `${who(v)} 쪽이 치명적인 TLS 경고를 보냈습니다: ${v.name === '' ? `${v.number}번` : v.name}.`,
  'tls-renegotiated': (v) => {
    const began = v.who === 'server' ? '서버가 TLS 핸드셰이크를 다시 요구했습니다' : '클라이언트가 TLS 핸드셰이크를 다시 시작했습니다';
    const end =
      v.seconds !== undefined
        ? ` ${time(v)} 뒤에는 양쪽 모두 새 키로 바꾸었습니다.`
        : v.refused !== undefined
          ? ` ${other(v)} 쪽은 거절했습니다.`
          : v.alert !== undefined
            ? ` ${other(v)} 쪽의 다음 레코드는 암호화된 경고이고, 양쪽이 새 키로 바꾸는 것은 이 캡처에 없습니다.`
            : v.answered !== undefined
              ? ` 이 캡처에서 ${other(v)} 쪽은 ${v.who === 'server' ? '핸드셰이크를 시작하지 않습니다' : '자신의 핸드셰이크로 응답하지 않습니다'}.`
              : ' 양쪽이 새 키로 바꾸는 것은 이 캡처에 없습니다.';
    const more = num(v, 'times') - 1;
    const open = num(v, 'times') - num(v, 'completed') - (v.seconds === undefined ? 1 : 0);
    const again =
      more === 0
        ? ''
        : ` 그 뒤 ${count(more)}번 더 시작되었습니다${open === 0 ? '' : `(그중 ${count(open)}번은 양쪽이 키를 바꾸지 않음)`}.`;
    return `첫 패킷 ${time(v, 'at')} 뒤, 열려 있는 연결에서 ${began}(재협상).${end}${again}`;
  },
  'tls-certificate': (v) =>
    `서버의 인증서는 ${v.name}의 것이며, ${v.issued === 'self' ? '스스로 서명한 것입니다' : `${withParticle(String(v.issuer), '이')} 발급한 것입니다`}.${v.issued === 'not-signed' ? ' 메시지에 있는 발급자의 키로 서명된 것은 아닙니다.' : ''} ${v.validity === 'valid' ? `${dateUtc(String(v.to))}까지로, 그때 유효했습니다.` : v.validity === 'expired' ? `그때는 만료된 지 ${time(v, 'away')} 지났습니다.` : v.validity === 'early' ? `그때는 유효해지기 ${time(v, 'away')} 전이었습니다.` : '유효 기간은 읽을 수 없습니다.'}${v.host === 'yes' ? ` 이름은 클라이언트가 요청한 ${v.serverName}에 맞습니다.` : v.host === 'no' ? ` 클라이언트가 요청한 ${v.serverName}에 맞는 이름은 없습니다.` : ''}`,
  'tls-certificate-unread': (v) =>
    `${count(num(v, 'octets'))}바이트인 서버의 인증서는 ${v.problem === 'too-long' ? '읽기에 너무 깁니다' : 'X.509 인증서로 읽을 수 없습니다'}.`,
  'tls-decrypted': (v) =>
    `${withParticle(String(v.version), '로')} 암호화되어 있고, 비밀 값으로 복호화했습니다${v.inside === '' ? '' : `(내용: ${v.inside}${v.later === undefined ? '' : `, 그 뒤 ${v.later}`})`}.`,
  'tls-partly': (v) =>
    `${withParticle(String(v.version), '로')} 암호화되어 있습니다. 암호화된 레코드 가운데 ${count(num(v, 'records'))}개를 복호화했고 ${count(num(v, 'failed'))}개는 하지 못했습니다.`,
  'tls-missing': (v) => `${withParticle(String(v.version), '로')} 암호화되어 있고, 키 로그에 이 연결의 비밀 값이 없습니다.`,
  'tls-wrong': (v) =>
    `${withParticle(String(v.version), '로')} 암호화되어 있습니다. 키 로그에 이 연결이 있지만 그 비밀 값으로는 레코드가 열리지 않습니다.`,
  'tls-nameless': () => 'TLS로 암호화되어 있습니다. 키 로그에서 연결을 찾는 데 필요한 ClientHello가 캡처에 없습니다.',
  'tls-suite': (v) =>
    `${v.version}, ${withParticle(v.suite === '' ? '알 수 없는 암호 스위트' : String(v.suite), '로')} 암호화되어 있으며, 이 스위트는 복호화할 수 없습니다.`,
  open: (v) =>
    num(v, 'seconds') <= 0
      ? '이 캡처에는 이 연결을 닫는 것이 없습니다. 이 연결의 마지막 패킷이 캡처의 마지막 패킷입니다.'
      : `이 캡처에는 이 연결을 닫는 것이 없습니다. 마지막 패킷은 캡처가 끝나기 ${time(v)} 전에 왔습니다.`,
};

export const accountWords: AccountWords = {
  title: '무슨 일이 있었나',
  links: '문장마다 해당 패킷으로 연결됩니다',
  packet: (number: string) => `패킷 ${number}`,
  failed: '설명을 만들지 못했습니다.',
};
