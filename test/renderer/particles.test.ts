/** Particles behind numbers, names and words. */
import { expect, it } from 'vitest';
import { withParticle } from '../../renderer/particles.ts';

it.each([
  ['TLS 1.2', '로', 'TLS 1.2로'],
  ['TLS 1.3', '로', 'TLS 1.3으로'],
  ['100', '로', '100으로'],
  ['101', '로', '101로'],
  ['서버', '로', '서버로'],
  ['사본', '로', '사본으로'],
  ['물', '로', '물로'],
  ['다른 프로토콜', '을', '다른 프로토콜을'],
  ['TLS', '로', 'TLS로'],
  ['SSL', '을', 'SSL을'],
  ['gzip', '은', 'gzip은(는)'],
  ['AES_128_GCM_SHA256', '로', 'AES_128_GCM_SHA256으로'],
  ['', '로', '(으)로'],
] as const)('%s with %s is %s', (word, particle, said) => {
  expect(withParticle(word, particle)).toBe(said);
});
