import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import * as graphs from '../../renderer/connections/graph-words.ts';
import * as connections from '../../renderer/connections/words.ts';
import * as decode from '../../renderer/decode/words.ts';
import { failed, lacking, named, noted, summed } from '../../renderer/engine-words.ts';
import { byteRate, moment, sizeOf } from '../../renderer/format.ts';
import * as http from '../../renderer/http/words.ts';
import * as inspector from '../../renderer/inspector/words.ts';
import { languageFor, letters, speak } from '../../renderer/language.ts';
import * as statistics from '../../renderer/statistics/words.ts';
import * as streams from '../../renderer/streams/words.ts';
import * as main from '../../renderer/words.ts';
import { lacks, reasons } from '../../src/capture/choice.ts';
import { outcomeOf } from '../../src/connections/connections.ts';
import { allProtocols } from '../../src/dissect/protocol.ts';
import { leftOutOfPcap, leftOutOfPcapng } from '../../src/engine/left-out.ts';
import { fileFailure } from '../../src/file/failures.ts';
import { openCapture } from '../../src/file/open.ts';
import type { ReaderInterface } from '../../src/file/types.ts';
import { aboutBackend, libraryAdvice } from '../../src/host/ability.ts';
import { permissionAdvice } from '../../src/host/permission.ts';
import { failureOf, packetsSaved } from '../../src/system/failure.ts';
import * as account from '../../src/words/account-words.ts';
import * as certificates from '../../src/words/certificate-words.ts';
import * as story from '../../src/words/story-words.ts';
import '../../src/protocols/index.ts';

afterEach(() => speak('en'));

it('takes the language that was chosen, else the first of the system’s that it has', () => {
  expect(languageFor('ko', ['en-US'])).toBe('ko');
  expect(languageFor('en', ['ko-KR'])).toBe('en');
  expect(languageFor('system', ['ko-KR', 'en'])).toBe('ko');
  expect(languageFor('system', ['de-DE', 'ko', 'en'])).toBe('ko');
  expect(languageFor('system', ['kok', 'fr'])).toBe('en');
  expect(languageFor('system', [])).toBe('en');
});

it('says everything in the other language from the moment it is chosen, and back', () => {
  const said = (): string[] => [
    main.words.open,
    main.words.matches(2, 10, '3 ms'),
    connections.words.outcome,
    decode.words.title,
    http.words.request,
    story.storyWords.title,
    story.storySentences.pipelined({}),
    inspector.words.bytesTitle,
    streams.words.copy,
    statistics.words.section,
    account.accountWords.title,
    account.sentences.midway({}),
    certificates.certificateWords.subject,
    graphs.graphWords.title,
  ];
  const english = said();
  speak('ko');
  for (const text of said()) expect(text).toMatch(/[가-힣]/);
  speak('en');
  expect(said()).toEqual(english);
});

it('says of one that it is one', () => {
  const { facetUnits, facetRow, saveAll } = main.words;
  expect(facetRow('DNS', facetUnits.packets(1), 'plain')).toBe('DNS, 1 packet');
  expect(facetRow('DNS', facetUnits.packets(2), 'plain')).toBe('DNS, 2 packets');
  expect(facetRow('Reset', facetUnits.connections(1), 'on')).toBe('Reset, 1 connection, part of the filter');
  expect(saveAll(1, 'pcap')).toBe('The packet as pcap');
  expect(statistics.words.curveSaid(1, '1 s', '1 packet/s')).toBe('1 packet over 1 s, at most 1 packet/s');
});

/** All texts of an object of words, by their path; what takes parameters is left out. */
function texts(words: object, path: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string'
      ? [[`${path}.${key}`, value]]
      : typeof value === 'object' && value !== null
        ? texts(value, `${path}.${key}`)
        : [],
  );
}

it('leaves no English words in Korean', () => {
  const all = () =>
    [
      main.words,
      connections.words,
      decode.words,
      http.words,
      inspector.words,
      streams.words,
      statistics.words,
      account.accountWords,
      certificates.certificateWords,
    ].flatMap((words, i) => texts(words, String(i)));
  const english = new Map(all());
  speak('ko');
  const same = all().filter(([path, text]) => english.get(path) === text && /\b[a-z]{4,}\b/.test(text));
  expect(same).toEqual([]);
});

