/** The layer heatmap as text: level × layers on top, then concept × layers. */
import { levels } from '../../protocol/concept';
import { inRankedUnit, rankedUnit } from '../../protocol/ranked-unit';
import type { ConceptResult, Effect, StudyResult } from '../../protocol/results';
import { rankedConcepts } from './ranking';
import { table, type Column } from './table';
import { decimal, styled, widthOf, wrapped, type Look } from './text';

const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** A cell that claims no effect is marked, however large its number looks beside its neighbours. */
const still = '╱';
const few = '∷';

export function heatmapText(study: StudyResult, look: Look): string {
  const result = inRankedUnit(study);
  const analysed = levels.flatMap((level) =>
    rankedConcepts(result, level, 'rescore').filter(({ layers }) => layers !== null),
  );
  if (result.layerSets.length === 0)
    return 'The experiment asks for no layer analysis (rescore.layers: none).';
  if (analysed.length === 0) return 'No layers have been analysed yet: run the study to the stage layers.';
  const columns = result.layerSets.map(({ name, layers }) => ({ name, range: rangeText(layers) }));
  const explained = wrapped(
    `Bars: Δ of the move on these layers alone (in ${rankedUnit(result)}), as a share of the concept’s largest. ` +
      `${still}: does not move there, ${few}: too few movers to judge, so its number means nothing. Levels: mean share over the n concepts that some ` +
      `layers move.${unmovedText(result)}`,
    look.width,
  );
  const named = columns.map(({ name, range }) => (name === range ? name : `${name} ${range}`)).join(', ');
  const head = styled(look, 'bold', 'Layers') + wrapped(` of ${result.generator}: ${named}`, look.width - 6);
  return [
    `${head}\n${styled(look, 'dim', explained)}`,
    levelTable(result, columns, look),
    conceptTable(analysed, columns, look),
  ].join('\n\n');
}

/** Why a level has no shares; empty where every level has some. */
function unmovedText({ levels: summary }: StudyResult): string {
  const still = summary.filter(({ concepts }) => concepts === 0).map(({ level }) => level);
  if (still.length === 0) return '';
  const which = still.length === summary.length ? 'No concept' : `No ${listed(still)} concept`;
  return ` ${which} moves on any of these layers certainly beyond what random directions do, so there is no share to average.`;
}

const listed = (words: readonly string[]): string =>
  words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;

interface LayerColumn {
  name: string;
  range: string;
}

function levelTable(result: StudyResult, columns: readonly LayerColumn[], look: Look): string {
  const cells = (detail: 'interval' | 'number' | 'block'): string[][] =>
    result.levels.map(({ level, concepts, share }) => [
      level,
      String(concepts),
      ...share.map(({ value, interval }) => {
        // Without a concept that moves there is nothing to have a mean of.
        if (concepts === 0) return '–';
        const bounds =
          detail === 'interval' && interval ? ` (${decimal(interval.low)}–${decimal(interval.high)})` : '';
        return `${block(value)}${detail === 'block' ? '' : ` ${decimal(value)}`}${styled(look, 'dim', bounds)}`;
      }),
    ]);
  const rows = [cells('interval'), cells('number')].find((wide) => !tooWide(wide, columns, look));
  const heads = rows ? columns : shortened(columns);
  return table(
    [{ title: 'level' }, { title: 'n', align: 'right' }, ...titlesOf(heads)],
    rows ?? cells('block'),
    look,
  );
}

function conceptTable(
  concepts: readonly ConceptResult[],
  columns: readonly LayerColumn[],
  look: Look,
): string {
  const cells = (numbers: boolean): string[][] =>
    concepts.map((concept) => {
      const layers = concept.layers ?? [];
      const most = Math.max(...layers.filter(({ moves }) => moves).map(({ delta }) => delta), 0);
      return [concept.concept, ...layers.map((effect) => cell(effect, most, numbers, look))];
    });
  const full = cells(true);
  const narrow = tooWide(full, columns, look);
  return table(
    [{ title: 'concept', shrinkTo: 14 }, ...titlesOf(narrow ? shortened(columns) : columns)],
    narrow ? cells(false) : full,
    look,
  );
}

/** Titles for columns of one character: what tells the names apart. */
const shortened = (columns: readonly LayerColumn[]): LayerColumn[] =>
  columns.map(({ name, range }) => ({ name: range.length <= 2 ? range : name.slice(0, 2), range }));

function cell(effect: Effect, most: number, numbers: boolean, look: Look): string {
  const number = numbers ? ` ${decimal(effect.delta)}` : '';
  if (!effect.moves) return styled(look, 'dim', `${effect.tooFewMovers ? few : still}${number}`);
  return styled(look, 'cyan', block(effect.delta / most)) + number;
}

const block = (share: number): string =>
  blocks[Math.max(0, Math.min(blocks.length - 1, Math.round(share * (blocks.length - 1))))];

const titlesOf = (columns: readonly LayerColumn[]): Column[] => columns.map(({ name }) => ({ title: name }));

/** Whether rows are wider than the screen with their first column cut short. */
function tooWide(rows: readonly (readonly string[])[], columns: readonly LayerColumn[], look: Look): boolean {
  const first = 14;
  const least = (c: number): number => widthOf(columns[c - (rows[0].length - columns.length)]?.name ?? '');
  return rows.some(
    (row) =>
      row.slice(1).reduce((sum, text, i) => sum + Math.max(least(i + 1), widthOf(text)) + 2, first) >
      look.width,
  );
}

/** Layers as people write them: 0-1, 2-5,7 */
export function rangeText(layers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < layers.length; i++) {
    const first = layers[i];
    while (layers[i + 1] === layers[i] + 1) i++;
    parts.push(layers[i] === first ? `${first}` : `${first}-${layers[i]}`);
  }
  return parts.join(',');
}
