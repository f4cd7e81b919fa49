/** What the operating system said about a file, as a sentence with a remedy. */
import { badInput, failed, Failure } from '../failure';

/** The system's error code (`ENOENT`), or null for an error that is not the system's. */
export function systemCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

/** Why a file that was named could not be read. Errors that are not the system's are passed on as they are. */
export function cannotRead(file: string, error: unknown): Failure {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return badInput(`${file} does not exist. Check its path.`, error);
    case 'EISDIR':
      return badInput(`${file} is a folder; a file is expected.`, error);
    case 'EACCES':
    case 'EPERM':
      return badInput(`${file} may not be read by this user. Change its permissions.`, error);
    case null:
      throw error;
    default:
      return failed(`${file} could not be read (${systemCode(error)}). Check the disk it lies on.`, error);
  }
}

/** Why something could not be written (Failures are passed on); `place` names it in the sentence (`chunk 3 of /x/.higan`). */
export function cannotWrite(place: string, error: unknown): Failure {
  if (error instanceof Failure) throw error;
  const code = systemCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failed(
        `The disk is full: ${place} could not be written. Free some space and run again; what was finished is kept.`,
        error,
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return failed(
        `${place} could not be written: the folder is read-only for this user. Change its permissions, or choose another folder.`,
        error,
      );
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return badInput(
        `${place} could not be written: a file lies where a folder is needed, or the other way round. Move it away.`,
        error,
      );
    case 'ENOENT':
      return failed(
        `${place} could not be written: its folder does not exist. Make it, or choose another, and run again.`,
        error,
      );
    case 'EMFILE':
    case 'ENFILE':
      return failed(
        `${place} could not be written: too many files are open. Close programs and run again.`,
        error,
      );
    case null:
      throw error;
    default:
      return failed(
        `${place} could not be written (${code}). Check the disk and run again; what was finished is kept.`,
        error,
      );
  }
}
