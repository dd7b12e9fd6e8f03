import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts, tcpFrames } from './talk.ts';

/** The frames, the last of which ends the connection. */
function closing(port: number): ReturnType<typeof captureOf> {
  const frames = tcpFrames(port, [
    ['>', 'who\r\n'],
    ['<', 'one\r\n'],
    ['<', 'two\r\n'],
  ]);
  const last = frames.at(-1) as Uint8Array;
  last[14 + 20 + 13] = 25;
  return captureOf(frames);
}

describe.each([
  ['finger', 79, 'finger.query', 'finger.response', 'finger.response_to'],
  ['whois', 43, 'whois.query', 'whois.answer', 'whois.answer_to'],
] as const)('%s', (name, port, query, answer, to) => {
  it('shows the question at once and the answer where the connection ends', () => {
    const capture = closing(port);
    const [ask, first, last] = [3, 4, 5].map((row) => dissectPacket(capture, row));
    expect([ask, first, last].map((d) => d?.protocolNames.split(':').slice(4).join(':'))).toEqual([name, '', name]);
    expect(fieldsOf(ask as never, query)[query]).toBe('who\r\n');
    expect(fieldsOf(last as never, answer)[answer].replaceAll(',', '')).toBe('one\r\ntwo\r\n');
    expect(fieldsOf(last as never, to)[to]).toBe('4');
  });

  it('waits for the end of the question', () => {
    expect(overTcp(port, ['>', 'wh'], ['>', 'o\r\n']).stacks).toEqual(['', name]);
  });

  it('stands being cut anywhere', () =>
    survivesCuts(port, [
      ['>', 'who\r\n'],
      ['<', 'x'],
    ]));
});
