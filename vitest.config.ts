import { defineConfig } from 'vitest/config';

/** Patience costs nothing where the condition holds at once; a busy machine needs it. A test that never ends is ended all the same. */
const PATIENCE = {
  testTimeout: 300_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 40 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/live/**', 'test/conformance/**'],
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/live/**/*.test.ts'],
          ...PATIENCE,
          fileParallelism: false,
        },
      },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], fileParallelism: false } },
    ],
  },
});
