/** A state that is told of and asked for: which of the two holds. */
import { describe, expect, it } from 'vitest';
import { newsFirst } from '../../../renderer/store/news.ts';

describe('an answer and news of the same state', () => {
  it('takes the answer where nothing was told meanwhile', async () => {
    const capture = newsFirst();
    capture.told();
    expect(await capture.ask(async () => 'done')).toBe('done');
  });

  it('drops an answer that news overtook: "reading" would stand for good after "done"', async () => {
    const capture = newsFirst();
    let answer: (phase: string) => void = () => {};
    const asked = capture.ask(() => new Promise<string>((resolve) => (answer = resolve)));
    capture.told();
    answer('reading');
    expect(await asked).toBeNull();
    expect(await capture.ask(async () => 'done')).toBe('done');
  });
});
