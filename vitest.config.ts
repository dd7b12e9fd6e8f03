import os from 'node:os';
import { defineConfig } from 'vitest/config';
// @ts-expect-error scripts have no types
import { wat } from './scripts/build/wat.mjs';

/** Patience costs nothing where the condition holds at once; a busy machine needs it. A test that never ends is ended all the same. */
const PATIENCE = {
  testTimeout: 300_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 40 } },
};

/** Two at least: tests wait for processes, pages and timers for most of their time. */
const AT_ONCE = Math.max(2, os.availableParallelism() - 1);

/** What captures live: its packets take all processors, and what else runs would take them from it. */
const LIVE = ['test/live/**/*.test.ts', 'test/e2e/live.test.ts'];

export default defineConfig({
  plugins: [wat],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/live/**', 'test/conformance/**'],
          ...PATIENCE,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: LIVE,
          ...PATIENCE,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { name: 'live', include: LIVE, ...PATIENCE, fileParallelism: false, sequence: { groupOrder: 3 } } },
    ],
  },
});
