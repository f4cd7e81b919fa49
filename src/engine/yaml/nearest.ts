/** The name that somebody probably meant. */
import { distance } from 'fastest-levenshtein';

/**
 * The nearest of `names` to what was written, ignoring case and `_` against space; undefined where none is near
 * enough to be meant (more than a third of its letters differ).
 */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', ' ').trim();
  let best: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const edits = distance(plain(written), plain(name));
    if (
      edits < least &&
      edits < name.length &&
      edits <= Math.max(1, Math.ceil(Math.min(written.length, name.length) / 3))
    ) {
      least = edits;
      best = name;
    }
  }
  return best;
}

/** `did you mean 'x'? ` or nothing. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
