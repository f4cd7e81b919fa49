/**
 * Two stored studies sample by sample. Sample k of a seed is the same image in both, so that what the images have in
 * common cancels before anything is resampled; directions, steps and predictors may differ. Reads scores, runs no model.
 */
import { ranksRaw, unitsApart } from '../../protocol/ranked-unit';
import type { PairedConcept, PairedStudies, StudyResult } from '../../protocol/results';
import { keyHash } from '../canonical';
import { failed } from '../failure';
import { compareMeasured, differing } from '../statistics';
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
  const compared = [];
  for (const [column, { series, std }] of shared.entries()) {
    const differences = await Promise.all([first.differences(series[1]), second.differences(series[0])]);
    const [inB, inA] = differences.map((all) => columnOf(all, column, concepts.length));
    // A unit of the score is one, also where the score never varied over the probe.
    const units: [number, number] = ranksRaw(a.result) ? [1, 1] : [std[1], std[0]];
    compared.push(compareMeasured(inB, inA, { std: units, confidence, seed }));
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

interface SharedMove {
  concept: string;
  /** Series of the moved scores, and standard deviation over the probe, of A and of B. */
  series: [string, string];
  std: [number, number];
}

function sharedMoves(a: Side, b: Side): SharedMove[] {
  const [inA, inB] = [ownMoves(a), ownMoves(b)];
  return [...inA].flatMap(([concept, left]) => {
    const right = inB.get(concept);
    if (!right) return [];
    return [{ concept, series: [left.series, right.series], std: [left.std, right.std] }];
  });
}

/** Each concept's move on all layers. */
function ownMoves({ moves, result }: Side): Map<string, { series: string; std: number }> {
  const std = new Map(result.concepts.map(({ concept, probeStd }) => [concept, probeStd]));
  return new Map(
    (moves?.moves ?? []).flatMap(({ layers, concept, series }) => {
      const spread = concept === null ? undefined : std.get(concept);
      return layers === 'all' && concept !== null && spread !== undefined
        ? [[concept, { series, std: spread }] as const]
        : [];
    }),
  );
}

/** Column c of [n, width]. */
const columnOf = (rows: Float32Array, c: number, width: number): Float32Array =>
  Float32Array.from({ length: rows.length / width }, (_, i) => rows[i * width + c]);
