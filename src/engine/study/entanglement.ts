/**
 * The entanglement matrix (section 6, Fig. 19): what moving concept i does to the score of every concept j. Read
 * out of the same images as the ranking; nothing is computed but statistics, no model is opened.
 */
import path from 'node:path';
import type { Effect, Entanglement, StudyResult } from '../../protocol/results';
import { badInput, failed } from '../failure';
import { measuringEntanglement, sideEffects } from '../statistics';
import { openStoreForReading, type StoreReader } from '../store/read';
import { inTurns } from '../turns';
import { storeFolder } from './store-folder';
import { MoveReader } from './move-reader';
import { readMoves } from './moves-document';
import { checkRescored } from './stored-parts';

/**
 * @param layers the layer set moved: `all`, or one that the layer analysis covered
 * @throws Failure where the store lacks the scores, and 'interrupted' when the signal aborts
 */
export async function readEntanglement(
  store: StoreReader,
  result: StudyResult,
  layers = 'all',
  signal?: AbortSignal,
): Promise<Entanglement> {
  checkRescored(result);
  const document = await readMoves(store, result.provenance.experiment);
  const moves = document?.moves.filter((move) => move.layers === layers) ?? [];
  if (!document || !moves.some((move) => move.concept !== null)) {
    const known = [...new Set(document?.moves.map((move) => move.layers))];
    if (known.length === 0)
      throw failed('The store lacks the list of what was moved in this study: run the study again.');
    const sentence = `The study has no scores for moves on '${layers}'; it has: ${known.join(', ')}.`;
    const isAnalysed = result.layerSets.some(({ name }) => name === layers);
    throw isAnalysed ? failed(`${sentence} Run it to the stage layers.`) : badInput(sentence);
  }
  const concepts = result.concepts.map((concept) => concept.concept);
  const read = new MoveReader(store, document, concepts);
  const rows: { concept: string; differences: Float32Array }[] = [];
  const nulls: Float32Array[] = [];
  for (const move of moves) {
    const differences = await read.differences(move.series);
    if (move.concept === null) nulls.push(differences);
    else rows.push({ concept: move.concept, differences });
  }
  const order = new Map(concepts.map((concept, i) => [concept, i]));
  rows.sort((a, b) => (order.get(a.concept) ?? 0) - (order.get(b.concept) ?? 0));
  const std = result.concepts.map((concept) => concept.probeStd);
  const options = { confidence: result.confidence, seed: result.seed };
  const moved = rows.map(({ differences }) => differences);
  // In turns: with a hundred concepts these are thousands of bootstraps, and previews and heartbeats must not wait.
  const effects = await inTurns(measuringEntanglement(moved, nulls, std, options), signal);
  rows.forEach(({ concept }, i) => {
    // Whether a concept moves itself is judged once, among those that its level is read with, and not anew in its row.
    const at = order.get(concept) ?? -1;
    const own = ownEffect(result, at, layers);
    if (own) effects[i][at] = own;
  });
  return {
    layers,
    rows: rows.map((row) => row.concept),
    concepts,
    effects,
    sideEffects: rows.map((row, i) => sideEffects(effects[i], concepts, row.concept)),
  };
}

/** What ranking (`all`) or heatmap say of moving a concept on a layer set. */
function ownEffect(result: StudyResult, concept: number, layers: string): Effect | null | undefined {
  const found = result.concepts[concept];
  if (layers === 'all') return found?.effect;
  return found?.layers?.[result.layerSets.findIndex(({ name }) => name === layers)];
}

/** The entanglement of an experiment's latest study. @throws Failure where there is none */
export async function readEntanglementOf(
  request: { file: string; store?: string; signal?: AbortSignal },
  layers = 'all',
): Promise<Entanglement> {
  const store = await openStoreForReading(storeFolder(request.file, request.store));
  const latest = await store.readLatest(path.resolve(request.file));
  if (!latest) throw failed(`${request.file} has not been run yet: run the study first.`);
  return readEntanglement(store, latest.result, layers, request.signal);
}
