/** Addresses with ports, cut in two. */
import { expect, it } from 'vitest';
import { endpoint } from '../../../renderer/ui/endpoint.ts';

it('splits endpoints at the port, IPv6 too', () => {
  expect(endpoint('192.168.1.24:52814')).toEqual({ host: '192.168.1.24', port: ':52814' });
  expect(endpoint('[2001:db8::1]:443')).toEqual({ host: '[2001:db8::1]', port: ':443' });
});
