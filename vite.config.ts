import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds the window for both hosts: relative paths, every script and font a file of its own, so that `script-src 'self'` holds. */
const root = fileURLToPath(new URL('./renderer', import.meta.url));

export default defineConfig({
  root,
  base: './',
  build: {
    outDir: fileURLToPath(new URL('./dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome120',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // "use client" in libraries means nothing in a window without a server.
      onwarn: (warning, handle) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') handle(warning);
      },
    },
  },
});
