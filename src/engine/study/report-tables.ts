/** The tables of a report, in Markdown: ranking by level, layer heatmap, level × layer summary. */
import { levels, type Level } from '../../protocol/concept';
import { formatLayerRanges } from '../../protocol/layers';
import { inRankedUnit, ranksRaw } from '../../protocol/ranked-unit';
import type { ConceptResult, Effect, LayerSet, StudyResult } from '../../protocol/results';

/** A Markdown table. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** 12345 → 12,345 */
export const count = (n: number): string => n.toLocaleString('en-US');

/** Two decimals, small numbers with as many as they need, a real minus sign. */
export function decimal(x: number | null): string {
  if (x === null || !Number.isFinite(x)) return '–';
  const size = Math.abs(x);
  const text =
    size >= 1000 ? count(Math.round(size)) : size >= 0.1 || size === 0 ? size.toFixed(2) : small(size);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const small = (size: number): string => (size < 1e-4 ? size.toExponential(1) : size.toFixed(4));

export const percent = (x: number | null): string => (x === null ? '–' : `${(100 * x).toFixed(1)} %`);

const intervalOf = (effect: Effect | null): string => {
  if (effect?.tooFewMovers) return `too few movers (${effect.movers})`;
  const bounds = effect?.deltaInterval;
  return bounds ? `${decimal(bounds.low)} to ${decimal(bounds.high)}` : '–';
};

/** Concepts of a level in the order of their ranks; those without one last. */
const ranked = (result: StudyResult, level: Level): ConceptResult[] =>
  result.concepts
    .filter((concept) => concept.level === level)
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));

const labelOf = ({ concept, level, weakPredictor }: ConceptResult): string =>
  concept.slice(level.length + 1) + (weakPredictor === null ? '' : ' (weak predictor)');

/** One table a level: rank, Δ with interval and null, *moves*, accuracy, share of positives. */
export function rankingTables(stored: StudyResult): string {
  const result = inRankedUnit(stored);
  const inScores = ranksRaw(stored);
  /** Δ in the unit that the ranking is not in. */
  const otherDelta = (concept: string): number | null => {
    const effect = stored.concepts.find((one) => one.concept === concept)?.effect;
    return (inScores ? effect?.delta : effect?.deltaRaw) ?? null;
  };
  const parts = levels.flatMap((level) => {
    const concepts = ranked(result, level);
    if (concepts.length === 0) return [];
    const rows = concepts.map((concept) => {
      const { rank, effect, boundary } = concept;
      return [
        rank === null ? '–' : String(rank),
        labelOf(concept),
        decimal(effect?.delta ?? null),
        intervalOf(effect),
        decimal(effect?.null ?? null),
        effect === null ? '–' : effect.moves ? 'moves' : 'no',
        decimal(otherDelta(concept.concept)),
        boundary?.method === 'imported' ? 'imported' : percent(boundary?.accuracy ?? null),
        percent(concept.positiveShare),
        concept.missing > 0 ? percent(concept.missing) : '–',
      ];
    });
    const other = inScores ? 'Δ in σ' : 'Δ raw';
    const heads = ['#', level, 'Δ', 'interval', 'null', 'moves', other, 'accuracy', 'positives', 'missing'];
    return [`### ${title(level)}\n\n${markdownTable(heads, rows)}`];
  });
  const without = result.concepts.filter(({ noBoundary }) => noBoundary !== null);
  if (without.length > 0) {
    parts.push(
      `Without a direction:\n\n${without.map(({ concept, noBoundary }) => `- ${concept}: ${noBoundary}`).join('\n')}`,
    );
  }
  return parts.join('\n\n');
}

/** Concepts × layer sets, and levels × layer sets on top; null where no layers were analysed. */
export function layerTables(stored: StudyResult): string | null {
  const result = inRankedUnit(stored);
  const analysed = levels.flatMap((level) => ranked(result, level)).filter(({ layers }) => layers !== null);
  if (analysed.length === 0) return null;
  const heads = result.layerSets.map(headOf);
  const summary = result.levels.map(({ level, concepts, unmoved, share }) => [
    level,
    `${concepts}${unmoved ? ` (${unmoved} unmoved)` : ''}`,
    ...share.map(({ value, interval }) =>
      concepts === 0
        ? '–'
        : decimal(value) + (interval ? ` (${decimal(interval.low)} to ${decimal(interval.high)})` : ''),
    ),
  ]);
  const cells = analysed.map((concept) => [
    concept.concept,
    ...(concept.layers ?? []).map((effect) => `${decimal(effect.delta)}${markOf(effect)}`),
  ]);
  return [
    'Mean share of each level’s concepts, with its interval:',
    markdownTable(['level', 'concepts', ...heads], summary),
    'Δ of each analysed concept (†: does not move there, ‡: too few movers to judge, so the number means nothing):',
    markdownTable(['concept', ...heads], cells),
  ].join('\n\n');
}

const markOf = ({ moves, tooFewMovers }: Effect): string => (moves ? '' : tooFewMovers ? ' ‡' : ' †');

function headOf({ name, layers }: LayerSet): string {
  const ranges = formatLayerRanges(layers);
  return name === ranges ? `layers ${name}` : `${name} (${ranges})`;
}

const title = (level: Level): string => level[0].toUpperCase() + level.slice(1);
