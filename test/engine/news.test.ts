import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { News, type Source } from '../../src/engine/news.ts';
import type { CaptureState, RowSummary, ViewNews, ViewState } from '../../src/messages.ts';

/** A capture of `packets` rows, all of which the view shows, and everything that a window is told of it. */
function capture(): {
  told: string[];
  news: News;
  grow: (to: number, now?: boolean, behind?: boolean) => void;
  view: (id: number) => void;
} {
  const told: string[] = [];
  let packets = 0;
  let id = 1;
  const ofView = ({ matched, along }: ViewNews): string =>
    `view ${matched}${along === undefined ? '' : ` rows ${along.from}+${along.rows.length}`}`;
  const news = new News(
    ({ packets: count, view }) => told.push(...(view === undefined ? [`state ${count}`] : [`state ${count} with`, ofView(view)])),
    (view) => told.push(ofView(view)),
  );
  const source: Source = {
    state: () => ({ capture: 1, phase: 'reading', packets, bytesRead: packets }) as CaptureState,
    view: () => ({ view: id, matched: packets, scanned: packets, complete: true, sorting: null }) as unknown as ViewState,
    rows: (from, to) => Array.from({ length: to - from }, (_, k) => ({ row: from + k }) as RowSummary),
  };
  const tell = (now: boolean, behind = false): void => news.tell(now, packets, source, () => tell(false), behind);
  return {
    told,
    news,
    grow: (to, now = false, behind = false) => {
      packets = to;
      tell(now, behind);
    },
    view: (next) => {
      id = next;
      tell(true);
    },
  };
}
const wish = (rows: number, follow = false, fields: string[] = []) => ({ rows, follow, fields });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('news of a capture that grows', () => {
  it('wait until the window has drawn what it heard, and are then as new as can be', () => {
    const { told, news, grow } = capture();
    grow(0, true);
    told.length = 0;
    // The first packets do not wait.
    grow(10);
    for (let packets = 20; packets <= 100; packets += 10) grow(packets);
    expect(told).toEqual(['state 10', 'view 10']);
    news.drawn(wish(0));
    grow(100);
    grow(200);
    expect(told).toEqual(['state 10', 'view 10', 'state 100', 'view 100']);
  });

  it('wait until the packets that have come meanwhile are read, but not for the first ones, and not for long', () => {
    const { told, news, grow } = capture();
    grow(0, true);
    told.length = 0;
    grow(10, false, true);
    expect(told).toEqual(['state 10', 'view 10']);
    for (let packets = 20; packets <= 100; packets += 10) {
      news.drawn(wish(0));
      grow(packets, false, true);
    }
    grow(110);
    expect(told).toEqual(['state 10', 'view 10', 'state 110', 'view 110']);
    // The reading never catches up.
    told.length = 0;
    for (let packets = 120; packets <= 620; packets++) {
      news.drawn(wish(0));
      grow(packets, false, true);
      vi.advanceTimersByTime(1);
    }
    expect(told).toEqual(['state 320', 'view 320', 'state 520', 'view 520']);
  });

  it('are not told where nothing has changed, however often the window draws', () => {
    const { told, news, grow } = capture();
    grow(10, true);
    const before = told.length;
    for (let k = 0; k < 5; k++) {
      news.drawn(wish(0));
      grow(10);
    }
    expect(told).toHaveLength(before);
  });

  it('come a few times a second to a window that does not draw, the last of them too', async () => {
    const { told, grow } = capture();
    grow(1, true);
    told.length = 0;
    for (let packets = 2; packets <= 101; packets++) {
      grow(packets);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    const states = told.filter((each) => each.startsWith('state'));
    expect(states.length).toBeLessThanOrEqual(5);
    expect(states.at(-1)).toBe('state 101');
  });

  it('do not wait when more than that has changed', () => {
    const { told, grow } = capture();
    grow(0, true);
    grow(5);
    grow(7, true);
    expect(told.slice(-2)).toEqual(['state 7', 'view 7']);
  });
});

describe('the first news of a capture', () => {
  it('bring its view and its rows along', () => {
    const { told, news, grow } = capture();
    news.drawn(wish(50));
    grow(30);
    news.drawn(wish(50));
    grow(60);
    expect(told).toEqual(['state 30 with', 'view 30 rows 0+30', 'state 60', 'view 60 rows 30+20']);
    news.forget();
    grow(70, true);
    expect(told.slice(4)).toEqual(['state 70 with', 'view 70 rows 0+50']);
  });

  it('can be waited for until they are drawn', async () => {
    const { news, grow } = capture();
    news.drawn(wish(50));
    expect(news.drawingFirst).toBe(false);
    grow(30);
    expect(news.drawingFirst).toBe(true);
    let over = false;
    void news.firstDrawn(150).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect([over, news.drawingFirst]).toEqual([false, true]);
    news.drawn(wish(50));
    await vi.advanceTimersByTimeAsync(0);
    expect([over, news.drawingFirst]).toEqual([true, false]);
    grow(60);
    expect(news.drawingFirst).toBe(false);
  });

  it('are waited for no longer than was said, and not beyond their capture', async () => {
    for (const end of [
      (): unknown => vi.advanceTimersByTimeAsync(150),
      (news: News): unknown => {
        news.forget();
        return vi.advanceTimersByTimeAsync(0);
      },
    ]) {
      const { news, grow } = capture();
      news.drawn(wish(50));
      grow(30);
      let over = false;
      void news.firstDrawn(150).then(() => {
        over = true;
      });
      await end(news);
      expect([over, news.drawingFirst]).toEqual([true, false]);
    }
  });

  it('are not waited for where no window shows rows', () => {
    const { news, grow } = capture();
    grow(30);
    expect(news.drawingFirst).toBe(false);
  });
});

describe('rows that go along', () => {
  it('are the first ones of a view, each once', () => {
    const { told, news, grow, view } = capture();
    news.drawn(wish(50));
    grow(30);
    news.drawn(wish(50));
    grow(2000);
    news.drawn(wish(50));
    grow(4000);
    expect(told.filter((each) => each.startsWith('view'))).toEqual(['view 30 rows 0+30', 'view 2000 rows 30+20', 'view 4000']);
    view(2);
    expect(told.at(-1)).toBe('view 4000 rows 0+50');
  });

  it('are the newest ones while the list follows its end', () => {
    const { told, news, grow } = capture();
    news.drawn(wish(50, true));
    grow(1000);
    news.drawn(wish(50, true));
    grow(1010);
    news.drawn(wish(50, true));
    grow(5000);
    expect(told.filter((each) => each.startsWith('view'))).toEqual([
      'view 1000 rows 950+50',
      'view 1010 rows 1000+10',
      'view 5000 rows 4950+50',
    ]);
  });

  it('come once more with the values of other fields', () => {
    const { told, news, grow } = capture();
    news.drawn(wish(50));
    grow(100);
    news.drawn(wish(50, false, ['ip.ttl']));
    grow(200);
    expect(told.at(-1)).toBe('view 200 rows 0+50');
  });

  it('stay away where packets cannot be read', () => {
    const told: ViewNews[] = [];
    const news = new News(
      ({ view }) => view !== undefined && told.push(view),
      (view) => told.push(view),
    );
    news.drawn(wish(50));
    const view = { view: 1, matched: 9, scanned: 9, complete: true, sorting: null } as unknown as ViewState;
    const rows = (): never => {
      throw new Error('the file is gone');
    };
    news.tell(true, 9, { state: () => ({ packets: 9 }) as CaptureState, view: () => view, rows }, () => {});
    expect(told).toEqual([view]);
  });
});
