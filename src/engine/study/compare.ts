/**
 * Two stored studies sample by sample. Sample k of a seed is the same image in both, so that what the images have in
 * common cancels before anything is resampled; directions, steps and predictors may differ. Reads scores, runs no model.
 */
import { ranksRaw, unitsApart } from '../../protocol/ranked-unit';
import type { PairedConcept, PairedStudies, StudyResult } from '../../protocol/results';
import { keyHash } from '../canonical';
import { failed } from '../failure';
import { compareMeasured, differing, type CompareOptions } from '../statistics';
import { openStoreForReading, type StoreReader } from '../store/read';
import { MoveReader } from './move-reader';
import { readMoves, type Drawn, type MovesDocument } from './moves-document';

/** A result by its store's folder and the study's hash. */
export interface StudyInStore {
  store: string;
  study: string;
}

/**
 * B − A for every concept that both moved on all layers, in the unit that both rank by, with paired intervals at A's
 * confidence.
 * @throws Failure where a study is not in its store, or its scores are gone
 */
export async function compareStudies(left: StudyInStore, right: StudyInStore): Promise<PairedStudies> {
  const [a, b] = await Promise.all([readSide(left), readSide(right)]);
  const reason = whyUnpaired(a, b);
  if (reason !== null || !a.moves || !b.moves) return { samples: 0, reason, concepts: [] };
  const samples = Math.min(a.moves.samples, b.moves.samples);
  const shared = sharedMoves(a, b);
  const concepts = shared.map(({ concept }) => concept);
  const [first, second] = [
    new MoveReader(b.store, b.moves, concepts, samples),
    new MoveReader(a.store, a.moves, concepts, samples),
  ];
  const { seed, confidence } = a.result;
  const originals = await Promise.all([first.originals(), second.originals()]);
  const compared = [];
  for (const [column, { series, spread }] of shared.entries()) {
    const columnIn = (all: Float32Array[]) => all.map((rows) => columnOf(rows, column, concepts.length));
    const [inB, inA] = columnIn(
      await Promise.all([first.differences(series[1]), second.differences(series[0])]),
    );
    const units = ranksRaw(a.result) ? scoreUnits : unitsOf([spread[1], spread[0]], columnIn(originals));
    if (units === null) return { samples: 0, reason: withoutStdError, concepts: [] };
    compared.push(compareMeasured(inB, inA, { ...units, confidence, seed }));
  }
  const differs = differing(compared, confidence);
  return {
    samples,
    reason: null,
    concepts: compared.map(({ p: _, ...rest }, i): PairedConcept => ({
      concept: concepts[i],
      ...rest,
      differs: differs[i],
    })),
  };
}

interface Side {
  store: StoreReader;
  result: StudyResult;
  moves: MovesDocument | null;
}

async function readSide({ store: folder, study }: StudyInStore): Promise<Side> {
  const store = await openStoreForReading(folder);
  const stored = await store.readResult(study);
  if (!stored) throw failed(`The store ${folder} has no study ${study.slice(0, 8)} any more: run it again.`);
  // One that was stopped while it re-scored names moves whose scores are not all there.
  const rescored = stored.result.stages.includes('rescore');
  return { store, result: stored.result, moves: rescored ? await readMoves(store, study) : null };
}

/** Why two studies cannot be compared sample by sample, in a sentence; null where they can. */
function whyUnpaired(a: Side, b: Side): string | null {
  const apart = unitsApart(a.result, b.result);
  if (apart !== null) return apart;
  if (!a.moves || !b.moves)
    return 'One of the two has not been re-scored to its end: run it to the stage rescore.';
  if (a.moves.originals === b.moves.originals) return null;
  if (!a.moves.drawn || !b.moves.drawn) {
    return 'One of the two was computed by a version that did not record what its samples depend on.';
  }
  const what = differenceIn(a.moves.drawn, b.moves.drawn);
  return what === null ? null : `The two drew different samples: ${what}.`;
}

