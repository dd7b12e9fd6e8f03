/** Where the public corpus of captures with tshark's values is (docs/conformance.md). It is not part of this repository. */
import path from 'node:path';

/** The corpus that was asked for by name, with `SEVENFOLD_CORPUS`: for what takes too long to be done wherever it lies. */
export const namedCorpus: string | undefined = process.env.SEVENFOLD_CORPUS;

/** The folder of the corpus for the checkout `root`: the one that was named, else the one beside the checkout. It need not be there. */
export function corpusOf(root: string): string {
  return namedCorpus ?? path.join(root, '..', 'shared', 'conformance');
}

/** That of this checkout; not for what is bundled, which is run from another folder. */
export const corpus: string = corpusOf(path.join(import.meta.dirname, '..'));
