/** What is wrong with a filter, in the language in force. The engine says it in English; here is what the window says for each sentence. */
import { entryOf } from '../../src/words/entry-of.ts';
import { languageNow } from '../language.ts';

/**
 * English sentences with `{}` for what is quoted, and the Korean ones with `{1}`, `{2}`, … for the same in their order. The first that fits is
 * taken, so that those with more words of their own stand first.
 */
const SENTENCES: readonly (readonly [string, string])[] = [
  // parts of the filter
  [
    'The filter is nested too deep: at most {} operators in a row.',
    '필터가 너무 깊게 중첩되었습니다. 연산자는 이어서 {1}개까지 쓸 수 있습니다.',
  ],
  ['The filter is nested too deep: at most {} levels.', '필터가 너무 깊게 중첩되었습니다. {1}단계까지 쓸 수 있습니다.'],
  ['The filter has too many parts: at most {}.', '필터의 부분이 너무 많습니다. {1}개까지 쓸 수 있습니다.'],
  ['The filter is too long: {} characters, at most {} are read.', '필터가 너무 깁니다. {1}자이며 {2}자까지 읽습니다.'],
  ['The filter has too many words.', '필터의 단어가 너무 많습니다.'],
  [
    'Unexpected end after {}. A test is expected: a field, a comparison, not, or (',
    '{1} 다음에 필터가 끝났습니다. 필드, 비교, not, (가 와야 합니다.',
  ],
  ['Unexpected end after {}. A value or a field is expected.', '{1} 다음에 필터가 끝났습니다. 값이나 필드가 와야 합니다.'],
  ['Unexpected end after {}. A value is expected.', '{1} 다음에 필터가 끝났습니다. 값이 와야 합니다.'],
  ['Unexpected end. A field or a value is expected.', '필터가 중간에 끝났습니다. 필드나 값이 와야 합니다.'],
  [
    'Unexpected {} after {}. A test is expected: a field, a comparison, not, or (',
    '{2} 다음에 {1}는 쓸 수 없습니다. 필드, 비교, not, (가 와야 합니다.',
  ],
  ['Unexpected {} after {}. A value or a field is expected.', '{2} 다음에 {1}는 쓸 수 없습니다. 값이나 필드가 와야 합니다.'],
  ['Unexpected ( after a comparison. Values are grouped with { }: {}', '비교 다음에 (는 쓸 수 없습니다. 값은 { }로 묶습니다: {1}'],
  [
    'Unexpected ( after {}. After a field a comparison is expected: {}',
    '{1} 다음에 (는 쓸 수 없습니다. 필드 다음에는 비교 연산자가 와야 합니다: {2}',
  ],
  ['Unexpected ). There is no ( that it closes.', ')를 쓸 수 없습니다. 짝이 되는 (가 없습니다.'],
  ['Unexpected } after a comma. A value is expected.', '쉼표 다음에 }는 쓸 수 없습니다. 값이 와야 합니다.'],
  ['Unexpected |. Alternatives are joined with || or with the word or.', '|는 쓸 수 없습니다. 또는 조건은 ||나 or로 잇습니다.'],
  [
    'Unexpected ^. There is no exclusive or: terms are joined with && and ||.',
    '^는 쓸 수 없습니다. 배타적 논리합은 없으며 조건은 &&와 ||로 잇습니다.',
  ],
  ['Unexpected {} in the set. Its values are separated by commas.', '집합 안에 {1}는 쓸 수 없습니다. 값은 쉼표로 구분합니다.'],
  ['Unexpected {}. The group of values that began with { ends with }.', '{1}는 쓸 수 없습니다. {로 시작한 값 묶음은 }로 끝나야 합니다.'],
  ['Unexpected {}. After an argument of {} comes , or )', '{1}는 쓸 수 없습니다. {2}의 인수 다음에는 ,나 )가 와야 합니다.'],
  ['Unexpected {}. A test is expected: a field, a comparison, not, or (', '{1}는 쓸 수 없습니다. 필드, 비교, not, (가 와야 합니다.'],
  ['Unexpected {}. A field, a value or an operator is expected here.', '{1}는 쓸 수 없습니다. 필드, 값, 연산자 중 하나가 와야 합니다.'],
  ['Unexpected {}. A field or a value is expected.', '{1}는 쓸 수 없습니다. 필드나 값이 와야 합니다.'],
  ['Unexpected {}. A comparison is expected: {}', '{1}는 쓸 수 없습니다. 비교 연산자가 와야 합니다: {2}'],
  ['Unexpected {}. After a field a comparison is expected: {}', '{1}는 쓸 수 없습니다. 필드 다음에는 비교 연산자가 와야 합니다: {2}'],
  [
    'Unexpected {}. After a field comes a comparison ({}) or and, or',
    '{1}는 쓸 수 없습니다. 필드 다음에는 비교 연산자({2})나 and, or가 와야 합니다.',
  ],
  [
    'Unexpected {}. After a complete test comes and, or{} or the end.',
    '{1}는 쓸 수 없습니다. 완성된 조건 다음에는 and, or{2}가 오거나 끝나야 합니다.',
  ],
  ['Unexpected {}. Operators are written in lower case.', '{1}는 쓸 수 없습니다. 연산자는 소문자로 씁니다.'],
  ['Unexpected {}. Text stands in straight quotes: {}', '{1}는 쓸 수 없습니다. 글은 곧은 따옴표 안에 씁니다: {2}'],
  ['There is no exclusive or: terms are joined with and, or.', '배타적 논리합은 없습니다. 조건은 and, or로 잇습니다.'],
  ['There is nothing between these parentheses.', '이 괄호 안에 아무것도 없습니다.'],
  ['This ( has no closing ).', '이 (를 닫는 )가 없습니다.'],
  ['This { has no closing }.', '이 {를 닫는 }가 없습니다.'],
  [
    'Parentheses hold tests. Values are grouped with { }, and a field alone needs neither.',
    '( )에는 조건을 씁니다. 값은 { }로 묶고, 필드 하나에는 둘 다 필요 없습니다.',
  ],
  ['After in a set is expected: {}', 'in 다음에는 집합이 와야 합니다: {1}'],
  ['After # a layer number is expected: {}, or {}', '# 다음에는 계층 번호가 와야 합니다: {1} 또는 {2}'],
  ['After {} a comparison without parentheses is expected: {}', '{1} 다음에는 괄호 없는 비교가 와야 합니다: {2}'],
  ['After {} and a field a comparison is expected: {}', '{1}와 필드 다음에는 비교 연산자가 와야 합니다: {2}'],
  ['After matches a regular expression in double quotes is expected.', 'matches 다음에는 큰따옴표로 감싼 정규식이 와야 합니다.'],
  ['The set is empty. Values are expected: {}', '집합이 비어 있습니다. 값이 와야 합니다: {1}'],
  ['The set has too many members: at most {}.', '집합의 값이 너무 많습니다. {1}개까지 쓸 수 있습니다.'],
  // slices
  ['Too many slices of slices.', '조각의 조각이 너무 많습니다.'],
  ['A slice has at most 64 parts.', '조각은 64부분까지 쓸 수 있습니다.'],
  ['The length of a slice must be at least 1.', '조각의 길이는 1 이상이어야 합니다.'],
  ['The slice ends before it starts.', '조각의 끝이 시작보다 앞입니다.'],
  ['Offsets are expected: {}', '오프셋이 와야 합니다: {1}'],
  ['A slice is cut from a field, not from a literal.', '조각은 값이 아니라 필드에서 잘라 냅니다.'],
  [
    '{} is {} and has no slices: they are cut from text, bytes and addresses.',
    '{1} 필드의 형식은 {2}이며 조각을 낼 수 없습니다. 조각은 글, 바이트, 주소에서 냅니다.',
  ],
  // texts and quotes
  ['This field reference has no closing }.', '이 필드 참조를 닫는 }가 없습니다.'],
  ['This slice has no closing ].', '이 조각을 닫는 ]가 없습니다.'],
  ['This text has no closing quote.', '이 글을 닫는 따옴표가 없습니다.'],
  ['The text ends after a backslash.', '백슬래시 다음에 글이 끝났습니다.'],
  [
    '{} is no escape sequence. A backslash itself is written {}, or the text as {}.',
    '{1}는 쓸 수 있는 이스케이프가 아닙니다. 백슬래시는 {2}로 쓰거나 글을 {3}로 씁니다.',
  ],
  ['{} takes {} hexadecimal digits of a Unicode character.', '{1}에는 유니코드 글자의 16진수 {2}자리를 씁니다.'],
  ['There is no character between these quotes.', '이 따옴표 안에 글자가 없습니다.'],
  ['Single quotes hold one character. Text stands in double quotes.', '작은따옴표에는 한 글자만 씁니다. 글은 큰따옴표에 씁니다.'],
  // what stands where
  ['A layer number follows a field: {}', '계층 번호는 필드 다음에 옵니다: {1}'],
  ['A layer number follows a field.', '계층 번호는 필드 다음에 옵니다.'],
  ['A test needs a field: these are all literals.', '조건에는 필드가 있어야 합니다. 여기에는 값만 있습니다.'],
  [
    'A function is no test by itself. A comparison is expected after it: {}',
    '함수만으로는 조건이 되지 않습니다. 다음에 비교 연산자가 와야 합니다: {1}',
  ],
  [
    'Text is no test by itself. To look for it in the whole packet: {}',
    '글만으로는 조건이 되지 않습니다. 패킷 전체에서 찾으려면 이렇게 씁니다: {1}',
  ],
  ['A character is no test by itself.', '글자만으로는 조건이 되지 않습니다.'],
  [
    'A field reference takes its value from a selected packet, and none is selected here.',
    '필드 참조는 선택한 패킷에서 값을 가져오지만 여기에는 선택한 패킷이 없습니다.',
  ],
  ['Before a minus a blank is expected: a hyphen is part of a name.', '빼기 앞에는 빈칸이 와야 합니다. 붙임표는 이름의 일부입니다.'],
  ['The field stands on the left of a comparison, the value on the right.', '비교에서 필드는 왼쪽에, 값은 오른쪽에 씁니다.'],
  [
    'The left side of a comparison is a field or a function of one, not {}.',
    '비교의 왼쪽에는 {1}이(가) 아니라 필드나 필드의 함수를 씁니다.',
  ],
  ['A field is expected here.', '여기에는 필드가 와야 합니다.'],
  // names
  ['{} is no field that this program knows.', '{1}: 알려진 필드가 아닙니다.'],
  [
    '{} is a number and no test. A field and a comparison are expected before it.',
    '{1}: 숫자만으로는 조건이 되지 않습니다. 앞에 필드와 비교 연산자가 와야 합니다.',
  ],
  ['{} is neither a field nor a protocol that this program knows.', '{1}: 알려진 필드도 프로토콜도 아닙니다.'],
  ['There is no function {}. The functions are {}.', '함수 {1}는 없습니다. 쓸 수 있는 함수: {2}'],
  // values and types
  ['{} has no value to compare with: it is there or not.', '{1}에는 비교할 값이 없고, 있는지 없는지만 볼 수 있습니다.'],
  ['{} has no value to compare: it is there or not.', '{1}에는 비교할 값이 없고, 있는지 없는지만 볼 수 있습니다.'],
  ['{} has no value: it is there or not.', '{1}에는 값이 없고, 있는지 없는지만 볼 수 있습니다.'],
  ['{} has no value.', '{1}에는 값이 없습니다.'],
  ['{} is {}, and {} {}: they cannot be compared.', '{1}의 형식은 {2}, {3}의 형식은 {4}이어서 비교할 수 없습니다.'],
  ['{} is {}: {} works on text and bytes.', '{1}의 형식은 {2}입니다. {3}는 글과 바이트에 씁니다.'],
  ['{} is {}: {} does not work on it.', '{1}의 형식은 {2}이어서 {3}를 쓸 수 없습니다.'],
  ['{} and {} are of different types.', '{1}와 {2}의 형식이 다릅니다.'],
  ['{} is too big for {}: at most {}.', '{1}는 {2}에 너무 큽니다. 최대 {3}입니다.'],
  ['{} is too small for {}: at least {}.', '{1}는 {2}에 너무 작습니다. 최소 {3}입니다.'],
  ['{} is an IPv6 address, and {} an IPv4 address.', '{1}는 IPv6 주소이고 {2}는 IPv4 주소입니다.'],
  ['{} is an IPv4 address, and {} an IPv6 address.', '{1}는 IPv4 주소이고 {2}는 IPv6 주소입니다.'],
  ['{} is no date and time of the calendar.', '{1}: 달력에 없는 날짜와 시각입니다.'],
  ['{} is not a value of {}: {} is expected.', '{1}는 {2}의 값이 아닙니다. 필요한 값: {3}'],
  ['The prefix length is written as a number of bits: {}', '접두사 길이는 비트 수로 씁니다: {1}'],
  ['The prefix length is a number of bits from 0 to {}.', '접두사 길이는 0부터 {1}까지의 비트 수입니다.'],
  // functions
  ['A function takes at most 64 arguments.', '함수의 인수는 64개까지 쓸 수 있습니다.'],
  ['{} takes at least one argument.', '{1}에는 인수가 하나 이상 있어야 합니다.'],
  ['{} takes one argument.', '{1}에는 인수가 하나 있어야 합니다.'],
  ['{} takes a field.', '{1}에는 필드를 씁니다.'],
  ['The arguments of {} must be of one type.', '{1}의 인수는 형식이 같아야 합니다.'],
  ['{} takes text, and {} is {}.', '{1}에는 글을 쓰지만 {2}의 형식은 {3}입니다.'],
  ['abs takes a number, and {} is {}.', 'abs에는 숫자를 쓰지만 {1}의 형식은 {2}입니다.'],
  ['string does not convert {}: it takes integers and addresses.', 'string은 {1} 형식을 바꾸지 않습니다. 정수와 주소에 씁니다.'],
  // regular expressions
  ['In the regular expression: {}', '정규식: {1}'],
  ['this ) closes no group.', '이 )에 짝이 되는 (가 없습니다.'],
  ['there is nothing that {} could repeat.', '{1}로 반복할 것이 없습니다.'],
  ['a count may be at most {}.', '반복 횟수는 {1}까지 쓸 수 있습니다.'],
  ['the counts are in the wrong order.', '반복 횟수의 순서가 거꾸로입니다.'],
  ['there are too many counts in a row.', '반복이 너무 많이 이어집니다.'],
  ['groups are nested too deep: at most {}.', '묶음이 너무 깊게 중첩되었습니다. {1}단계까지 쓸 수 있습니다.'],
  ['this comment has no closing ).', '이 주석을 닫는 )가 없습니다.'],
  ['this ( has no closing ).', '이 (를 닫는 )가 없습니다.'],
  ['this [ has no closing ].', '이 [를 닫는 ]가 없습니다.'],
  ['possessive quantifiers are not supported.', '소유 수량자는 지원하지 않습니다.'],
  ['control verbs are not supported.', '제어 동사는 지원하지 않습니다.'],
  ['lookahead and lookbehind are not supported.', '전방·후방 탐색은 지원하지 않습니다.'],
  ['atomic groups are not supported.', '원자 묶음은 지원하지 않습니다.'],
  ['branch reset groups are not supported.', '분기 초기화 묶음은 지원하지 않습니다.'],
  ['this kind of group is not supported.', '이 종류의 묶음은 지원하지 않습니다.'],
  ['there is no option {}: i, s, m and x are known.', '{1} 옵션은 없습니다. i, s, m, x를 쓸 수 있습니다.'],
  ['backreferences are not supported.', '역참조는 지원하지 않습니다.'],
  ['the pattern ends after a backslash.', '백슬래시 다음에 정규식이 끝났습니다.'],
  ['digits in braces are expected after {}.', '{1} 다음에는 중괄호 안에 숫자가 와야 합니다.'],
  ['matching works on bytes: at most {}.', '바이트로 비교하므로 최대 {1}까지입니다.'],
  ['a character is expected after {}.', '{1} 다음에는 글자가 와야 합니다.'],
  ['Unicode properties are not supported: matching works on bytes.', '바이트로 비교하므로 유니코드 속성은 지원하지 않습니다.'],
  ['{} is no escape sequence that is supported.', '{1}는 지원하는 이스케이프가 아닙니다.'],
  ['there is no such POSIX class.', '그런 POSIX 클래스는 없습니다.'],
  ['this range is in the wrong order.', '이 범위의 순서가 거꾸로입니다.'],
];

