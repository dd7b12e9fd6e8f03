/** The words of `words.ts` in Korean: polite short form in sentences, noun form on buttons and columns. */
import type { CaptureLimits, CaptureState, Damage } from '../src/messages.ts';
import { failed } from './engine-words.ts';
import { byteRate, count, percent, shortCount, size, timeLeft } from './format.ts';
import type { Words } from './words.ts';

const packets = (n: number): string => `패킷 ${count(n)}개`;

export const ko: Words = {
  app: 'Sevenfold',
  motto: '패킷은 계층으로, 연결은 그림으로',

  // title bar
  start: '시작',
  open: '열기',
  openFile: '파일 열기',
  closeCapture: (name: string) => `${name} 닫기`,
  capturing: (name: string) => `${name}, 캡처 중`,
  interface: '캡처할 인터페이스',
  startCapture: '캡처 시작',
  stop: '중지',
  stopping: '중지하는 중',
  starting: '시작하는 중, 아직 캡처되지 않습니다',
  restartCapture: '지금까지의 패킷을 버리고 다시 시작',
  save: '저장',
  notSaved: '패킷을 저장하지 못했습니다.',
  saveAll: (n: number, format: string) => `${packets(n)} 모두 ${format} 형식으로`,
  saveShown: (n: number, format: string) => `표시된 ${packets(n)}만 ${format} 형식으로`,
  saveMarked: (n: number, format: string) => `마크한 ${packets(n)}만 ${format} 형식으로`,
  saved: (n: number, path: string | null) => (path === null ? `${packets(n)}를 저장했습니다` : `${packets(n)}를 ${path}에 저장했습니다`),
  theme: { system: '테마: 시스템 설정', light: '테마: 밝게', dark: '테마: 어둡게' },
  languages: { system: '언어: 시스템 설정', en: '언어: English', ko: '언어: 한국어' },
  place: { auto: '상세 정보: 넓은 창에서는 오른쪽, 좁으면 아래', right: '상세 정보: 오른쪽', below: '상세 정보: 아래' },
  keysTitle: '모든 단축키',
  packetsPerSecond: '패킷/s',
  rateLine: (peak: number) => `최근 1분의 초당 패킷 수, 최대 ${count(peak)}개`,

  // views
  views: '보기',
  packets: '패킷',
  connections: '연결',
  streams: '스트림',
  columnAdded: (field: string) => `${field} 필드를 열로 추가했습니다. C를 다시 누르면 제거됩니다.`,
  columnGone: (field: string) => `${field} 열을 제거했습니다.`,
  tooManyColumns: (most: number) => `필드는 ${most}개까지 열로 표시합니다. 먼저 하나를 제거하십시오.`,
  sorting: (column: string, percent: string) => `${column} 기준 정렬 중: ${percent}`,
  savingNow: (percent: string) => `저장 중: ${percent}`,
  cancelSaving: '취소',
  noStream: (packet: number) => `패킷 ${count(packet)}번은 TCP나 UDP 스트림에 속하지 않습니다`,
  http: 'HTTP',
  statistics: '통계',

  // filter bar
  filter: '표시 필터',
  filterHint: '포트 번호나 표시 필터: 8080, dns, tcp.flags.reset == 1',
  addCondition: '조건 추가',
  and: 'and',
  removeTerm: (term: string) => `${term} 제거`,
  termOn: (term: string) => `${term}: 켜짐, 끄기`,
  termOff: (term: string) => `${term}: 꺼짐, 켜기`,
  clearFilter: '필터 지우기',
  notApplied: '적용 안 됨',
  checking: '확인 중',
  all: packets,
  allConnections: (n: number) => `연결 ${count(n)}개`,
  allExchanges: (n: number) => `교환 ${count(n)}개`,
  matches: (matched: number, total: number, time: string) => `${count(total)}개 중 ${count(matched)}개 · ${time}`,
  matchesSoFar: (matched: number, scanned: number) => `지금까지 ${count(scanned)}개 중 ${count(matched)}개`,
  stopScan: '검색 중지',
  stillShowing: '마지막으로 올바른 필터를 계속 표시합니다:',
  stillShowingAll: '모든 패킷을 계속 표시합니다. 적용된 필터가 없습니다',
  errorAt: (position: number) => `${position}번째 글자:`,
  use: '사용:',
  takesIt: '적용',
  returns: '마지막으로 올바른 필터로 돌아가기',
  completion: '자동 완성',
  inCapture: '이 캡처에 있음',
  values: '값',
  operators: '비교 연산자와 함수',
  notInCapture: '이 캡처에 없음',
  kinds: { field: '필드', protocol: '프로토콜', value: '', operator: '', function: '함수' },
  nPackets: packets,
  protocolPackets: (n: number, protocol: string) => `${protocol} ${packets(n)}`,
  choose: '선택',
  take: '넣기',
  apply: '적용',
  close: '닫기',

  // facets
  facets: '분류',
  facetTitles: {
    protocols: '프로토콜',
    trouble: '문제',
    ports: '포트',
    connections: 'TCP 연결',
    statuses: '패킷의 상태 코드',
    hosts: '호스트',
  },
  statusesAbout:
    '패킷의 계층에 보이는 응답으로, 필터가 찾는 것입니다. HTTP 탭에는 순서가 어긋난 세그먼트로 다시 맞춘 응답과 캡처에 일부만 있는 응답도 있습니다.',
  facetUnits: {
    packets: (n: number) => `패킷 ${count(n)}개`,
    connections: (n: number) => `연결 ${count(n)}개`,
  },
  facetsEmpty: '패킷이 들어오면 프로토콜, 포트, 호스트별 개수가 여기에 표시됩니다.',
  showFacets: '분류 펼치기',
  hideFacets: '분류 접기',
  facetHint: ['클릭: 추가 ·', 'Alt', '클릭: 제외'],
  more: (n: number) => `${count(n)}개 더`,
  fewer: '줄이기',
  facetTooLarge: '필터 하나에 담기에는 연결이 너무 많습니다',
  facetRow: (label: string, counted: string, state: 'on' | 'excluded' | 'outside' | 'plain') =>
    `${label}, ${counted}${state === 'on' ? ', 필터에 포함됨' : state === 'excluded' ? ', 제외됨' : state === 'outside' ? ' (전체 캡처), 이 필터에는 없음' : ''}`,

  // list
  resizePanes: '목록과 계층, 바이트의 크기 조절',
  packetList: '패킷 목록',
  columns: { no: '번호', time: '시간', source: '출발지', destination: '목적지', protocol: '프로토콜', length: '길이', info: '정보' },
  minimap: '목록 전체 보기: 클릭하거나 끌어서 이동',
  following: '끝을 따라가는 중',
  followingHint: '새 패킷이 들어오면 내려갑니다. 멈추려면 위로 스크롤하거나 패킷을 선택하거나',
  followingEnd: '키를 누르십시오',
  newBelow: (n: number) => `아래에 새 패킷 ${count(n)}개`,
  followsAgain: '다시 따라가기',
  damage: '손상',
  damageRow: (d: Damage) =>
    d.kind === 'cut-short'
      ? `패킷 ${count(d.packet)}: ${d.promised === 0 ? '' : `${count(d.promised)}바이트 중 ${count(d.present)}바이트, `}${d.packed === 'itself' ? '압축을 푼 데이터의 끝' : '파일의 끝'}`
      : `패킷 ${count(d.packet)}, ${d.packed === 'no' ? '' : '압축을 푼 데이터의 '}바이트 ${count(d.offset)}: 여기부터 파일을 읽을 수 없습니다`,
  goTo: '패킷으로 이동',
  goToHint: (n: number) => `1~${count(n)}`,
  goneToNearest: (wanted: number, nearest: number) =>
    `패킷 ${count(wanted)}번은 표시된 패킷에 없어 가장 가까운 ${count(nearest)}번으로 이동했습니다`,
  goneToLast: (wanted: number, n: number, last: number) =>
    `캡처의 패킷은 ${count(n)}개이고 ${count(wanted)}번은 없습니다. 표시된 마지막 패킷 ${count(last)}번으로 이동했습니다`,
  goneNowhere: (wanted: number) => `표시된 패킷이 없어 패킷 ${count(wanted)}번으로 이동할 수 없습니다`,
  go: '이동',
  menu: {
    label: '이 값으로 할 일',
    on: '필터 적용',
    and: 'and',
    or: 'or',
    exclude: '제외',
    copyValue: '값 복사',
    copyRow: '행 복사',
    sortUp: '이 열로 정렬: 작은 것부터',
    sortDown: '이 열로 정렬: 큰 것부터',
    sortNone: '캡처 순서',
    columnAway: '이 열 제거',
    connection: (stream: number) => `연결 ${stream} 보기`,
    follow: (kind: 'tcp' | 'udp', stream: number) => `${kind.toUpperCase()} 스트림 ${stream} 따라가기`,
  },
  decodeAs: {
    port: (kind, port) => `${kind.toUpperCase()} 포트 ${port}번을 다른 프로토콜로 해석…`,
    layer: '다르게 해석…',
  },
  keyLog: {
    title: 'TLS 복호화',
    layer: '키 로그…',
    notice: (name) => `키 로그 사용: ${name}`,
    failed: '키 로그를 쓰지 못했습니다.',
    tooLarge: '64 MB보다 큽니다. 파일 대신 경로를 입력하십시오.',
  },
  empty: {
    none: '일치하는 패킷이 없습니다',
    noneYet: '아직 일치하는 패킷이 없습니다',
    lookedAt: (n: number, reading: boolean) => `${packets(n)}를 살펴보았습니다${reading ? '. 더 들어오고 있습니다' : ''}.`,
    ports: (ports: readonly string[]) => (ports.length === 0 ? '' : `이 트래픽은 포트 ${ports.join(', ')}번을 씁니다.`),
    remove: '필터 제거',
    tryPort: (port: string) => `포트 ${port} 보기`,
    noPackets: '이 캡처에는 패킷이 없습니다',
    noPacketsFile: (format: string, bytes: number) => `온전한 ${format} 파일(${size(bytes)})이지만 기록된 패킷이 없습니다.`,
    reading: '아직 패킷이 없습니다',
    readingText: (name: string) => `${name} 읽는 중입니다.`,
    waiting: '아직 패킷이 없습니다',
    waitingText: (name: string, filter: string) =>
      filter === ''
        ? `${name}에서 기다리고 있습니다. 패킷이 도착하면 여기에 표시됩니다.`
        : `${name}에서 다음을 기다리고 있습니다: ${filter}. 패킷이 도착하면 여기에 표시됩니다.`,
    liveNothing: '캡처된 패킷이 없습니다',
    liveNothingText: (name: string) => `캡처를 중지하기 전에 ${name}에 도착한 패킷이 없습니다.`,
    openAnother: '다른 파일 열기',
  },

  // loading
  reading: (name: string) => `${name} 읽는 중`,
  readingPace: (n: number, packetsPerSecond: number, bytesPerSecond: number) =>
    `패킷 ${shortCount(n)}개 · 초당 ${shortCount(packetsPerSecond)}개 · ${byteRate(bytesPerSecond)}`,
  left: (s: number) => `${timeLeft(s)} 남음`,
  stopHere: '여기서 멈춤',
  stoppedEarly: (s: CaptureState) => `${packets(s.packets)}, 파일의 ${percent(s.bytesRead, s.fileBytes)}까지 읽고 멈췄습니다.`,
  readAll: '모두 읽기',
  fileChange: {
    gone: (name: string) => `${name} 파일이 옮겨졌거나 지워졌습니다.`,
    replaced: (name: string) => `다른 파일이 ${name} 자리에 들어왔습니다.`,
    cut: (name: string) => `다른 프로그램이 ${name} 파일을 잘랐습니다.`,
    grown: (name: string) => `읽은 뒤에 ${name} 파일이 커졌습니다.`,
    rewritten: (name: string) => `다른 프로그램이 ${name} 파일을 바꾸었습니다.`,
  },
  fileChangeMeans: {
    gone: '지금 보이는 내용은 닫을 때까지 그대로입니다.',
    replaced: '지금 보이는 것은 열었던 파일입니다.',
    cut: '새 끝보다 뒤에 있는 패킷의 바이트는 더 볼 수 없습니다.',
    grown: '그 뒤에 들어온 패킷은 목록에 없습니다.',
    rewritten: '패킷이 읽었을 때와 다르게 보일 수 있습니다.',
  },
  openAgain: '다시 열기',
  opening: (name: string) => `${name} 여는 중`,

  // damage
  damageTitle: (d: Damage) =>
    d.kind === 'cut-short' && d.packed === 'itself'
      ? '파일의 압축을 끝까지 풀지 못했습니다.'
      : d.kind === 'cut-short'
        ? `파일이 ${count(d.packet)}번 패킷 중간에서 끝납니다.`
        : `파일이 ${count(d.packet)}번 패킷에서 손상되었습니다.`,
  damageFact: (d: Damage) => {
    const at = `${d.packed === 'no' ? '' : '압축을 푼 데이터의 '}바이트 ${count(d.offset)}(0x${d.offset.toString(16)})의 레코드`;
    if (d.kind === 'cut-short' && d.packed === 'itself')
      return d.promised === 0
        ? failed(d.message)
        : `${failed(d.message)} ${at}에 따르면 ${count(d.promised)}바이트가 있어야 하지만 ${count(d.present)}바이트만 풀렸습니다.`;
    if (d.kind === 'cut-short' && d.promised > 0)
      return `${at}에 따르면 ${count(d.promised)}바이트가 있어야 하지만 파일에는 ${count(d.present)}바이트만 있습니다.`;
    return `${failed(d.message.replace(/\.?$/, '.'))} ${at}를 읽을 수 없습니다.`;
  },
  damageKept: (d: Damage, s: CaptureState, upTo: string | null) => {
    const kept =
      s.packets === 0
        ? '그 앞에는 패킷이 없습니다.'
        : `앞의 ${packets(s.packets)}는 모두 읽었습니다${upTo === null ? '' : `(${upTo}까지)`}.`;
    return d.kind === 'cut-short' ? `${kept} 흔한 원인: 복사나 캡처가 중간에 끊겼습니다.` : kept;
  },
  showBytes: '그곳의 바이트 보기',
  saveWhole: (n: number) => `${packets(n)} 저장`,
  dismiss: '이 알림 닫기',

  // failures
  leftOut: '모두 표시되지는 않았습니다.',
  openFailed: '이 파일을 열지 못했습니다.',
  captureFailed: '캡처가 멈췄습니다.',
  captureNotStarted: '캡처가 시작되지 않았습니다.',
  kept: (n: number) => `${packets(n)}가 저장되어 있습니다.`,
  lineClosed: 'Sevenfold와의 연결이 끊어졌습니다.',
  lineAdvice: '이미 표시된 패킷은 그대로입니다. 프로그램이 다시 실행되면 다시 연결하십시오.',
  lineGone: '프로그램과의 연결이 끊어졌습니다.',
  fileRefused: (status: number) => `서버가 파일을 거부했습니다(HTTP ${status}).`,
  reconnect: '다시 연결',
  engineGone: '엔진이 멈췄습니다.',
  restartEngine: '엔진을 다시 시작하고 파일 다시 열기',
  startEngine: '다시 시작',
  viewFailed: '이 보기에 오류가 났습니다.',
  reloadView: '이 보기 다시 불러오기',
  copy: '복사',
  copied: '복사함',

  // status bar
  name: (s: CaptureState) => s.name,
  spool: (bytes: number, n: number) => `스풀: ${size(bytes)}, 패킷 ${count(n)}번까지 디스크에 저장`,
  displayed: '표시',
  marked: '마크',
  nextMark: '다음 마크한 패킷으로 이동',
  markedNow: (number: number) => `패킷 ${count(number)}번을 마크했습니다`,
  tooManyMarked: (most: number) => `패킷은 ${count(most)}개까지만 마크할 수 있습니다`,
  unmarkedNow: (number: number) => `패킷 ${count(number)}번의 마크를 지웠습니다`,
  dropped: '유실',
  notRecorded: '파일에 기록 없음',
  droppedAtCapture: (n: number) => (n === 0 ? '캡처에서 없음' : `캡처에서 ${count(n)}개`),
  dropsUnknown: '유실 수 알 수 없음',
  dropsUnknownWhy: '이 캡처 백엔드는 놓친 패킷을 세지 않습니다.',
  dropsLater: '유실: 끝날 때 확인',
  dropsLaterWhy: 'dumpcap은 캡처가 끝날 때 유실된 패킷 수를 알려 줍니다.',
  dropsLost: '백엔드가 유실된 패킷 수를 알리지 않고 끝났습니다.',
  stampedBy: (clock: string, reason: string) => `타임스탬프: ${clock}. 백엔드: ${reason}`,
  ringFiles: (n: number) => `링의 ${count(n)}번째 파일`,
  fileFormat: (s: CaptureState) => {
    const links = [...new Set(s.interfaces.map((i) => i.linkTypeName))];
    const what = s.interfaces.length > 1 ? `인터페이스 ${count(s.interfaces.length)}개` : (links[0] ?? '');
    const zip = s.compression === 'gzip' ? ', gzip' : '';
    const broken = s.damage === null ? '' : s.damage.kind === 'cut-short' ? ', 중간에 끊김' : ', 손상됨';
    return `${s.live ? '실시간' : '파일'} · ${s.format}${zip}${broken === '' && what !== '' ? `, ${what}` : broken}`;
  },
  capturingFor: (clock: string) => `캡처 중 ${clock}`,
  capturedFor: (clock: string) => `캡처 시간 ${clock}`,
  liveReady: (backend: string | null) => (backend === null ? '실시간 캡처 준비됨' : `실시간 캡처 준비됨: ${backend}`),
  liveOff: '실시간 캡처 꺼짐',
  liveOffPermission: '실시간 캡처 꺼짐: 권한 없음',
  liveUnknown: '네트워크 인터페이스를 찾는 중',
  drops: (n: number) => (n === 0 ? '없음' : count(n)),
  announcePackets: (n: number) => `${packets(n)} 캡처됨`,

  // start screen
  capture: '캡처',
  captureHint: '인터페이스를 더블클릭하거나, 선택하고 Enter를 누르십시오',
  interfaces: '인터페이스',
  notReadable: '보이지만 읽을 수 없음',
  noPermission: '권한 없음',
  notAvailable: '사용할 수 없음',
  noInterfaces: '네트워크 인터페이스를 찾지 못했습니다.',
  down: '꺼짐',
  loopback: '루프백',
  everyInterface: '모든 인터페이스',
  noAddress: '주소 없음',
  perSecond: ' /s',
  activity: (name: string, now: number | null) => (now === null ? `${name}: 활동 알 수 없음` : `${name}: 지금 초당 ${packets(now)}`),
  captureFilter: '캡처 필터',
  captureFilterHint: '캡처 필터(선택 사항), 예: tcp port 8080',
  bpf: 'BPF',
  startShort: '시작',
  also: '함께',
  captureToo: (name: string) => `${name}도 함께 캡처`,
  several: (names: readonly string[]) => `${names.join(', ')} 캡처를 함께 시작합니다.`,
  captureOptions: '옵션',
  optionsNow: (backend: string, limits: CaptureLimits) =>
    [
      backend === 'auto' ? '' : backend,
      limits.maxPackets === undefined ? '' : `${packets(limits.maxPackets)} 뒤 중지`,
      limits.maxBytes === undefined ? '' : `${size(limits.maxBytes)}에서 중지`,
      limits.maxDurationMs === undefined ? '' : `${limits.maxDurationMs / 1000} s 뒤 중지`,
      limits.ring === undefined ? '' : '파일 링',
    ]
      .filter((part) => part !== '')
      .join(' · ') || '백엔드, 중지 시점, 파일 링',
  backend: '백엔드',
  automatic: '자동',
  automaticSeveral: 'dumpcap을 씁니다. cap에서는 바쁜 인터페이스가 다른 인터페이스를 기다리게 합니다.',
  stopAfter: '중지 시점',
  stopPackets: '중지할 패킷 수',
  stopMegabytes: '중지할 크기(MB)',
  stopSeconds: '중지할 시간(초)',
  packetsUnit: '패킷',
  secondsUnit: 's',
  stopFact: '먼저 닿는 것에서 멈춥니다. 비워 두면 직접 중지할 때까지 계속합니다',
  newFileEvery: '새 파일 간격',
  fileMegabytes: '새 파일을 시작할 크기(MB)',
  fileSeconds: '새 파일을 시작할 시간(초)',
  keepFiles: '남길 파일 수',
  filesKept: '개 파일 유지',
  ringFact: '가장 오래된 파일부터 지우며, 목록에는 가장 새 파일이 표시됩니다',
  filesGoTo: '저장할 곳',
  filesGoToHint: '링에 필요합니다. 전체 경로, 예: /home/me/trace.pcapng',
  notALimit: (name: string, most: number, whole: boolean) =>
    `${name}: 0보다 크고 ${count(most)} 이하인 ${whole ? '정수' : '수'}여야 합니다.`,
  filesWithoutRing: '남길 파일 수는 새 파일을 만들 때만 쓰입니다. ‘새 파일 간격’의 MB나 초도 입력하십시오.',
  ringWithoutPlace: '파일 링에는 저장할 곳이 필요합니다. 저장할 곳을 채우십시오.',
  recent: '최근 파일',
  noRecent: '연 파일이 여기에 표시됩니다.',
  forget: (name: string) => `${name} 목록에서 지우기`,
  dropHere: '여기에 캡처 파일을 놓으십시오',
  dropFact: 'pcap, pcapng, 압축 없음 또는 gzip, 크기 제한 없음: 파일을 나눠서 읽습니다',
  dropNow: '놓으면 열립니다',
  pathHint: '또는 이 컴퓨터에 있는 파일의 경로를 입력하십시오',
  pathLabel: '캡처 파일의 경로',
  sampleTitle: '10초 만에 핸드셰이크 보기',
  sampleText: '앱에 들어 있는 작은 캡처입니다. 페이지 하나를 불러오며, 세그먼트 하나가 유실되고 응답 하나가 느립니다.',
  openSample: '예제 열기',
  handshakePicture: 'TCP 핸드셰이크: 클라이언트의 SYN, 서버의 SYN과 ACK, 클라이언트의 ACK',
  client: '클라이언트',
  server: '서버',
  recovered: '복구됨',
  recoveredText: (when: string, n: number, bytes: number) => `${when}, 저장되지 않음: ${packets(n)}, ${size(bytes)}.`,
  aCaptureOn: '캡처한 인터페이스:',
  discard: '버리기',
  liveOffTitle: '실시간 캡처가 꺼져 있습니다.',
  filesAsUsual: '파일은 평소처럼 열 수 있습니다.',
  orElse: '또는:',
  checkAgain: '다시 확인',
  found: (backend: string) => `찾음: ${backend}.`,

  keys: {
    start: [
      ['Ctrl O', '열기'],
      ['Ctrl E', '시작, 중지'],
      ['?', '모든 단축키'],
    ],
    list: [
      ['/, Ctrl F', '필터 편집'],
      ['Ctrl O', '파일 열기'],
      ['Ctrl E', '캡처 시작 또는 중지'],
      ['↑ ↓ PgUp PgDn Home End', '목록에서 이동'],
      ['Ctrl ↑ ↓', '연결의 이전, 다음 패킷'],
      ['G', '패킷 번호로 이동'],
      ['M', '패킷 마크 또는 마크 지우기'],
      ['더블클릭, Enter', '연결 보기'],
      ['S', '스트림 따라가기: 보낸 내용 읽기'],
      ['F, X', '필드에서: 값으로 필터, 값 제외'],
      ['C', '필드에서: 열로 만들기, 열 제거'],
      ['← →, Space', '필드와 계층 접기, 펼치기'],
      ['E', '사다리에서: SVG나 PNG로 저장'],
      ['D', 'TCP나 UDP 계층에서: 포트를 다른 프로토콜로 해석'],
      ['K', '키 로그로 TLS 복호화'],
      ['Alt 클릭', '값 제외'],
      ['Shift F10', '값으로 할 일'],
      ['End', '다시 끝을 따라가기'],
      ['Esc', '닫기, 중지. 캡처 중에는 따라가기 중지, 선택 해제'],
      ['Tab', '필터, 분류, 목록, 계층, 바이트'],
      ['?', '단축키; 선택한 필드에서는 그 의미'],
    ],
  },
};
