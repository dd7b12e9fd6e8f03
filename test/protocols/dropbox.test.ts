import { expect, test } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

test('a datagram of Dropbox that is no JSON is shown as text', () => {
  const t = ofFrames(udpFrame(17500, 17500, '{"version": [2, 0]}'), udpFrame(17500, 17500, 'hello'));
  expect(t.stacks).toEqual(['db-lsp-disc:json', 'db-lsp-disc']);
  expect(fieldsOf(t.at(1), 'db-lsp.text')).toEqual({ 'db-lsp.text': 'hello' });
});