/** Kinds of values, as the engine's sentences name them. */
const KINDS: Readonly<Record<string, string>> = {
  'a Boolean': '참·거짓',
  'an IPv4 address': 'IPv4 주소',
  'an IPv6 address': 'IPv6 주소',
  'a hardware address': '하드웨어 주소',
  'an EUI-64': 'EUI-64',
  'a byte sequence': '바이트열',
  text: '글',
  'a date and time': '날짜와 시각',
  'a number of seconds': '초 단위 시간',
  'a GUID': 'GUID',
  'an object identifier': '개체 식별자',
  'a number': '숫자',
  'an integer': '정수',
  'a packet number': '패킷 번호',
  'a protocol': '프로토콜',
  'a field without a value': '값이 없는 필드',
  'a number without quotes': '따옴표 없는 숫자',
  'a number or one of its names': '숫자 또는 그 이름',
  'an address without quotes': '따옴표 없는 주소',
  'True, False, 1 or 0': 'True, False, 1, 0',
  'bytes such as 0a:0b:0c, or text in quotes,': '0a:0b:0c 같은 바이트나 따옴표 안의 글',
};

function said(part: string): string {
  const known = entryOf(KINDS, part);
  if (known !== undefined) return known;
  const example = /^(.+) such as (.+)$/.exec(part);
  const kind = example === null ? undefined : entryOf(KINDS, example[1] as string);
  return kind === undefined || example === null ? part : `${example[2]} 같은 ${kind}`;
}

const patterns = SENTENCES.map(([english, korean]) => {
  const source = english.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll('{}', '([^]+?)');
  return [new RegExp(`^${source.replace(/\{(?=[ }]|$)|\{ \}/g, '\\$&')}$`), korean] as const;
});

/** The sentence in the language in force; as it came where it is not known. */
export function errorWords(message: string): string {
  return languageNow() === 'en' ? message : inKorean(message);
}

function inKorean(message: string): string {
  for (const [pattern, korean] of patterns) {
    const parts = pattern.exec(message);
    if (parts === null) continue;
    return korean.replace(/\{(\d)\}/g, (_, n: string) => {
      const part = parts[Number(n)] ?? '';
      return korean.startsWith('정규식') ? inKorean(part) : said(part);
    });
  }
  return message;
}
