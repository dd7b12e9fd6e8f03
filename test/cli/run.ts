/** Runs a command of the command line in this process and gives what it prints. */
import path from 'node:path';
import { vi } from 'vitest';

export const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

export async function printed(command: () => Promise<number>): Promise<{ status: number; out: string; complaint: string }> {
  let out = '';
  let complaint = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaint += String(text);
    return true;
  });
  try {
    const status = await command();
    return { status, out, complaint };
  } finally {
    vi.restoreAllMocks();
  }
}
