/** A state that is both told of and asked for. */
export interface NewsFirst {
  /** News of the state came. */
  readonly told: () => void;
  /**
   * The answer to a question for the state; null if news came while it was on its way. News may overtake an answer, which then is the older of
   * the two and would stand for good: nothing is told again that was told already.
   */
  readonly ask: <T>(question: () => Promise<T>) => Promise<T | null>;
}

export function newsFirst(): NewsFirst {
  let news = 0;
  return {
    told: () => {
      news += 1;
    },
    ask: async (question) => {
      const before = news;
      const answer = await question();
      return news === before ? answer : null;
    },
  };
}
