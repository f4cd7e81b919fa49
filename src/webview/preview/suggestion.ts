/** Which concept a first preview is offered for. */
import type { ConceptResult, StudyResult } from '../../protocol/results';

/**
 * The attribute that moves most, since rooms change under one's eyes along attributes; without any, what moves most at all;
 * without that, the largest Δ. Null while no concept has a direction.
 */
export function suggestedConcept({ concepts }: Pick<StudyResult, 'concepts'>): string | null {
  const delta = ({ effect }: ConceptResult): number => effect?.delta ?? 0;
  const directed = concepts.filter(({ boundary }) => boundary !== null).sort((a, b) => delta(b) - delta(a));
  const moving = directed.filter(({ effect }) => effect?.moves);
  const best = moving.find(({ level }) => level === 'attribute') ?? moving[0] ?? directed[0];
  return best?.concept ?? null;
}
