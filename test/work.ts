/** How much work something is, in the processor's time: what else runs on the machine does not count. */

/** Milliseconds that this process works until `what` is done. */
export function workMs(what: () => unknown): number {
  const before = process.cpuUsage();
  what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
