/**
 * Ends this process with `status`, once what was written to standard output and error is handed over. Left to itself Node would first wait for
 * compilations that V8 has under way, and collect garbage.
 */
export function exitWith(status: number): void {
  const behind = [process.stdout, process.stderr].filter((stream) => !stream.destroyed && stream.writableLength > 0);
  const flushed = behind.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  void Promise.all(flushed).then(() => process.exit(status));
}
