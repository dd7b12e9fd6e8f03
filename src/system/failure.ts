/** Errors of the operating system and of our own, turned into words for the user. */
import type { Answer, Failure } from '../messages.ts';

/** Thrown inside the host where a request cannot be done; carries what the user is told. */
export class HostError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'HostError';
    this.failure = failure;
  }
}

export function fail(code: Failure['code'], message: string, advice?: string, commands?: readonly string[]): HostError {
  return new HostError({ code, message, ...(advice === undefined ? {} : { advice }), ...(commands === undefined ? {} : { commands }) });
}

export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What happened to `what` (a path, 'the settings'), and what can be done about it. Never a stack. */
export function failureOf(error: unknown, what: string): Failure {
  if (error instanceof HostError) return error.failure;
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'not-found', message: `${what} does not exist.`, advice: 'Check the path; the file may have been moved or deleted.' };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'permission',
        message: `${what} may not be accessed by this user.`,
        advice: 'Change its permissions, or choose another place.',
      };
    case 'EISDIR':
      return { code: 'invalid', message: `${what} is a folder, not a file.`, advice: 'Choose a file.' };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'io', message: `The disk is full: ${what} could not be written.`, advice: 'Free some space, then try again.' };
    case 'EROFS':
      return { code: 'io', message: `${what} is on a disk that cannot be written.`, advice: 'Choose another place.' };
    case 'EMFILE':
    case 'ENFILE':
      return { code: 'busy', message: 'Too many files are open.', advice: 'Close other programs, then try again.' };
    case 'EBUSY':
    case 'ETXTBSY':
      return { code: 'busy', message: `${what} is in use by another program.`, advice: 'Close it there, then try again.' };
    case undefined:
      return { code: 'internal', message: `${what}: ${firstLine(error)}` };
    default:
      return { code: 'io', message: `${what}: ${firstLine(error)}` };
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 300);
}

export function ok<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function refused(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}

/** How much of a capture that ended by itself is on disk, as a sentence. */
export function packetsSaved(packets: number): string {
  return packets === 1 ? '1 packet is saved.' : `${packets.toLocaleString('en-US')} packets are saved.`;
}
