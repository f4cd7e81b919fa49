/** Two studies as a table: what each found of a concept, and the difference with its paired interval. */
import { levels, type Level } from '../../protocol/concept';
import { overlap } from '../../protocol/intervals';
import { inRankedUnit, rankedUnit, shortUnit, unitsApart } from '../../protocol/ranked-unit';
import type {
  ConceptResult,
  Effect,
  PairedConcept,
  PairedStudies,
  StudyResult,
} from '../../protocol/results';
import { table } from './table';
import { count, decimal, percent, styled, wrapped, type Look } from './text';

export interface ComparedSide {
  title: string;
  result: StudyResult;
}

/**
 * One concept of `--json`, in the units of its sides. `difference` is null where these are not the same; `low` and `high` are of
 * the paired interval, null where there is none.
 */
interface Row {
  concept: string;
  level: Level;
  left: number | null;
  right: number | null;
  movesLeft: boolean | null;
  movesRight: boolean | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  /** Null where nothing is paired. */
  differs: boolean | null;
  /** Whether the intervals of two that are not paired overlap; null where they are, or one is missing. */
  overlap: boolean | null;
}

interface NamedSide {
  title: string;
  study: string;
  /** What its Δ counts in: that by which it ranks. */
  unit: 'SD' | 'score units';
}

export interface ComparisonRows {
  left: NamedSide;
  right: NamedSide;
  /** Samples that both have; 0 where they cannot be paired, and `reason` says why. */
  samples: number;
  reason: string | null;
  concepts: Row[];
}

export function comparisonRows(
  left: ComparedSide,
  right: ComparedSide,
  paired: PairedStudies,
): ComparisonRows {
  const byName = <T extends { concept: string }>(all: readonly T[]): Map<string, T> =>
    new Map(all.map((each) => [each.concept, each]));
  const [mine, others] = [left, right].map(({ result }) => byName(inRankedUnit(result).concepts));
  const isOneUnit = unitsApart(left.result, right.result) === null;
  const pairs = byName(paired.concepts);
  const named = ({ title, result }: ComparedSide): NamedSide => ({
    ...{ title, study: result.provenance.experiment, unit: shortUnit(result) },
  });
  return {
    ...{ left: named(left), right: named(right), samples: paired.samples, reason: paired.reason },
    concepts: [...new Map<string, ConceptResult>([...others, ...mine]).values()]
      .map(({ concept, level }) => ({
        ...{ concept, level },
        ...rowOf(mine.get(concept)?.effect, others.get(concept)?.effect, pairs.get(concept), isOneUnit),
      }))
      .sort(
        (a, b) =>
          levels.indexOf(a.level) - levels.indexOf(b.level) ||
          Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0) ||
          (a.concept < b.concept ? -1 : 1),
      ),
  };
}

function rowOf(
  a: Effect | null | undefined,
  b: Effect | null | undefined,
  pair: PairedConcept | undefined,
  isOneUnit: boolean,
): Omit<Row, 'concept' | 'level'> {
  return {
    ...{ left: a?.delta ?? null, right: b?.delta ?? null },
    ...{ movesLeft: a?.moves ?? null, movesRight: b?.moves ?? null },
    difference: pair ? pair.delta : a && b && isOneUnit ? b.delta - a.delta : null,
    low: pair?.deltaInterval?.low ?? null,
    high: pair?.deltaInterval?.high ?? null,
    differs: pair?.differs ?? null,
    overlap: !pair && isOneUnit ? overlap(a?.deltaInterval, b?.deltaInterval) : null,
  };
}

export function comparisonText(
  left: ComparedSide,
  right: ComparedSide,
  paired: PairedStudies,
  look: Look,
): string {
  const { concepts } = comparisonRows(left, right, paired);
  const apart = unitsApart(left.result, right.result);
  const unit = apart === null ? `Δ is in ${rankedUnit(left.result)}. ` : '';
  const how =
    paired.reason === null
      ? `Paired over the ${count(paired.samples)} samples that both drew: B − A with its ${percent(left.result.confidence).replace(' ', '')} ` +
        'interval. "Differs" is said where it holds for all concepts together (Holm).'
      : (apart ?? `Not paired, so a small difference may be chance. ${paired.reason}`);
  const rows = concepts.map((row) => [
    row.concept,
    ...[finding(row.left, row.movesLeft, look), finding(row.right, row.movesRight, look)],
    ...[decimal(row.difference), row.low === null ? '–' : `${decimal(row.low)} … ${decimal(row.high)}`],
    reading(row, look),
  ]);
  const toTheRight = { align: 'right' as const };
  const columns = [
    { title: 'concept', shrinkTo: 20 },
    ...[left, right].map(({ result }, side) => ({ title: `Δ ${'AB'[side]}, ${shortUnit(result)}` })),
    { title: 'B − A', ...toTheRight },
    ...[{ title: 'interval', ...toTheRight }, { title: 'reading' }],
  ];
  return [
    `${styled(look, 'bold', 'A')} ${left.title}\n${styled(look, 'bold', 'B')} ${right.title}\n` +
      styled(look, 'dim', wrapped(unit + how, look.width)),
    table(columns, rows, look),
  ].join('\n\n');
}

const finding = (delta: number | null, moves: boolean | null, look: Look): string =>
  moves === null
    ? '–'
    : `${decimal(delta)} ${moves ? styled(look, 'green', 'moves') : styled(look, 'dim', 'no')}`;

function reading({ movesLeft, movesRight, differs, difference, overlap }: Row, look: Look): string {
  const said = [
    ...(movesLeft !== null && movesRight !== null && movesLeft !== movesRight ? ['only one moves'] : []),
    ...(differs === true ? [(difference ?? 0) > 0 ? 'B is higher' : 'B is lower'] : []),
    ...(overlap === false ? ['intervals apart'] : []),
  ];
  return said.length > 0
    ? said.join(', ')
    : styled(look, 'dim', overlap ? 'intervals overlap' : differs === false ? 'no clear difference' : '–');
}
