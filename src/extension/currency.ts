/** Whether results are of what a file means now, in one place for all that say so. */
import { textHash } from '../engine/revisions';
import type { StudyResult } from '../protocol/results';

export class Currency {
  /** What was found of a result the last time that its file could be understood. */
  private readonly last = new WeakMap<StudyResult, boolean>();

  /**
   * Whether a result is of an earlier version of its file. A text with errors means nothing that could be compared: what was
   * known before it had them still holds, since somebody types; where nothing was, the text itself is compared.
   * @param meaning hash of the study that the text means; null while it has errors
   */
  isOutdated(result: StudyResult, meaning: string | null, text: string): boolean {
    const { provenance } = result;
    if (meaning === null) return this.last.get(result) ?? provenance.text !== textHash(text);
    const outdated = provenance.experiment !== meaning;
    this.last.set(result, outdated);
    return outdated;
  }
}
