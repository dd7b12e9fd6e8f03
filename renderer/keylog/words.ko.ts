/** Words of the key log in Korean; see `words.ts`. */
import { count } from '../format.ts';
import type { Words } from './words.ts';

const connections = (n: number): string => `연결 ${count(n)}개`;
const lines = (n: number): string => `${count(n)}줄`;

export const ko: Words = {
  about: '키 로그에는 TLS 연결의 비밀 값이 들어 있습니다. 브라우저, curl 등은 SSLKEYLOGFILE 변수가 가리키는 곳에 키 로그를 씁니다.',
  choose: '키 로그 선택…',
  drop: '또는 창에 끌어다 놓으십시오',
  path: '또는 이 컴퓨터의 경로 (설정에 남습니다)',
  pathHint: '/home/me/keys.log',
  use: '사용',
  remove: '키 로그 사용 안 함',
  given: (n) => `${connections(n)}의 비밀 값`,
  grows: '파일이 늘어나면 이어서 읽습니다',
  none: '선택한 키 로그가 없습니다.',
  inside: (n) => `캡처 파일 안에 ${connections(n)}의 비밀 값이 들어 있습니다.`,
  damaged: (n) => `${lines(n)}은 읽을 수 없습니다.`,
  unknown: (n) => `${lines(n)}은 레이블을 알 수 없습니다.`,
  dropped: (n) => `${lines(n)}은 정해진 메모리를 넘어 빠졌습니다.`,
  outcome: (decrypted, encrypted) =>
    encrypted === 0
      ? `${connections(decrypted)}를 복호화했습니다.`
      : `${connections(decrypted)}를 복호화했고 ${count(encrypted)}개는 하지 못했습니다. 까닭은 각 연결의 “무슨 일이 있었나”에 있습니다.`,
  settingsFailed: '설정에 있는 키 로그를 읽을 수 없습니다.',
  close: '닫기',
  chip: '키 로그',
};
