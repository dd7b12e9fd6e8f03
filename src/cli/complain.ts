/** Failures on the terminal. */
import type { Failure } from '../messages.ts';

/** What happened, what to do, and the commands for it, on stderr. */
export function complain(failure: Failure): void {
  process.stderr.write(`sevenfold: ${failure.message}\n`);
  if (failure.advice !== undefined) process.stderr.write(`  ${failure.advice}\n`);
  for (const command of failure.commands ?? []) process.stderr.write(`    ${command}\n`);
}
