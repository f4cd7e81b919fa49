/** Running a study: from the experiment's text to a stored result. What command line and inference process call. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from '../../protocol/experiment';
import type { Device, Provenance, StudyResult } from '../../protocol/results';
import { BoundaryPool } from '../boundary';
import { sha256 } from '../canonical';
import { readExperiment, readText, type ResolvedExperiment } from '../experiment';
import { Failure } from '../failure';
import { modelFiles, verifyModel, type Model } from '../manifest';
import { openStore, type Store } from '../store';
import { answers, openStoreForReading, studyHash, type StoredResult, type StoreReader } from '../store/read';
import type { StoredStudy, StudyEvents, StudyOutcome, StudyRequest } from './api';
import type { Apparatus, ApparatusSettings } from './apparatus';
import { movesKey } from './moves-document';
import { importHashes, readImports, type ImportedDirections } from './imports';
import { Laboratory } from './laboratory';
import { RunRecorder } from './run-recorder';
import { storeFolder } from './store-folder';
import { hasParts } from './stored-parts';
import { Study } from './study';

/** An experiment ready to run: judged, its models found and checked. */
export interface PreparedStudy {
  file: string;
  store: string;
  text: string;
  /** SHA-256 of the text. */
  textHash: string;
  experiment: ResolvedExperiment;
  /** Directions that people imported for it. */
  imports: ImportedDirections;
  /** Names the study's result: what results depend on, imported directions, and the method's version. */
  hash: string;
}

/** @throws Failure 'bad-input' with every complaint about the experiment */
export async function prepareStudy(request: StudyRequest): Promise<PreparedStudy> {
  const file = path.resolve(request.file);
  const { text, resolved } = await readExperiment(request.file, {
    text: request.text,
    modelPaths: request.modelPaths,
  });
  const store = storeFolder(file, request.store);
  const imports = await readImports(await openStoreForReading(store), file, resolved);
  return {
    file,
    store,
    text,
    textHash: sha256(text),
    experiment: resolved,
    imports,
    hash: studyHash(resolved.hash, importHashes(imports)),
  };
}

/** The models of an experiment, each once. */
export function modelsOf(experiment: ResolvedExperiment): Model[] {
  return [...new Set([experiment.generator, ...experiment.predictors])];
}

/** Tells the store what a study of an experiment uses. */
export const recorderOf = (store: Store, { file, textHash, hash, experiment }: PreparedStudy): RunRecorder =>
  new RunRecorder(store, { file, text: textHash, experiment: hash, generator: experiment.generator.name });

/** What of an experiment its apparatus depends on. */
export function apparatusSettings(experiment: ResolvedExperiment, image = false): ApparatusSettings {
  const { generator, predictors, color, scored, space, seed, psi, cutoff, compat } = experiment;
  return {
    ...{ generator, predictors, color, concepts: scored, space, seed, psi, cutoff, compat, image },
    class: experiment.class,
  };
}

/**
 * Runs or resumes a study.
 * @param laboratory one that is open already (the inference process keeps it warm); it is not closed then
 * @throws Failure; what was finished is in the store
 */
export async function runStudy(
  request: StudyRequest,
  events: StudyEvents = {},
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<StudyOutcome> {
  const prepared = await prepareStudy(request);
  const until = request.until ?? 'layers';
  const store = await openStore(prepared.store, { write: true, writer: `higan ${version()}` });
  const known = await store.wholeResult(prepared.hash);
  // What is damaged or gone sends the study through its stages, which compute no more than that.
  if (known && (await isAnswer(store, known.result, until, request.device))) {
    const result = { ...known.result, provenance: { ...known.result.provenance, text: prepared.textHash } };
    if (request.latest === false) return { result, path: known.path, cached: true };
    const current = await store.wholePointer(prepared.file);
    if (current?.text === prepared.textHash && current.experiment === prepared.hash) {
      return { result, path: known.path, cached: true };
    }
    // Another text of the same meaning, or an earlier experiment of this file: point to what is there.
    try {
      const lock = await store.lockTogether();
      try {
        return { result, path: await store.writeResult(prepared.file, result), cached: true };
      } finally {
        await lock.release();
      }
    } catch (error) {
      // Only the text is another: the answer is there, also where nothing can be written, or somebody else writes.
      if (!(error instanceof Failure) || current?.experiment !== prepared.hash) throw error;
      return { result, path: known.path, cached: true };
    }
  }

  for (const model of modelsOf(prepared.experiment)) await verifyModel(model, request.signal);
  const lock = await store.lockTogether();
  const pool = new BoundaryPool();
  let lab: Laboratory | null = null;
  try {
    events.log?.(`Opening the models of ${path.basename(prepared.file)}`);
    lab = laboratory
      ? await laboratory(modelsOf(prepared.experiment))
      : await Laboratory.open({ ...request, log: events.log }, modelsOf(prepared.experiment), request.signal);
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment));
    await apparatus.tune(request.signal);
    events.log?.(`Running on ${lab.device}, ${apparatus.batch} images at a time`);
    const recorder = recorderOf(store, prepared);
    if (request.latest !== false) await recorder.begin();
    const study = new Study({
      experiment: prepared.experiment,
      imports: prepared.imports,
      apparatus,
      store,
      pool,
      recorder,
      provenance: provenanceOf(prepared, apparatus, lab),
      events,
      signal: request.signal,
    });
    try {
      const result = await study.run(until);
      if (known && !isAsFar(result, known.result)) {
        // Fewer stages than are there, on another device: what is there stays.
        await recorder.save(study.finished);
        const { textHash: text, hash: experiment } = prepared;
        if (request.latest !== false) await store.writePointer(prepared.file, { text, experiment });
        return { result, path: known.path, cached: false };
      }
      return { ...(await keep(store, prepared, study, recorder, result, request.latest)), cached: false };
    } catch (error) {
      // What was found so far stays readable, unless the store knows more; the failure itself is the answer.
      const soFar = await study.result();
      if (!known || isAsFar(soFar, known.result)) {
        await becomesLatest(store, prepared, soFar)
          .then((latest) => keep(store, prepared, study, recorder, soFar, latest && request.latest))
          .catch(() => undefined);
      }
      throw error;
    }
  } finally {
    await pool.close();
    if (lab && !laboratory) await lab.close();
    await lock.release();
  }
}

