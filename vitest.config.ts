import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/live/**', 'test/conformance/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/live/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Patience costs nothing where the condition holds at once; a busy machine needs it.
          expect: { poll: { timeout: 20_000, interval: 40 } },
          fileParallelism: false,
        },
      },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], fileParallelism: false } },
    ],
  },
});
