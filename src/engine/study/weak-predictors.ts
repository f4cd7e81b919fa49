/** Which of a study's concepts rest on predictors that are too weak to trust. */
import type { ConceptName } from '../../protocol/concept';
import { pairParts } from '../experiment';
import type { ConceptInfo } from '../manifest';
import { weakPredictor } from '../statistics';

/**
 * The sentence about each concept with a weak predictor, by concept. A pair of categories compares the scores of both, so
 * it is as weak as either: its sentence names the category, and both where both are weak.
 * @param infos where the score of every single concept comes from, those of pairs' parts included
 */
export function weakPredictors(
  concepts: readonly ConceptName[],
  infos: readonly Pick<ConceptInfo, 'concept' | 'head' | 'index'>[],
): Map<ConceptName, string> {
  const infoOf = new Map(infos.map((info) => [info.concept, info]));
  const weakness = (concept: ConceptName, of?: string): string[] => {
    const info = infoOf.get(concept);
    const sentence = info ? weakPredictor(info.head?.error, info.index, of) : null;
    return sentence === null ? [] : [sentence];
  };
  return new Map(
    concepts.flatMap((concept) => {
      const pair = pairParts(concept);
      const sentences = pair
        ? pair.flatMap((label) => weakness(`category/${label}`, label))
        : weakness(concept);
      return sentences.length > 0 ? [[concept, sentences.join(' ')]] : [];
    }),
  );
}
