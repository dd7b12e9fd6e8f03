/** Words that the engine sends and the window shows: marks, outcomes and what one unit of a protocol is called. */
import type { Failure } from '../src/messages.ts';
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
  ['Copy', '복사본'],
  ['Overtaken', '순서 뒤바뀜'],
  ['Sent again', '다시 보냄'],
  ['Sent again or copied', '다시 보냄 또는 복사본'],
  ['Window probe', '윈도우 프로브'],
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
  // the header of a broken record
  ['Block type', '블록 유형'],
  ['Block length', '블록 길이'],
  ['Captured length', '캡처된 길이'],
  ['Fraction', '소수부'],
  ['Interface', '인터페이스'],
  ['Original length', '원래 길이'],
  ['Seconds', '초'],
  ['Time', '시각'],
]);

/** A word of the engine in the language in force; as it came where it is none of those known, such as `1/3`. */
export function named(text: string): string {
  if (languageNow() === 'en') return text;
  return KO.get(text) ?? text.replace(/^Dup ACK (?=\d)/, '중복 ACK ');
}

/** What a layer below the application is summed up as, with its sizes in the language in force: '53 → 42150 · 58 bytes'. */
export function summed(text: string): string {
  return languageNow() === 'en' ? text : text.replace(/(\d[\d,]*) bytes?\b/g, '$1바이트');
}

/** Why a back end cannot be used. */
const LACKS: ReadonlyMap<string, string> = new Map([
  ['is not installed', '설치되지 않았습니다'],
  ['may not be run by this user', '이 사용자가 실행할 수 없습니다'],
  ['may not open network interfaces', '네트워크 인터페이스를 열 수 없습니다'],
  ['cannot be used', '쓸 수 없습니다'],
]);

/** '`cap` is not installed.' in the language in force: why a back end cannot be used. */
export function lacking(name: string, lack: string): string {
  return languageNow() === 'en' ? `${name} ${lack}.` : `${name}: ${LACKS.get(lack) ?? lack}.`;
}

/** What a saved file lacks of what is known of its capture. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['packet flags', '패킷 플래그'],
  ['descriptions of interfaces', '인터페이스 정보'],
  ['counts of received and dropped packets', '수신 및 유실 패킷 수'],
  ['TLS secrets', 'TLS 비밀 값'],
]);

function leftOut(list: string): string {
  return list
    .split(', ')
    .map((each) => LEFT_OUT.get(each) ?? each.replace(/^(\d+) comments?$/, '설명 $1개'))
    .join(', ');
}

/** What is said in place of a match, given the match and its groups. */
type Said = (...parts: string[]) => string;

