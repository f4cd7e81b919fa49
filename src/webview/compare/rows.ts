/** Two results side by side, concept by concept. */
import { levels, type Level } from '../../protocol/concept';
import { overlap } from '../../protocol/intervals';
import { inRankedUnit, unitsApart } from '../../protocol/ranked-unit';
import type {
  ConceptResult,
  Interval,
  PairedConcept,
  PairedStudies,
  StudyResult,
} from '../../protocol/results';
import { conceptFinding, labelOf } from '../ui/wording';

/**
 * What is said of a difference. Paired: `higher` or `lower` (B than A) where Holm's adjustment over all concepts leaves no
 * doubt, else `alike`, or `few` where fewer than 20 samples rise by another amount. Unpaired: `apart` where the two intervals
 * do not overlap, which is a cautious reading and no test, else `overlapping`. `unknown`: one side has no interval, or the two
 * count in different units.
 */
export type Verdict = 'higher' | 'lower' | 'alike' | 'few' | 'apart' | 'overlapping' | 'unknown';

/** Verdicts that say that something differs. */
const apart: readonly Verdict[] = ['higher', 'lower', 'apart'];
export const differs = ({ changed, verdict }: CompareRow): boolean => changed || apart.includes(verdict);

export interface CompareRow {
  key: string;
  label: string;
  level: Level;
  /** Each in the unit that its study ranks by. */
  left: ConceptResult | null;
  right: ConceptResult | null;
  /**
   * Δ right − Δ left, over the samples of both where they are paired; null where one side has none, or the two count in
   * different units.
   */
  difference: number | null;
  /** Sample by sample, where both drew the same; null where they did not, or only one moved the concept. */
  paired: PairedConcept | null;
  verdict: Verdict;
  /** One side moves and the other does not. */
  changed: boolean;
}

export const findingOf = (result: ConceptResult | null): string =>
  result ? conceptFinding(result).short : 'absent';

export function compareRows(
  first: StudyResult,
  second: StudyResult,
  paired: PairedStudies | null = null,
): CompareRow[] {
  const [left, right] = [inRankedUnit(first), inRankedUnit(second)];
  const isOneUnit = unitsApart(first, second) === null;
  const others = new Map(right.concepts.map((each) => [each.concept, each]));
  const names = new Map([...left.concepts, ...right.concepts].map((each) => [each.concept, each.level]));
  const mine = new Map(left.concepts.map((each) => [each.concept, each]));
  const pairs = new Map(paired?.concepts.map((each) => [each.concept, each]));
  return [...names]
    .map(([concept, level]) =>
      compareConcept(
        { key: concept, label: labelOf(concept), level },
        mine.get(concept) ?? null,
        others.get(concept) ?? null,
        pairs.get(concept) ?? null,
        isOneUnit,
      ),
    )
    .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || (a.key < b.key ? -1 : 1));
}

function compareConcept(
  name: Pick<CompareRow, 'key' | 'label' | 'level'>,
  left: ConceptResult | null,
  right: ConceptResult | null,
  paired: PairedConcept | null,
  isOneUnit: boolean,
): CompareRow {
  const a = left?.effect ?? null;
  const b = right?.effect ?? null;
  return {
    ...{ ...name, left, right, paired },
    difference: paired ? paired.delta : a && b && isOneUnit ? b.delta - a.delta : null,
    verdict: paired
      ? pairedVerdict(paired)
      : isOneUnit
        ? unpairedVerdict(a?.deltaInterval, b?.deltaInterval)
        : 'unknown',
    changed: a !== null && b !== null && a.moves !== b.moves,
  };
}

function pairedVerdict({ delta, deltaInterval, differs: clearly }: PairedConcept): Verdict {
  if (!deltaInterval) return 'few';
  return clearly ? (delta > 0 ? 'higher' : 'lower') : 'alike';
}

function unpairedVerdict(a: Interval | null | undefined, b: Interval | null | undefined): Verdict {
  const together = overlap(a, b);
  return together === null ? 'unknown' : together ? 'overlapping' : 'apart';
}

/** How the two are compared, and what that does not say. `paired` is null while it is read. */
export function comparisonNote(left: StudyResult, right: StudyResult, paired: PairedStudies | null): string {
  if (left.provenance.experiment === right.provenance.experiment)
    return 'Both are one study: what they mean is the same, so nothing differs.';
  const apart = unitsApart(left, right);
  if (apart !== null) return `${apart} Whether a concept moves is told in either unit.`;
  if (!paired) return 'Looking whether both drew the same samples…';
  if (paired.reason !== null)
    return (
      `The intervals are unpaired: each is of its own result, and a small difference may be chance, even where a finding ` +
      `changes. ${paired.reason}`
    );
  const percent = Math.round(100 * left.confidence);
  return (
    `Paired over the ${paired.samples.toLocaleString('en')} samples that both drew: B − A has a ${percent} % interval of its ` +
    `own, and a difference is said where it holds for all concepts together (Holm).`
  );
}
