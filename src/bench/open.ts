/** Starts the benchmark of opening: see run.ts. */
import { prepareFront } from '../split/thread.ts';

const args = process.argv.slice(2);
const window = args[0] === '--window';
const [path = '', ...filters] = window ? args.slice(1) : args;
prepareFront(path);
void import('./run.ts').then(({ run }) => run(path, filters, window));
