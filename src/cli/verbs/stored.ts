/** What the store holds of an experiment, for the verbs that print it. */
import { failed } from '../../engine/failure';
import { readText } from '../../engine/experiment';
import { readStudy, type StoredStudy } from '../../engine/study';
import type { ModelPathOptions, StoreOption } from '../options';
import { tell } from '../output';

/**
 * The latest result of an experiment; tells where it is older than the file, or where that cannot be judged.
 * @throws Failure where nothing was run
 */
export async function storedStudy(
  file: string,
  options: StoreOption & ModelPathOptions,
): Promise<StoredStudy> {
  // A file that is not there is another mistake than a study that was never run.
  await readText(file);
  const stored = await readStudy({ file, store: options.store, modelPaths: options.modelPath });
  if (!stored)
    throw failed(`${file} has not been run yet, or into another store: run \`higan run ${file}\`.`);
  if (stored.unjudged !== null) {
    tell(
      `Whether ${file} still means what was computed cannot be judged here` +
        `${stored.sameText ? ' (its text is the same)' : ''}, because:\n${stored.unjudged}`,
    );
  } else if (!stored.sameMeaning) {
    tell(`${file} has changed since this was computed; \`higan run ${file}\` brings it up to date.`);
  }
  return stored;
}
