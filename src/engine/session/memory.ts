/** Running out of memory, as an answer: said in one way, so that whoever can do with less knows it from other failures. */
import { Failure, failed } from '../failure';

const words = 'ran out of memory';

/**
 * @param who what needed it
 * @param detail what the library said
 */
export const outOfMemory = (who: string, detail: string, cause: unknown): Failure =>
  failed(`${who} ${words}${detail}. Close other programs, or choose another device.`, cause);

/** Whether an error says that memory did not suffice; it crosses threads as a Failure's message. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Failure && error.message.includes(words);
