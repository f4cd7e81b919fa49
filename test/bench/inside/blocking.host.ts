/** Runs in an extension host: how long it stands still for us, as the host suite looks at it. */
import { largeStudy, longExperiment, whileStudyStreams, whileTyping } from '../../host/blocking';
import { writeResult } from './result';

/** The longest block of each second of a study, and after each edit of a long file; milliseconds. */
export interface Blocking {
  typing: number[];
  streaming: number[];
}

/** Called by VS Code. */
export async function run(): Promise<void> {
  const typing = await whileTyping(await longExperiment());
  const streaming = await whileStudyStreams(await largeStudy());
  writeResult({ typing, streaming } satisfies Blocking);
}
