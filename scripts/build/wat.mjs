// A Vite plugin: `import binary from './x.wat'` is the binary of a WebAssembly module in its text format, in base64.
import { readFile } from 'node:fs/promises';

export const wat = {
  name: 'wat',
  enforce: 'pre',
  load: {
    filter: { id: /\.wat$/ },
    async handler(id) {
      const { default: wabt } = await import('wabt');
      const parsed = (await wabt()).parseWat(id, await readFile(id, 'utf8'));
      try {
        return { code: `export default '${Buffer.from(parsed.toBinary({}).buffer).toString('base64')}';`, map: null };
      } finally {
        parsed.destroy();
      }
    },
  },
};
