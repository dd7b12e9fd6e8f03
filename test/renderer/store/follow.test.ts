import { describe, expect, it } from 'vitest';
import { firstNew, follow, following, newBelow } from '../../../renderer/store/follow.ts';

describe('following the end', () => {
  it('counts nothing as new while it follows', () => {
    expect(newBelow(following, 5000)).toBe(0);
  });

  it('stops where the list was, and counts what comes after', () => {
    const stopped = follow(following, { kind: 'stop', total: 1000 });
    expect(stopped.on).toBe(false);
    expect(newBelow(stopped, 1312)).toBe(312);
  });

  it('a second stop does not forget what was new', () => {
    const stopped = follow(following, { kind: 'stop', total: 1000 });
    expect(newBelow(follow(stopped, { kind: 'stop', total: 1300 }), 1312)).toBe(312);
  });

  it('what was scrolled into sight is no longer new', () => {
    const stopped = follow(following, { kind: 'stop', total: 1000 });
    const looked = follow(stopped, { kind: 'looked', bottom: 1200 });
    expect(newBelow(looked, 1312)).toBe(112);
    expect(newBelow(follow(looked, { kind: 'looked', bottom: 40 }), 1312)).toBe(112);
  });

  it('scrolling while it follows changes nothing', () => {
    expect(follow(following, { kind: 'looked', bottom: 10 })).toBe(following);
  });

  it('End follows again, and so does a new capture', () => {
    const stopped = follow(following, { kind: 'stop', total: 10 });
    expect(follow(stopped, { kind: 'end' }).on).toBe(true);
    expect(follow(stopped, { kind: 'start' }).on).toBe(true);
  });

  it('a list that shrank under another filter has no negative news', () => {
    expect(newBelow(follow(following, { kind: 'stop', total: 1000 }), 20)).toBe(0);
  });
});

describe('marks on new rows', () => {
  it('stand on the rows that came, and on no row of a screen that is all new', () => {
    expect(firstNew(1000, 1012, 40)).toBe(1000);
    expect(firstNew(0, 39, 40)).toBe(0);
    expect(firstNew(1000, 1040, 40)).toBe(Number.POSITIVE_INFINITY);
    expect(firstNew(1000, 16_000, 40)).toBe(Number.POSITIVE_INFINITY);
  });
});
