import { describe, expect, it } from 'vitest';
import { fieldsOf, type LimitFields, limitsOfFields } from '../../../renderer/start/limits.ts';

const empty: LimitFields = { packets: '', megabytes: '', seconds: '', fileMegabytes: '', fileSeconds: '', files: '', file: '' };

describe('the fields of the capture options', () => {
  it('set no limit while they are empty', () => {
    expect(limitsOfFields(empty)).toEqual({ limits: {} });
    expect(fieldsOf({})).toEqual(empty);
  });

  it('say when to stop, in the units they show', () => {
    expect(limitsOfFields({ ...empty, packets: '1,000', megabytes: '2.5', seconds: '0.5' })).toEqual({
      limits: { maxPackets: 1000, maxBytes: 2_500_000, maxDurationMs: 500 },
    });
  });

  it('make a ring by size and time, with a place for it', () => {
    const fields = { ...empty, fileMegabytes: '10', fileSeconds: '60', files: '5', file: ' /home/me/trace.pcapng ' };
    const limits = { ring: { bytes: 10_000_000, durationMs: 60_000, files: 5 }, file: '/home/me/trace.pcapng' };
    expect(limitsOfFields(fields)).toEqual({ limits });
    expect(fieldsOf(limits)).toEqual({ ...fields, file: '/home/me/trace.pcapng' });
  });

  it('are refused with a sentence where they are wrong', () => {
    for (const wrong of [
      { packets: '0' },
      { packets: '-3' },
      { packets: '1.5' },
      { packets: 'many' },
      { seconds: '99999999' },
      { files: '3' },
      { fileMegabytes: '10' },
    ]) {
      const answer = limitsOfFields({ ...empty, ...wrong });
      expect('wrong' in answer && answer.wrong.endsWith('.'), JSON.stringify(wrong)).toBe(true);
    }
  });
});
