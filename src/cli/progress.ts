/** Long work with its progress on stderr, in the same form for every verb. */
import process from 'node:process';
import { tellLook } from './output';
import { ProgressLine, type AnyProgress } from './print/progress';

/** What a study and other long work tell of themselves. */
interface Events {
  progress: (progress: AnyProgress) => void;
  log: (line: string) => void;
}

/** Does something and shows how far it is. Where it ends, or fails, a line stays that says how far it came. */
export async function withProgress<T>(work: (events: Events) => Promise<T>): Promise<T> {
  const line = new ProgressLine(process.stderr, tellLook());
  try {
    return await work({ progress: (progress) => line.show(progress), log: (text) => line.say(text) });
  } finally {
    line.endPart();
  }
}
