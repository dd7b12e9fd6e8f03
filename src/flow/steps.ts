/** Work in steps: between two of them others may have their turn. */

/** What the work comes to, without a pause. */
export function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
