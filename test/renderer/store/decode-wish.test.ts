/** What the panel of "decode as" begins with. */
import { expect, it } from 'vitest';
import { servicePort } from '../../../renderer/store/decode-wish.ts';

it('takes the lower port for the one that stands for the service', () => {
  expect(servicePort('50784', '80')).toBe('80');
  expect(servicePort('80', '50784')).toBe('80');
});
