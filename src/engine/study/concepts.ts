/** How a concept's score is read off a row of the scoring graph's output. */
import type { ConceptName, Level } from '../../protocol/concept';
import { splitConcept } from '../../protocol/concept';
import type { HeadManifest } from '../manifest';
import { badInput } from '../failure';

/** What has to be known of a column: its concept, and the head it comes from where thresholds matter. */
export interface NamedColumn {
  concept: ConceptName;
  head: HeadManifest | null;
}

/** Reads one concept from score rows [C]; `row` is the offset of the row's first column. */
export interface ConceptReader {
  concept: ConceptName;
  level: Level;
  /** The score; NaN where it is missing. */
  score(rows: Float32Array, row: number): number;
  /** Whether the head's threshold calls it positive; absent for continuous scores. */
  positive?(rows: Float32Array, row: number): boolean;
  /** Whether the sample may become a positive or negative of the boundary; absent: every scored one. */
  eligible?(rows: Float32Array, row: number): boolean;
}

/** Readers of `concepts`, in their order, over the columns of a scoring graph. */
export function conceptReaders(
  concepts: readonly ConceptName[],
  columns: readonly NamedColumn[],
): ConceptReader[] {
  const columnOf = new Map(columns.map((column, index) => [column.concept, index]));
  const need = (concept: ConceptName): number => {
    const index = columnOf.get(concept);
    if (index === undefined) throw badInput(`No predictor of this experiment scores '${concept}'.`);
    return index;
  };
  return concepts.map((concept) => {
    const { level, label } = splitConcept(concept);
    const pair = level === 'category' ? label.split('~') : [label];
    return pair.length === 2
      ? pairReader(concept, level, need(`category/${pair[0]}`), need(`category/${pair[1]}`))
      : columnReader(concept, level, need(concept), columns);
  });
}

/** A pair of categories a~b: p(a) − p(b), among samples that are clearly one of the two. */
function pairReader(concept: ConceptName, level: Level, a: number, b: number): ConceptReader {
  return {
    concept,
    level,
    score: (rows, row) => rows[row + a] - rows[row + b],
    positive: (rows, row) => rows[row + a] > rows[row + b],
    eligible: (rows, row) => Math.max(rows[row + a], rows[row + b]) >= 0.5,
  };
}

function columnReader(
  concept: ConceptName,
  level: Level,
  column: number,
  columns: readonly NamedColumn[],
): ConceptReader {
  const head = columns[column].head;
  const reader: ConceptReader = { concept, level, score: (rows, row) => rows[row + column] };
  const threshold = head?.threshold ?? 'none';
  if (typeof threshold === 'number') {
    reader.positive = (rows, row) => rows[row + column] > threshold;
  } else if (threshold === 'argmax') {
    const siblings = columns.flatMap((other, index) =>
      other.head === head && index !== column ? [index] : [],
    );
    reader.positive = (rows, row) => siblings.every((other) => rows[row + column] > rows[row + other]);
  }
  return reader;
}