/** Sentences of the engine about a step of a connection or about a capture, as patterns of its English, with what the window says in Korean. */
const NOTES: readonly (readonly [RegExp, string | Said])[] = [
  [
    /^Not in the file, since pcap has no place for it: (.+)\.$/,
    (_, list = '') => `pcap에는 자리가 없어 파일에 넣지 않았습니다: ${leftOut(list)}.`,
  ],
  [
    /^Not in the file, since it is about the whole capture: (.+)\.$/,
    (_, list = '') => `캡처 전체에 관한 것이라 파일에 넣지 않았습니다: ${leftOut(list)}.`,
  ],
  [/^([\d.]+ s) until it was sent again$/, '다시 보낼 때까지 $1'],
  [/^([\d.]+ s) until the SYN was answered$/, 'SYN에 응답할 때까지 $1'],
  [/^([\d.]+ s) idle$/, '$1 동안 조용함'],
  [/^([\d.]+ s) idle: the client has the answer$/, '$1 동안 조용함: 클라이언트는 응답을 받았음'],
  [/^([\d.]+ s): the client has its window closed$/, '$1: 클라이언트의 윈도우가 닫혀 있음'],
  [/^([\d.]+ s): the server has its window closed$/, '$1: 서버의 윈도우가 닫혀 있음'],
  [/^([\d.]+ s): the server has the request and sends nothing$/, '$1: 서버가 요청을 받고도 보내지 않음'],
  [/^([\d.]+ s): the server does not answer$/, '$1: 서버가 응답하지 않음'],
  [/^([\d.]+ s): the client does not answer$/, '$1: 클라이언트가 응답하지 않음'],
  [/^arrived later$/, '나중에 도착'],
  [/^overtaken on the way$/, '도중에 순서가 뒤바뀜'],
  [/^before the capture point$/, '캡처 지점 앞에서'],
  [/^not captured$/, '캡처되지 않음'],
  [/^acknowledged$/, '수신 확인됨'],
  [
    /^(\d+) messages? over TCP (?:was|were) not put together: too many were incomplete at once\.$/,
    'TCP 메시지 $1개를 이어 붙이지 못했습니다. 동시에 완성되지 않은 것이 너무 많았습니다.',
  ],
  [
    /^(\d+) messages? over TCP (?:was|were) not put together: too many segments were lost or overtaken\.$/,
    'TCP 메시지 $1개를 이어 붙이지 못했습니다. 유실되거나 순서가 뒤바뀐 세그먼트가 너무 많았습니다.',
  ],
  [
    /^(\d+) gaps? in encrypted streams could not be waited for: too much had come behind\. Decryption went on without what was missing\.$/,
    '암호화된 스트림의 빈 곳 $1군데는 뒤에 온 것이 너무 많아 기다리지 못했습니다. 빠진 부분은 건너뛰고 복호화를 이어 갔습니다.',
  ],
  [
    /^Some packets nest more protocols than the index can hold; their innermost layers are not in it\.$/,
    '일부 패킷은 색인에 담을 수 있는 것보다 많은 프로토콜이 겹쳐 있어, 가장 안쪽 계층이 색인에 없습니다.',
  ],
  // back ends of a capture
  [/^(\S+), as asked for\.$/, '$1: 지정한 백엔드입니다.'],
  [/^dumpcap, because the kernel stamps its packets and it counts drops\.$/, 'dumpcap: 커널이 시각을 기록하고 유실을 셉니다.'],
  [
    /^dumpcap, because with cap a busy interface keeps the others waiting; it also counts drops\.$/,
    'dumpcap: cap을 쓰면 바쁜 인터페이스 하나 때문에 나머지가 기다립니다. dumpcap은 유실도 셉니다.',
  ],
  [/^dumpcap, because cap (.+)\.$/, (_, lack = '') => `dumpcap: ${lacking('cap', lack)}`],
  [/^cap, because dumpcap (.+)\.$/, (_, lack = '') => `cap: ${lacking('dumpcap', lack)}`],
  [
    /^cap, because its packets show at once\. dumpcap passes them on every quarter of a second, with the kernel's time stamps and counted drops\.$/,
    'cap: 패킷이 바로 표시됩니다. dumpcap은 0.25초마다 넘겨 주지만, 커널의 타임스탬프를 쓰고 유실을 셉니다.',
  ],
  [
    /^dumpcap, because more packets pass (\S+) now than cap takes without loss; it counts what the kernel drops all the same\.$/,
    'dumpcap: 지금 $1에는 cap이 유실 없이 받을 수 있는 것보다 많은 패킷이 지나갑니다. 커널이 버린 것은 셉니다.',
  ],
  [
    /^dumpcap went on where cap had begun, because more packets came than cap takes without loss\.$/,
    'cap으로 시작했지만 유실 없이 받을 수 있는 것보다 많은 패킷이 와서 dumpcap이 이어받았습니다.',
  ],
  [
    /^taken on arrival in the capture process, in nanoseconds; under load milliseconds after the kernel saw the packet$/,
    '캡처 프로세스에 도착할 때 기록, 나노초 단위. 부하가 크면 커널보다 몇 밀리초 늦음',
  ],
  [/^the kernel's, in (micro|nano)seconds$/, (_, unit = '') => `커널이 기록, ${unit === 'nano' ? '나노초' : '마이크로초'} 단위`],
  [
    /^Times by the kernel, drops counted \(known at the end\)\. Packets come in batches of up to a quarter of a second\.$/,
    '커널이 시각을 기록하고 유실을 셉니다(끝날 때 확인). 패킷은 0.25초까지 묶여서 옵니다.',
  ],
  [
    /^Packets show at once\. Times taken on arrival in the capture process, drops not known\.$/,
    '패킷이 바로 표시됩니다. 시각은 캡처 프로세스에 도착할 때 기록하고, 유실은 알 수 없습니다.',
  ],
  [/^(\d+) packets? could not be dissected because of an error in Sevenfold\.$/, 'Sevenfold의 오류로 패킷 $1개를 해석하지 못했습니다.'],
];

/** What the engine says of a silence, of a loss, of a back end or of what it left out, in the language in force. */
export function noted(text: string): string {
  return saidBy(NOTES, text);
}

function saidBy(patterns: readonly (readonly [RegExp, string | Said])[], text: string): string {
  if (languageNow() === 'en') return text;
  // The two forms of `replace` are told apart by the type only.
  for (const [pattern, said] of patterns) if (pattern.test(text)) return text.replace(pattern, said as string);
  return text;
}

const DOING: ReadonlyMap<string, string> = new Map([
  ['opened', '열'],
  ['read', '읽을'],
  ['written', '쓸'],
]);

/** What is wrong with a block of a pcapng file. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^A section header has no byte-order mark$/, '섹션 헤더에 바이트 순서 표시가 없습니다'],
  [/^The file does not begin with a section header$/, '파일이 섹션 헤더로 시작하지 않습니다'],
  [
    /^A block of type (\S+) gives its length as (\d+) bytes, which cannot be$/,
    '종류가 $1인 블록의 길이가 $2바이트로 되어 있는데, 그럴 수 없습니다',
  ],
  [
    /^A block of type (\S+) gives its length as (\d+) bytes at its start and as (\d+) at its end$/,
    '종류가 $1인 블록의 길이가 앞에는 $2바이트, 뒤에는 $3바이트로 되어 있습니다',
  ],
  [/^A section header is too short$/, '섹션 헤더가 너무 짧습니다'],
  [/^A section has version (.+) of the format, which is not known$/, '섹션의 형식 버전 $1을(를) 알 수 없습니다'],
  [/^An interface description is too short$/, '인터페이스 설명 블록이 너무 짧습니다'],
  [/^The file describes more than (\d+) interfaces$/, '파일에 인터페이스가 $1개보다 많습니다'],
  [/^An interface statistics block is too short$/, '인터페이스 통계 블록이 너무 짧습니다'],
  [/^A block with secrets is too short$/, '비밀 값 블록이 너무 짧습니다'],
  [/^A packet block is too short$/, '패킷 블록이 너무 짧습니다'],
  [/^A packet is of interface (\d+), which its section does not describe$/, '패킷의 인터페이스 $1번이 그 섹션에 설명되어 있지 않습니다'],
  [
    /^A block of (\d+) bytes is too short for the (\d+) bytes (?:of secrets that it should have|that the packet should have)$/,
    '$1바이트인 블록에 $2바이트가 들어갈 수 없습니다',
  ],
  [/^A packet of (\d+) bytes is larger than any of its kind can be$/, '$1바이트인 패킷은 이런 패킷으로는 너무 큽니다'],
];

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['pipe', '파이프'],
  ['socket', '소켓'],
  ['device', '장치'],
]);

/** What a file seems to be: names of formats stay. */
const SEEMING: readonly (readonly [RegExp, string])[] = [
  [/^text$/, '텍스트'],
  [/^a file packed with (.+)$/, '$1 압축 파일'],
  [/^an? (.+?) capture( \(.+\))?$/, '$1 캡처$2'],
  [/^an? (.+) archive$/, '$1 압축 파일'],
  [/^an? (.+) document$/, '$1 문서'],
  [/^an? (.+) picture$/, '$1 그림'],
  [/^an? (.+) database$/, '$1 데이터베이스'],
  [/^an? (.+) (?:log|trace)$/, '$1 로그'],
  [/^a Windows program$/, 'Windows 프로그램'],
  [/^a program$/, '프로그램'],
  [/^a web page$/, '웹 페이지'],
  [/^(\S+) text$/, '$1 텍스트'],
];

function seeming(what: string): string {
  const found = SEEMING.find(([pattern]) => pattern.test(what));
  return found === undefined ? what : what.replace(found[0], found[1]);
}

/** Failures and what to do about them, as patterns of their English. What stands in brackets or after a colon is another program's own words. */
const FAILURES: readonly (readonly [RegExp, string | Said])[] = [
  // files
  [/^The folder of (.+) does not exist\.$/s, '$1의 폴더가 없습니다.'],
  [/^Choose a folder that exists\.$/, '있는 폴더를 선택하십시오.'],
  [/^There is no file (.+)\.$/s, '$1 파일이 없습니다.'],
  [/^(.+) does not exist\.$/s, '$1 파일이 없습니다.'],
  [/^Check the path[:;] the file may have been moved or deleted\.$/, '경로를 확인하십시오. 파일이 옮겨졌거나 지워졌을 수 있습니다.'],
  [/^A part of the path (.+) is a file, not a folder\.$/s, '$1 경로의 일부가 폴더가 아니라 파일입니다.'],
  [/^Check the path\.$/, '경로를 확인하십시오.'],
  [
    /^You have no permission for (.+) to be (\w+)\.$/s,
    (_, path = '', doing = '') => `${path}: ${DOING.get(doing) ?? doing} 권한이 없습니다.`,
  ],
  [/^(.+) may not be accessed by this user\.$/s, '$1: 이 사용자는 접근할 수 없습니다.'],
  [/^Ask the owner of the file, or change its permissions\.$/, '파일 소유자에게 문의하거나 권한을 바꾸십시오.'],
  [/^Change its permissions, or choose another place\.$/, '권한을 바꾸거나 다른 위치를 선택하십시오.'],
  [/^(.+) is a folder, not a (?:capture )?file\.$/s, '$1: 파일이 아니라 폴더입니다.'],
  [/^Choose a file\.$/, '파일을 선택하십시오.'],
  [/^Choose another (?:folder|place)\.$/, '다른 위치를 선택하십시오.'],
  [
    /^The disk is full: (.+) could not be (\w+)\.$/s,
    (_, path = '', doing = '') => `디스크가 가득 차서 ${path} 파일을 ${DOING.get(doing) ?? doing} 수 없습니다.`,
  ],
  [/^Free some space(?: and|, then) try again\.$/, '공간을 확보한 뒤 다시 시도하십시오.'],
  [/^(.+) is on a disk that cannot be written\.$/s, '$1: 쓸 수 없는 디스크에 있습니다.'],
  [/^Too many files are open\.$/, '열린 파일이 너무 많습니다.'],
  [/^Close other programs(?: and|, then) try again\.$/, '다른 프로그램을 닫고 다시 시도하십시오.'],
  [/^(.+) is in use by another program\.$/s, '$1: 다른 프로그램이 쓰고 있습니다.'],
  [/^Close it there(?: and|, then) try again\.$/, '그곳에서 닫고 다시 시도하십시오.'],
  [
    /^(.+) could not be (opened|read|written): (.+)\.$/s,
    (_, path = '', doing = '', why = '') => `${path}: ${DOING.get(doing) ?? doing} 수 없습니다(${why}).`,
  ],
  // what is no capture
  [
    /^(.+) is a (pipe|socket|device), not a capture file\.$/s,
    (_, path = '', what = '') => `${path}: 캡처 파일이 아니라 ${SPECIAL.get(what) ?? what}입니다.`,
  ],
  [/^Write it to a file first\.$/, '먼저 파일에 쓰십시오.'],
  [
    /^Sevenfold opens pcap and pcapng files, also packed with gzip\.$/,
    'Sevenfold는 pcap과 pcapng 파일을 엽니다. gzip으로 압축된 것도 됩니다.',
  ],
  [/^(.+) is empty\.$/s, '$1: 빈 파일입니다.'],
  [/^Capture again, or choose another file\.$/, '다시 캡처하거나 다른 파일을 선택하십시오.'],
  [/^(.+) is cut short: it ends inside the header of a (pcap|pcapng) file\.$/s, '$1: $2 파일의 헤더 중간에서 끝나는 잘린 파일입니다.'],
  [
    /^(.+) is not a capture file that can be read: it seems to be (.+)\.$/s,
    (_, name = '', what = '') => `${name}: 읽을 수 있는 캡처 파일이 아닙니다. ${seeming(what)}인 듯합니다.`,
  ],
  [/^(.+) is not a capture file: it begins with (.+)\.$/s, '$1: 캡처 파일이 아닙니다. $2 바이트로 시작합니다.'],
  [
    /^(.+) is a gzip file, but what is in it is not a capture(?:: it seems to be (.+))?\.$/s,
    (_, name = '', what = '') =>
      `${name}: gzip 파일이지만 그 안에 든 것은 캡처가 아닙니다.${what === '' ? '' : ` ${seeming(what)}인 듯합니다.`}`,
  ],
  [/^(.+) is packed with gzip, but nothing can be unpacked from it\. (.+)$/s, '$1: gzip으로 압축되어 있지만 풀 수 있는 것이 없습니다($2).'],
  [/^(.+) cannot be read\. (.+)$/s, '$1: 읽을 수 없습니다($2).'],
  [/^Convert it to pcapng first, for instance with editcap\.$/, '먼저 editcap 등으로 pcapng로 변환하십시오.'],
  [/^Unpack it first, then open the capture that is in it\.$/, '먼저 압축을 풀고 그 안의 캡처를 여십시오.'],
  [/^If it is a hex dump of packets, text2pcap makes a capture of it\.$/, '패킷의 16진 덤프라면 text2pcap으로 캡처를 만들 수 있습니다.'],
  [/^A pcap file needs a link type, and this capture has none\.$/, 'pcap 파일에는 링크 종류가 필요한데, 이 캡처에는 없습니다.'],
  [
    /^A pcap file can hold one link type only; this capture has (.+)\.$/,
    'pcap 파일에는 링크 종류를 하나만 담을 수 있는데, 이 캡처에는 여럿 있습니다: $1.',
  ],
  [
    /^A pcap file can hold times from 1970 to February 2106 only; this capture has others\.$/,
    'pcap 파일에는 1970년부터 2106년 2월까지의 시각만 담을 수 있습니다. 이 캡처에는 그 밖의 시각이 있습니다.',
  ],
  [/^Save it as pcapng instead\.$/, '대신 pcapng로 저장하십시오.'],
  [/^There is no secret of TLS in (.+)\.$/s, '$1에는 TLS 비밀 값이 없습니다.'],
  [
    /^A key log is what a program writes where the variable SSLKEYLOGFILE says\.$/,
    '키 로그는 환경 변수 SSLKEYLOGFILE이 가리키는 곳에 프로그램이 쓰는 파일입니다.',
  ],
  [/^(.+) is open in this window and cannot be overwritten\.$/s, '$1: 이 창에 열려 있어 덮어쓸 수 없습니다.'],
  [/^Choose another name\.$/, '다른 이름을 선택하십시오.'],
  [/^There is no folder (.+)\.$/s, '$1 폴더가 없습니다.'],
  [/^Choose another place for the files\.$/, '파일을 둘 다른 위치를 선택하십시오.'],
  [/^There is no such recovered capture\.$/, '복구된 그 캡처가 없습니다.'],
  [/^It may have been opened or discarded in another window\.$/, '다른 창에서 열었거나 버렸을 수 있습니다.'],
  [/^There is not enough free disk space for this file\.$/, '이 파일을 둘 디스크 공간이 부족합니다.'],
  [/^Free some space, or open the file by its path\.$/, '공간을 확보하거나, 경로를 입력해 파일을 여십시오.'],
  [/^The upload was broken off\.$/, '파일 올리기가 중간에 끊겼습니다.'],
  [/^Drop the file again\.$/, '파일을 다시 놓으십시오.'],
  // damage
  [
    /^The record of packet (\d+) says that (\d+) bytes were captured, which is more than any packet of this kind can have\.$/,
    '$1번 패킷의 레코드에는 $2바이트를 캡처했다고 되어 있는데, 이런 패킷은 그만큼 클 수 없습니다.',
  ],
  [
    /^(.+) \((?:before the first packet|after packet (\d+))\)\.$/s,
    (whole, problem = '', after = '') => {
      const found = PROBLEMS.find(([pattern]) => pattern.test(problem));
      if (found === undefined) return whole;
      return `${problem.replace(found[0], found[1])}(${/^\d+$/.test(after) ? `${after}번 패킷 뒤` : '첫 패킷 앞'}).`;
    },
  ],
  [
    /^The gzip file is cut short: its compressed data end after (\d+) bytes\.$/,
    'gzip 파일이 잘려 있습니다. 압축된 데이터가 $1바이트 뒤에 끝납니다.',
  ],
  [/^The gzip file is damaged near byte (\d+): (.+)\.$/s, 'gzip 파일이 $1바이트 부근에서 손상되었습니다($2).'],
  // capturing
  [/^The capture filter is not valid: (.+)\.$/s, '캡처 필터가 올바르지 않습니다: $1.'],
  [/^Capture filters have their own syntax \(pcap-filter\), for example: (.+)$/, '캡처 필터는 고유한 문법(pcap-filter)을 씁니다. 예: $1'],
  [/^The process that reads the capture has ended \((.+)\)\.$/s, '캡처를 읽는 프로세스가 끝났습니다($1).'],
  [/^The process that reads the capture does not answer\.$/, '캡처를 읽는 프로세스가 응답하지 않습니다.'],
  [
    /^Start it again: it opens the same capture\. A running capture goes on meanwhile\.$/,
    '다시 시작하면 같은 캡처를 엽니다. 진행 중인 캡처는 그동안에도 계속됩니다.',
  ],
  [/^The capture process ended before it could begin \((.+)\)\.$/s, '캡처 프로세스가 시작하기 전에 끝났습니다($1).'],
  [/^The capture was stopped before it had begun\.$/, '캡처를 시작하기 전에 중지했습니다.'],
  [/^The capture process ended unexpectedly \((.+)\)\.$/s, '캡처 프로세스가 갑자기 끝났습니다($1).'],
  [/^The next file could not be begun\.$/, '다음 파일을 시작할 수 없습니다.'],
  [/^(.+) could not be opened by dumpcap: (.+)\.$/s, '$1: dumpcap이 열지 못했습니다($2).'],
  [/^(\S+) is down\.$/, '$1: 꺼져 있습니다.'],
  [
    /^Live capture is off: this user may not open network interfaces\.(?: Found: (.+?)\.)?(?: Missing: the capability CAP_NET_RAW\.)?$/s,
    (whole, found = '') =>
      `실시간 캡처 꺼짐: 이 사용자는 네트워크 인터페이스를 열 수 없습니다.${found === '' ? '' : ` 있음: ${found}.`}${whole.includes('CAP_NET_RAW') ? ' 없음: 권한(capability) CAP_NET_RAW.' : ''}`,
  ],
  [
    /^Live capture is off: the capture library "cap" is not installed \((.+)\)\.$/s,
    '실시간 캡처 꺼짐: 캡처 라이브러리 "cap"이 설치되지 않았습니다($1).',
  ],
  [
    /^Live capture is off: the capture library "cap" is not built for this version of the runtime \((.+)\)\.$/s,
    '실시간 캡처 꺼짐: 캡처 라이브러리 "cap"이 이 런타임 버전에 맞게 빌드되지 않았습니다($1).',
  ],
  [/^Opening files works as usual\.$/, '파일 열기는 그대로 쓸 수 있습니다.'],
  [
    /^Opening files works as usual\. "pkexec" in place of "sudo" asks for the password in a window \(polkit\)\.$/,
    '파일 열기는 그대로 쓸 수 있습니다. "sudo" 대신 "pkexec"를 쓰면 창에서 암호를 묻습니다(polkit).',
  ],
  [
    /^Opening files works as usual\. Install Npcap without "administrators only", or start Sevenfold as administrator\.$/,
    '파일 열기는 그대로 쓸 수 있습니다. Npcap을 "administrators only" 없이 설치하거나, Sevenfold를 관리자로 시작하십시오.',
  ],
  [
    /^Opening files works as usual\. Install Npcap from npcap\.com and the Visual Studio build tools, then run this:$/,
    '파일 열기는 그대로 쓸 수 있습니다. npcap.com의 Npcap과 Visual Studio 빌드 도구를 설치한 뒤 다음 명령을 실행하십시오.',
  ],
  [
    /^Opening files works as usual\. To capture too, run this, then check again:$/,
    '파일 열기는 그대로 쓸 수 있습니다. 캡처도 하려면 다음 명령을 실행한 뒤 다시 확인하십시오.',
  ],
  [
    /^Opening files works as usual\. To capture too, install libpcap with its headers and a C\+\+ compiler, then run this:$/,
    '파일 열기는 그대로 쓸 수 있습니다. 캡처도 하려면 libpcap과 그 헤더, C++ 컴파일러를 설치한 뒤 다음 명령을 실행하십시오.',
  ],
  [/^Let administrators of this Mac capture until its next start\.$/, '이 Mac의 관리자가 다음 시동까지 캡처할 수 있게 합니다.'],
  [/^Make that last, with Wireshark's "ChmodBPF"\.$/, 'Wireshark의 "ChmodBPF"로 계속 쓸 수 있게 합니다.'],
  [
    /^Join the group "(.+)", which may run (.+)\. Log out and in again afterwards\.$/s,
    '$2 프로그램을 실행할 수 있는 "$1" 그룹에 들어갑니다. 그 뒤 로그아웃했다가 다시 로그인하십시오.',
  ],
  [
    /^Let the group "(.+)" capture with (.+), and join it\. Log out and in again afterwards\.$/s,
    '"$1" 그룹이 $2 프로그램으로 캡처할 수 있게 하고 그 그룹에 들어갑니다. 그 뒤 로그아웃했다가 다시 로그인하십시오.',
  ],
  [
    /^Give the right to a copy of Node that only you can run and that only Sevenfold uses\.$/,
    '이 사용자만 실행하고 Sevenfold만 쓰는 Node 사본에 권한을 줍니다.',
  ],
  [
    /^Give it to Node itself, which lets every Node program on this computer capture\.$/,
    'Node 자체에 권한을 줍니다. 이 컴퓨터의 모든 Node 프로그램이 캡처할 수 있게 됩니다.',
  ],
  [/^Live capture is off: libpcap is not installed \((.+)\)\.$/s, '실시간 캡처 꺼짐: libpcap이 설치되지 않았습니다($1).'],
  [/^This user may not open network interfaces \((.+)\)\.$/s, '이 사용자는 네트워크 인터페이스를 열 수 없습니다($1).'],
  [/^This user may not run (.+)\.$/s, '이 사용자는 $1 프로그램을 실행할 수 없습니다.'],
  [/^There is no interface "(.+?)"(.*)\.$/s, '"$1" 인터페이스가 없습니다$2.'],
  [/^Choose one from the list of interfaces\.$/, '인터페이스 목록에서 선택하십시오.'],
  [/^(.+) is down \((.+)\)\.$/s, '$1: 꺼져 있습니다($2).'],
  [/^Bring it up, then start (?:the|a new) capture\.$/, '인터페이스를 켠 뒤 캡처를 시작하십시오.'],
  [/^Plug it in again, then start a new capture\.$/, '다시 연결한 뒤 캡처를 시작하십시오.'],
  [/^(.+) was removed while it was written\.$/s, '$1: 쓰는 동안 삭제되었습니다.'],
  [/^(.+) was changed by another program while it was written\.$/s, '$1: 쓰는 동안 다른 프로그램이 변경했습니다.'],
  [/^Start the capture again, with a file that nothing else writes\.$/, '다른 프로그램이 쓰지 않는 파일로 캡처를 다시 시작하십시오.'],
  [/^(.+) was removed during the capture\.$/s, '$1: 캡처하는 동안 제거되었습니다.'],
  [/^(.+) went down during the capture\.$/s, '$1: 캡처하는 동안 꺼졌습니다.'],
  [/^(?:dumpcap did not open (.+)|(.+) could not be opened) in time\.$/s, (_, a = '', b = '') => `${a || b}: 제때 열리지 않았습니다.`],
  [/^dumpcap ended during the capture on (.+)\.$/s, '캡처하는 동안 dumpcap이 끝났습니다: $1.'],
  [/^dumpcap is not installed, or not in PATH\.$/, 'dumpcap이 설치되지 않았거나 PATH에 없습니다.'],
  [/^A capture is running already\.$/, '캡처가 이미 진행 중입니다.'],
  [/^Stop it first\.$/, '먼저 중지하십시오.'],
  [/^(?:Start the capture again|Start it again|Try again)\.$/, '다시 시도하십시오.'],
  // the engine
  [/^The process that reads the capture (?:is not running|was ended)\.$/, '캡처를 읽는 프로세스가 실행되고 있지 않습니다.'],
  [/^Too many requests are waiting for an answer\.$/, '응답을 기다리는 요청이 너무 많습니다.'],
  [
    /^Sorting by (.+) dissects every packet, and ([\d,]+) are too many for that\.$/,
    (_, column = '', n = '') =>
      `${column === 'the info column' ? '정보 열' : column} 기준으로 정렬하려면 모든 패킷을 해석해야 하는데, ${n}개는 너무 많습니다.`,
  ],
  [/^Filter the list down to ([\d,]+) packets or fewer first\.$/, '먼저 필터로 패킷을 $1개 이하로 줄이십시오.'],
  [/^There is no column and no field "(.+)"\.$/s, '"$1": 그런 열도 필드도 없습니다.'],
  [
    /^Packet ([\d,]+) cannot be read any more: the file was changed since it was opened\. Nothing was saved\.$/,
    '패킷 $1을(를) 더는 읽을 수 없습니다. 파일을 연 뒤에 파일이 바뀌었습니다. 아무것도 저장하지 않았습니다.',
  ],
  [/^Open the file again\.$/, '파일을 다시 여십시오.'],
  [/^Another file is being saved\.$/, '다른 파일을 저장하고 있습니다.'],
  [/^Wait for it, or cancel it in the status bar\.$/, '끝나기를 기다리거나 상태 표시줄에서 취소하십시오.'],
  [/^No packet is marked\.$/, '마크한 패킷이 없습니다.'],
  [/^Mark packets with M\.$/, 'M 키로 패킷을 마크하십시오.'],
  [/^(.+) exists already\.$/s, '$1: 이미 있습니다.'],
  [/^The name of (.+) is too long\.$/s, '$1: 이름이 너무 깁니다.'],
  [/^That text is too long to look for\.$/, '찾기에는 너무 긴 글입니다.'],
  [/^Another capture was opened meanwhile\.$/, '그 사이에 다른 캡처가 열렸습니다.'],
];

/** A failure in one line: what went wrong, and what to do. */
export function said({ message, advice }: Pick<Failure, 'message' | 'advice'>): string {
  return advice === undefined ? failed(message) : `${failed(message)} ${failed(advice)}`;
}

/** What went wrong, or what to do about it, in the language in force; as it came where it is not known. */
export function failed(text: string): string {
  if (languageNow() === 'en') return text;
  // What a capture kept is said behind why it ended.
  const [, why = text, kept] = /^(.*[.)]) ([\d,]+) packets? (?:is|are) saved\.$/s.exec(text) ?? [];
  return kept === undefined ? saidBy(FAILURES, text) : `${saidBy(FAILURES, why)} 패킷 ${kept}개는 저장되었습니다.`;
}
