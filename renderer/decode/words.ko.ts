/** The words of `words.ts` in Korean. */
import type { Words } from './words.ts';

export const ko: Words = {
  title: '다른 프로토콜로 해석',
  about: '이 값을 가진 패킷을 선택한 프로토콜로 해석합니다. 캡처를 다시 읽습니다.',
  table: '필드',
  value: '값',
  valueHint: '번호나 범위: 8888, 5000-5010, 0x88b5',
  protocol: '프로토콜',
  protocolHint: '이름이나 제목',
  add: '해석',
  remove: (choice: string) => `${choice} 제거`,
  removeAll: '모두 제거',
  none: '선택한 것이 없습니다. 모든 포트를 평소대로 해석합니다.',
  chosen: '선택함',
  noProtocol: '이 이름이 들어간 프로토콜이 없음',
  close: '닫기',
  failed: '선택을 적용하지 못했습니다.',
  chip: (n: number) => `선택 ${n}개`,
  chipTitle: '일부 패킷을 선택한 프로토콜로 해석합니다',
};