it('tells an account in Korean with the same numbers', () => {
  speak('ko');
  expect(account.sentences.closed({ who: 'client', seconds: 0.5, idle: 2 })).toBe(
    '마지막 데이터 2 s 뒤에 클라이언트 쪽이 먼저 닫았고, 500 ms 뒤에 서버 쪽도 닫았습니다.',
  );
  expect(account.sentences['no-answer']({ times: 4, seconds: 7 })).toContain('4번');
});

it('writes days and shares in Korean', () => {
  const now = new Date(2026, 2, 12, 18, 0).getTime();
  speak('ko');
  expect(moment(new Date(2026, 2, 12, 9, 52).getTime(), now)).toBe('오늘 09:52');
  expect(moment(new Date(2026, 2, 11, 17, 40).getTime(), now)).toBe('어제 17:40');
  expect(moment(new Date(2026, 2, 9).getTime(), now)).toBe('3월 9일');
  expect(moment(new Date(2024, 2, 9).getTime(), now)).toBe('2024년 3월 9일');
  expect(sizeOf(1_210_000_000, 2_040_000_000)).toBe('2.04 GB 중 1.21 GB');
  expect(byteRate(0)).toBe('조용함');
});

it('has Korean for every outcome of a connection and every unit of a protocol', () => {
  const handshakes = ['completed', 'simultaneous', 'refused', 'unanswered', 'half-open', 'not-captured'] as const;
  const closes = ['none', 'half', 'fin', 'reset'] as const;
  const outcomes = handshakes.flatMap((handshake) =>
    closes.flatMap((close) => (['client', 'server', 'both'] as const).map((closedBy) => outcomeOf({ handshake, close, closedBy }).outcome)),
  );
  const texts = new Set([...outcomes, ...allProtocols().map((protocol) => protocol.pdu)].filter((text) => text !== ''));
  expect(texts.size).toBeGreaterThan(15);
  for (const text of texts) expect(named(text)).toBe(text);
  speak('ko');
  for (const text of texts) expect(named(text), text).toMatch(/[가-힣]/);
});

it('has Korean for what can go wrong with a file, and for what to do about it', () => {
  const codes = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ENOSPC', 'EROFS', 'EMFILE', 'EBUSY', 'EIO'];
  const errors = codes.map((code) => Object.assign(new Error(`${code}: said by the system`), { code }));
  const all = errors.flatMap((error) => [
    ...(['opened', 'read', 'written'] as const).map((doing) => fileFailure('/home/me/a b.pcap', error, doing)),
    failureOf(error, '/home/me/a b.pcap'),
  ]);
  const texts = all.flatMap(({ code, message, advice }) =>
    code === 'internal' ? [] : [message, ...(advice === undefined ? [] : [advice])],
  );
  expect(texts.length).toBeGreaterThan(40);
  for (const text of texts) expect(failed(text)).toBe(text);
  speak('ko');
  // A failure without a name of its own is the system's sentence after the path.
  for (const text of texts) if (!/^\S+ \S+: EIO/.test(text)) expect(failed(text), text).toMatch(/[가-힣]/);
  expect(failed('The disk is full: /a b.pcap could not be written.')).toBe('디스크가 가득 차서 /a b.pcap 파일을 쓸 수 없습니다.');
});

