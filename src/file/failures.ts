/** Why a capture file cannot be read or written, in words for the user. */
import type { Failure } from '../messages.ts';

/** Code of a system error: 'ENOENT'; '' if it has none. */
function systemCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** What a system call that failed on `path` means. `doing`: 'opened', 'read', 'written'. */
export function fileFailure(path: string, error: unknown, doing: 'opened' | 'read' | 'written'): Failure {
  switch (systemCode(error)) {
    case 'ENOENT':
      return doing === 'written'
        ? { code: 'not-found', message: `The folder of ${path} does not exist.`, advice: 'Choose a folder that exists.' }
        : { code: 'not-found', message: `There is no file ${path}.`, advice: 'Check the path: the file may have been moved or deleted.' };
    case 'ENAMETOOLONG':
      return { code: 'invalid', message: `The name of ${path} is too long.`, advice: 'Choose another name.' };
    case 'ENOTDIR':
      return { code: 'not-found', message: `A part of the path ${path} is a file, not a folder.`, advice: 'Check the path.' };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'permission',
        message: `You have no permission for ${path} to be ${doing}.`,
        advice: doing === 'written' ? 'Choose another folder.' : 'Ask the owner of the file, or change its permissions.',
      };
    case 'EISDIR':
      return { code: 'invalid', message: `${path} is a folder, not a capture file.`, advice: 'Choose a file.' };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'io', message: `The disk is full: ${path} could not be ${doing}.`, advice: 'Free some space and try again.' };
    case 'EROFS':
      return { code: 'io', message: `${path} is on a disk that cannot be written.`, advice: 'Choose another folder.' };
    case 'EMFILE':
    case 'ENFILE':
      return { code: 'busy', message: 'Too many files are open.', advice: 'Close other programs and try again.' };
    case 'EBUSY':
    case 'ETXTBSY':
      return { code: 'busy', message: `${path} is in use by another program.`, advice: 'Close it there and try again.' };
    default:
      return { code: 'io', message: `${path} could not be ${doing}: ${firstLine(error)}.` };
  }
}

/** First line of an error's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 300);
}
