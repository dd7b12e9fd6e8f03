/** Names that come from a window, and through it from captures. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeName } from '../../src/host/file-names.ts';

it('keeps a plain name as it is, in any script', () => {
  for (const name of ['trace.pcapng', 'a b (2).pcap.gz', '캡처.pcapng', 'index.html']) expect(safeName(name)).toBe(name);
});

it('leaves nothing that could mean a place, is hidden, or has no name', () => {
  expect(safeName('../../etc/passwd')).toBe('passwd');
  expect(safeName('C:\\Users\\x\\trace.pcap')).toBe('trace.pcap');
  expect(safeName('..')).toBe('_');
  expect(safeName('.bashrc')).toBe('_bashrc');
  expect(safeName('a\0b:c.pcap')).toBe('a_b_c.pcap');
  expect(safeName('ends.')).toBe('ends');
  for (const name of ['', '/', 'a/']) expect(safeName(name)).toBe('capture');
});

it('cuts long names at a whole character and keeps their ending', () => {
  const name = safeName(`${'캡'.repeat(150)}.pcapng.gz`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name).toMatch(/^캡+\.pcapng\.gz$/);
  expect(safeName(`${'x'.repeat(190)}😀😀😀.har`)).toMatch(/^x+(?:😀)*\.har$/u);
});

it('gives a name that can be written, sent in a header and cut no further, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const name = safeName(text);
      expect(() => encodeURIComponent(name)).not.toThrow();
      expect(name).not.toMatch(/[/\\\0]/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(name.length).toBeGreaterThan(0);
    }),
  );
});