it('has Korean for what a file is that is no capture, and for what to do with it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-words-'));
  const pcap = Buffer.from('d4c3b2a102000400000000000000000000000400', 'hex');
  const files: Readonly<Record<string, Buffer>> = {
    'notes.txt': Buffer.from('no packets in here, only words\n'),
    'nothing.pcap': Buffer.alloc(0),
    'short.pcap': pcap,
    'short.pcapng': Buffer.from('0a0d0d0a1c000000', 'hex'),
    'picture.png': Buffer.from('89504e470d0a1a0a', 'hex'),
    'archive.zip': Buffer.from('PK\x03\x04 and so on'),
    'old.snoop': Buffer.from('snoop\0\0\0'),
    'packed.zst': Buffer.from('28b52ffd00', 'hex'),
    'program.exe': Buffer.from('MZ program'),
    'odd.bin': Buffer.from('0102030405', 'hex'),
    'words.gz': gzipSync('only words, and many of them, one after the other'),
  };
  try {
    speak('ko');
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      const opened = await openCapture(file);
      if (opened.ok) throw new Error(`${name} was opened`);
      for (const text of [opened.failure.message, opened.failure.advice ?? '가']) {
        expect(failed(text), text).toMatch(/[가-힣]/);
        expect(failed(text), text).not.toMatch(/\b(?:it|is|the|not|a|seems)\b/);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('has Korean for damage within a file, and for what a capture kept that ended by itself', () => {
  speak('ko');
  for (const text of [
    'The record of packet 12 says that 99999999 bytes were captured, which is more than any packet of this kind can have.',
    'A block of type 0x00000006 gives its length as 7 bytes, which cannot be (after packet 4).',
    'A packet block is too short (before the first packet).',
    'The gzip file is cut short: its compressed data end after 300 bytes.',
  ])
    expect(failed(text), text).not.toMatch(/\b(?:is|of|the|which|packet)\b/i);
  expect(failed('A packet block is too short (after packet 4).')).toBe('패킷 블록이 너무 짧습니다(4번 패킷 뒤).');
  expect(failed(`eth9 was removed during the capture. ${packetsSaved(48213)}`)).toBe(
    'eth9: 캡처하는 동안 제거되었습니다. 패킷 48,213개는 저장되었습니다.',
  );
  expect(failed(`eth9 went down during the capture. ${packetsSaved(1)}`)).toBe(
    'eth9: 캡처하는 동안 꺼졌습니다. 패킷 1개는 저장되었습니다.',
  );
});

it('has Korean for a capture that this user may not make, with what was found', () => {
  speak('ko');
  expect(
    failed('Live capture is off: this user may not open network interfaces. Found: libpcap 1.10.3. Missing: the capability CAP_NET_RAW.'),
  ).toBe('실시간 캡처 꺼짐: 이 사용자는 네트워크 인터페이스를 열 수 없습니다. 있음: libpcap 1.10.3. 없음: 권한(capability) CAP_NET_RAW.');
  expect(failed('Live capture is off: this user may not open network interfaces.')).toBe(
    '실시간 캡처 꺼짐: 이 사용자는 네트워크 인터페이스를 열 수 없습니다.',
  );
  expect(failed('eth9 was removed during the capture.')).toBe('eth9: 캡처하는 동안 제거되었습니다.');
  expect(failed('Something new.')).toBe('Something new.');
});

it('has Korean for every way to the right to capture, and for how to install what is missing', () => {
  const here = {
    node: '/usr/bin/node',
    copy: '/home/ann/node',
    dumpcap: null,
    dumpcapGroup: null,
    debian: false,
    user: 'ann',
    sudo: true,
    pkexec: true,
  };
  const dumpcap = '/usr/bin/dumpcap';
  const permissions = [here, { ...here, pkexec: false }, { ...here, dumpcap }, { ...here, dumpcap, dumpcapGroup: 'wireshark' }].flatMap(
    (each) => (['linux', 'darwin', 'win32'] as const).map((platform) => permissionAdvice(platform, each)),
  );
  const libraries = (['linux', 'darwin', 'win32'] as const).flatMap((platform) =>
    ['ID=debian\n', 'ID=plan9\n'].map((release) => libraryAdvice(platform, release, 'npm rebuild cap', '/opt/sevenfold')),
  );
  const texts = new Set([...permissions.flatMap(({ advice, ways }) => [advice, ...ways]), ...libraries.map(({ advice }) => advice)]);
  expect(texts.size).toBeGreaterThan(9);
  for (const text of texts) expect(failed(text)).toBe(text);
  speak('ko');
  // Nothing is left in English but names, paths and what stands in quotation marks.
  for (const text of texts) expect(failed(text).replace(/"[^"]*"/g, ''), text).not.toMatch(/\b(?:the|you|this|which|then)\b/i);
  for (const text of texts) expect(failed(text), text).toMatch(/[가-힣]/);
});

it('has Korean for what is said of the back ends of a capture', () => {
  const said = [
    reasons.asked('cap'),
    reasons.dumpcap,
    reasons.watched,
    reasons.busy('eth0'),
    reasons.relayed,
    ...Object.values(lacks).flatMap((lack) => [reasons.dumpcapOnly(lack), reasons.cap(lack)]),
    ...Object.values(aboutBackend),
    "the kernel's, in nanoseconds",
  ];
  speak('ko');
  for (const text of said) expect(noted(text), text).toMatch(/[가-힣]/);
  for (const lack of Object.values(lacks)) expect(lacking('cap', lack)).not.toContain(lack);
  expect(noted(reasons.busy('eth0'))).toContain('eth0');
});

it('has Korean for what the engine leaves out of a capture', () => {
  speak('ko');
  expect(noted('1 message over TCP was not put together: too many were incomplete at once.')).toContain('TCP 메시지 1개');
  expect(noted('2 messages over TCP were not put together: too many segments were lost or overtaken.')).toContain('TCP 메시지 2개');
  expect(
    noted('2 gaps in encrypted streams could not be waited for: too much had come behind. Decryption went on without what was missing.'),
  ).toContain('2군데');
  expect(noted('3 packets could not be dissected because of an error in Sevenfold.')).toContain('패킷 3개');
  expect(noted('Some packets nest more protocols than the index can hold; their innermost layers are not in it.')).toMatch(/[가-힣]/);
});

it('has Korean for what a saved file lacks', () => {
  const eth0: ReaderInterface = {
    linkType: 1,
    snapLength: 0,
    name: 'eth0',
    description: null,
    captureFilter: null,
    timePrecision: 6,
    dropped: 7,
  };
  const said = [leftOutOfPcap({ comments: 3, flags: true, interfaces: [eth0], counts: true, secrets: true }), leftOutOfPcapng(true, false)];
  speak('ko');
  for (const text of said) expect(noted(text ?? '').replace(/pcap|TLS/g, '')).not.toMatch(/[a-z]/i);
  expect(noted(said[0] ?? '')).toContain('설명 3개');
});

it('keeps the numbers of marks, and what it does not know, as they came', () => {
  speak('ko');
  expect(named('Dup ACK 145#7')).toBe('중복 ACK 145#7');
  expect(named('1/3')).toBe('1/3');
  expect(named('Zero window')).toBe('윈도우 0');
});

it('takes a Hangul syllable for nearly two letters', () => {
  expect(letters('FCS')).toBe(3);
  expect(letters('')).toBe(0);
  expect(letters('패킷')).toBeCloseTo(3.6);
});

it('says what the engine says of silences and losses in Korean', () => {
  const notes = [
    '0.412 s until it was sent again',
    '2.001 s idle',
    '1.912 s: the server has the request and sends nothing',
    '5.143 s idle: the client has the answer',
    '0.236 s until the SYN was answered',
    '0.292 s: the client has its window closed',
    '0.292 s: the server has its window closed',
    'overtaken on the way',
    '3.000 s: the server does not answer',
    '3.000 s: the client does not answer',
    'arrived later',
    'before the capture point',
    'not captured',
    'acknowledged',
  ];
  for (const note of notes) expect(noted(note)).toBe(note);
  speak('ko');
  for (const note of notes) expect(noted(note), note).toMatch(/[가-힣]/);
  expect(noted(notes[2] as string)).toBe('1.912 s: 서버가 요청을 받고도 보내지 않음');
});

it('says the sizes of a layer in the language in force, and that another file is being saved', () => {
  expect(summed('53 → 42150 · 58 bytes')).toBe('53 → 42150 · 58 bytes');
  speak('ko');
  expect(summed('53 → 42150 · 58 bytes')).toBe('53 → 42150 · 58바이트');
  expect(summed('#6 · 1 byte')).toBe('#6 · 1바이트');
  for (const text of [
    'Another file is being saved.',
    'Wait for it, or cancel it in the status bar.',
    'Open the file again.',
    'Packet 17 cannot be read any more: the file was changed since it was opened. Nothing was saved.',
    'That text is too long to look for.',
  ])
    expect(failed(text)).toMatch(/^[^A-Za-z]+$/);
});
