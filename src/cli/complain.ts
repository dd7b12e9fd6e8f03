/** Failures on the terminal. */
import type { Failure } from '../messages.ts';

/** What happened, what to do, and the commands for it, each below what it does, on stderr. */
export function complain(failure: Failure): void {
  process.stderr.write(`sevenfold: ${failure.message}\n`);
  if (failure.advice !== undefined) process.stderr.write(`  ${failure.advice}\n`);
  failure.commands?.forEach((command, index) => {
    const way = failure.ways?.[index];
    if (way !== undefined) process.stderr.write(`  ${way}\n`);
    process.stderr.write(`    ${command}\n`);
  });
}