function differenceIn(a: Drawn, b: Drawn): string | null {
  const psi = ({ truncation }: Drawn): string =>
    truncation ? `ψ ${truncation.psi} on the first ${truncation.cutoff} layers` : 'no truncation';
  if (keyHash(a.models) !== keyHash(b.models)) return 'their generators are not the same files';
  const isToldApart = (key: 'normalize' | 'mappingOutput' | 'styleWidths'): boolean =>
    a[key] !== undefined && b[key] !== undefined && keyHash(a[key]) !== keyHash(b[key]);
  if (isToldApart('normalize') || isToldApart('mappingOutput') || isToldApart('styleWidths'))
    return "their generator's manifests make codes differently (z.normalize, mapping.output, styles of layers)";
  if (a.seed !== b.seed) return `the seeds are ${a.seed} and ${b.seed}`;
  if (psi(a) !== psi(b)) return `the one has ${psi(a)}, the other ${psi(b)}`;
  if (a.class !== b.class) return `the classes are ${a.class ?? 'none'} and ${b.class ?? 'none'}`;
  return a.method === b.method ? null : 'versions of HiGAN Studio that score differently made them';
}

/** A score's standard deviation over a probe of so many codes; its standard error where that was recorded. */
interface Spread {
  std: number;
  stdError: number | undefined;
  probed: number;
}

/** A unit of the score is one, also where the score never varied over the probe. */
const scoreUnits = { std: [1, 1] } as const;

/** Two heads whose scores of all unmoved samples are so near, in standard deviations, are one: devices differ by less. */
const oneScore = 0.01;

const withoutStdError =
  'Their predictors differ, and one of the two was computed by a version that did not record how well it knows the ' +
  'standard deviations of its scores: run it again.';

/**
 * What either side is measured in. Where both score the unmoved samples alike it is one score, and has one standard
 * deviation, the larger probe's: that two probes estimate it differently is no difference of the moves. Where they do not,
 * each has its own, with its error; null where that was not recorded.
 */
function unitsOf(
  [first, second]: readonly [Spread, Spread],
  [inFirst, inSecond]: readonly Float32Array[],
): Pick<CompareOptions, 'std' | 'stdError'> | null {
  const near = oneScore * Math.min(first.std, second.std);
  // A score that only one side has says nothing of the other.
  if (inFirst.every((score, i) => !(Math.abs(score - inSecond[i]) > near))) {
    const { std } = first.probed > second.probed ? first : second;
    return { std: [std, std] };
  }
  if (first.stdError === undefined || second.stdError === undefined) return null;
  return { std: [first.std, second.std], stdError: [first.stdError, second.stdError] };
}

interface SharedMove {
  concept: string;
  /** Series of the moved scores, and how the unmoved spread over the probe, of A and of B. */
  series: [string, string];
  spread: [Spread, Spread];
}

function sharedMoves(a: Side, b: Side): SharedMove[] {
  const [inA, inB] = [ownMoves(a), ownMoves(b)];
  return [...inA].flatMap(([concept, left]) => {
    const right = inB.get(concept);
    if (!right) return [];
    return [{ concept, series: [left.series, right.series], spread: [left.spread, right.spread] }];
  });
}

/** Each concept's move on all layers. */
function ownMoves({ moves, result }: Side): Map<string, { series: string; spread: Spread }> {
  const { probed, concepts } = result;
  const spreads = new Map(
    concepts.map(({ concept, probeStd: std, probeStdError: stdError }) => [
      concept,
      { std, stdError, probed },
    ]),
  );
  return new Map(
    (moves?.moves ?? []).flatMap(({ layers, concept, series }) => {
      const spread = concept === null ? undefined : spreads.get(concept);
      return layers === 'all' && concept !== null && spread !== undefined
        ? [[concept, { series, spread }] as const]
        : [];
    }),
  );
}

/** Column c of [n, width]. */
const columnOf = (rows: Float32Array, c: number, width: number): Float32Array =>
  Float32Array.from({ length: rows.length / width }, (_, i) => rows[i * width + c]);
