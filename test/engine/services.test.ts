import { describe, expect, it } from 'vitest';
import { serviceName } from '../../src/engine/services.ts';

describe('Names of ports', () => {
  it('are those that IANA has registered', () => {
    expect(serviceName(443, 'tcp')).toBe('https');
    expect(serviceName(53, 'udp')).toBe('domain');
    expect(serviceName(65_000, 'udp')).toBe(undefined);
  });

  it('are the first of a port with several, as tshark -N t prints them', () => {
    expect([serviceName(80, 'tcp'), serviceName(80, 'udp'), serviceName(631, 'tcp')]).toEqual(['http', 'http', 'ipp']);
  });
});