/** The result, saying so where its scores come from several devices, runtimes or machines. */
async function withMakers(store: Store, recorder: RunRecorder, result: StudyResult): Promise<StudyResult> {
  const lists = await Promise.all([...recorder.series].map((hash) => store.seriesNamed(hash).makers()));
  const makers = [...new Set(lists.flat())].sort();
  return makers.length < 2 ? result : { ...result, provenance: { ...result.provenance, makers } };
}

/** Stores a result with what its run used. @returns it as it was stored, and where */
async function keep(
  store: Store,
  prepared: PreparedStudy,
  study: Study,
  recorder: RunRecorder,
  found: StudyResult,
  latest = true,
): Promise<{ result: StudyResult; path: string }> {
  const result = await withMakers(store, recorder, found);
  recorder.documents.add(await store.writeDocument('moves', movesKey(prepared.hash), study.movesDocument()));
  await recorder.save(study.finished);
  return {
    result,
    path: await (latest ? store.writeResult(prepared.file, result) : store.keepResult(result)),
  };
}

/**
 * Whether the result of a run that stopped becomes its file's latest. Another experiment's result, from before the file
 * was changed, stays the latest until this one begins to rank or at least says as much: so it is when the run is killed.
 * The file names the unfinished run beside it, and so it goes on when it is run again.
 */
async function becomesLatest(store: Store, prepared: PreparedStudy, soFar: StudyResult): Promise<boolean> {
  const pointer = await store.wholePointer(prepared.file);
  if (!pointer || pointer.experiment === prepared.hash) return true;
  const earlier = await store.wholeResult(pointer.experiment);
  return !earlier || moved(soFar) > 0 || isAsFar(soFar, earlier.result);
}

/** Samples that were moved and scored, summed over the concepts: how far a ranking has come. */
const moved = ({ concepts }: StudyResult): number =>
  concepts.reduce((sum, { effect }) => sum + (effect?.samples ?? 0), 0);

/** Whether a result has as many stages as another, and a ranking that came as far. */
const isAsFar = (result: StudyResult, other: StudyResult): boolean =>
  result.stages.length >= other.stages.length && moved(result) >= moved(other);

/** Whether a stored result `answers`, and the store has what it was made of. */
export const isAnswer = async (
  store: StoreReader,
  result: StudyResult,
  until: Stage,
  device: StudyRequest['device'],
): Promise<boolean> => answers(result, until, device) && (await hasParts(store, result, until));

/** What the store last found for an experiment file; null where nothing was run. Opens no model. */
export async function readStudy(
  request: Pick<StudyRequest, 'file' | 'text' | 'store' | 'modelPaths'>,
): Promise<StoredStudy | null> {
  const store = await openStoreForReading(storeFolder(request.file, request.store));
  const latest = await store.readLatest(path.resolve(request.file));
  if (!latest) return null;
  let text: string | undefined;
  let prepared: PreparedStudy | null = null;
  let unjudged: string | null = null;
  try {
    text = request.text ?? (await readText(request.file));
    prepared = await prepareStudy({ ...request, text });
  } catch (error) {
    // An experiment that has become invalid, or whose models are on another machine, still has its older result.
    if (!(error instanceof Failure)) throw error;
    unjudged = error.message;
  }
  return {
    result: latest.result,
    path: latest.path,
    sameText: text !== undefined && sha256(text) === latest.pointer.text,
    sameMeaning: prepared?.hash === latest.pointer.experiment,
    unjudged,
  };
}

/** The stored result of an experiment's text by what it means, whichever is the file's latest; null where there is none. */
export async function readStudyOfText(
  request: Pick<StudyRequest, 'file' | 'text' | 'store' | 'modelPaths'>,
): Promise<StoredResult | null> {
  const { store, hash } = await prepareStudy(request);
  return (await openStoreForReading(store)).readResult(hash);
}

let ownVersion: string | null = null;

/** The product's version, from the package.json above the running bundle. */
export function version(): string {
  if (ownVersion !== null) return ownVersion;
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    try {
      const { version: found } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
        version?: string;
      };
      if (found) return (ownVersion = found);
    } catch {
      // Not in this folder: look above.
    }
    if (path.dirname(folder) === folder) return (ownVersion = 'unknown');
  }
}

function provenanceOf(
  prepared: PreparedStudy,
  apparatus: Apparatus,
  lab: Laboratory,
): Omit<Provenance, 'finished'> {
  const models = Object.fromEntries(
    modelsOf(prepared.experiment).flatMap((model) =>
      modelFiles(model.manifest).map(({ file, sha256 }) => [`${model.name}/${file}`, sha256]),
    ),
  );
  const device: Device = lab.device;
  const imports = importHashes(prepared.imports);
  return {
    higan: version(),
    onnxruntime: lab.sessions.version,
    node: process.versions.node,
    device,
    machine: `${os.cpus()[0]?.model ?? 'unknown'} × ${os.cpus().length}, ${os.platform()} ${os.arch()}`,
    models,
    graph: apparatus.graph.hash,
    text: prepared.textHash,
    experiment: prepared.hash,
    ...(imports ? { imports } : {}),
  };
}
