/** The table of folders in docs/architecture.md against what modules import. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** Folder of src/, and the folders that its row of the table names; in the order of the table. */
const table = new Map(
  [...readFileSync(path.join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| `([a-z]+)\/` +\| [^|]+ \|([a-z, ]*)\|$/gm)].map(
    ([, folder = '', named = '']) => [folder, named.split(',').flatMap((name) => name.trim() || [])] as const,
  ),
);

/** The folder of a module of src/; '' for those that stand in none. The barrel of messages/ is part of it. */
function folderOf(module: string): string {
  return module === 'messages.ts' ? 'messages' : module.includes('/') ? (module.split('/')[0] as string) : '';
}

/** All imports of modules of another folder of src/, or outside of it, types included: [importer, imported], from src/ on. */
const imports = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((module) => module.replaceAll(path.sep, '/'))
  .filter((module) => module.endsWith('.ts'))
  .flatMap((module) =>
    [...readFileSync(path.join(root, 'src', module), 'utf8').matchAll(/\b(?:from|import|import\()\s*'(\.[^']*\.tsx?)'/g)].map(
      ([, named = '']) => [module, path.posix.join(path.posix.dirname(module), named)] as const,
    ),
  )
  .filter(([from, to]) => folderOf(to) !== folderOf(from) && folderOf(to) !== '');

it('a module imports from the folders that the row of its own names', () => {
  expect(imports.length).toBeGreaterThan(1000);
  const refused = imports.filter(([from, to]) => table.get(folderOf(from))?.includes(folderOf(to)) !== true);
  expect(refused.map(([from, to]) => `src/${from} imports src/${to}`)).toEqual([]);
});

it('a row names folders above it, and none that nothing is imported from', () => {
  const above: string[] = [];
  for (const [folder, named] of table) {
    const used = new Set(imports.filter(([from]) => folderOf(from) === folder).map(([, to]) => folderOf(to)));
    expect({ folder, named: named.filter((name) => above.includes(name) && used.has(name)) }).toEqual({ folder, named });
    above.push(folder);
  }
});

it('every folder has a row', () => {
  const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...table.keys()].sort());
});
