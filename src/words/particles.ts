/** Korean particles, which depend on how the word before them ends when it is said. */

/** Final consonants of digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구. */
const DIGITS = ['ㅇ', 'ㄹ', '', 'ㅁ', '', '', 'ㄱ', 'ㄹ', 'ㄹ', ''] as const;
/** Of letters that are read by their names: 엘, 엠, 엔, 알. All others end in a vowel. */
const LETTERS: Readonly<Record<string, string>> = { L: 'ㄹ', M: 'ㅁ', N: 'ㄴ', R: 'ㄹ' };
const FORMS = {
  로: ['으로', '로', '(으)로'],
  을: ['을', '를', '을(를)'],
  은: ['은', '는', '은(는)'],
  이: ['이', '가', '이(가)'],
} as const;

/** A word with its particle: '1.3으로', '1.2로'; of words in Latin letters that are no abbreviations both forms, 'gzip(으)로'. */
export function withParticle(word: string, particle: keyof typeof FORMS): string {
  const [closed, open, either] = FORMS[particle];
  const end = finalOf(word);
  if (end === null) return `${word}${either}`;
  // Behind ㄹ, 로 stands as behind a vowel.
  return `${word}${end === '' || (end === 'ㄹ' && particle === '로') ? open : closed}`;
}

/** The consonant that a word ends in, '' for a vowel, null where only who says it knows. Final consonants of syllables are told only as ㄹ or another. */
function finalOf(word: string): string | null {
  const last = word.at(-1) ?? '';
  if (/[가-힣]/.test(last)) {
    const final = (last.charCodeAt(0) - 0xac00) % 28;
    return final === 0 ? '' : final === 8 ? 'ㄹ' : 'ㄱ';
  }
  if (/\d/.test(last)) return DIGITS[Number(last)] ?? null;
  return /[A-Z]{2}$|^[A-Z]$/.test(word) ? (LETTERS[last] ?? '') : null;
}
