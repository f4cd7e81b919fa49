/** An experiment with everything decided that its models leave open: what a study runs on. */
import type { ConceptName } from '../../protocol/concept';
import type { Experiment, Space } from '../../protocol/experiment';
import type { LayerSet } from '../../protocol/results';
import type { ConceptInfo, Model } from '../manifest';
import { chooseConcepts, ConceptNames, pairParts } from './concepts';
import type { ModelContext } from './context';
import { chosenCounts } from './counts';
import { layerSetsOf, parseLayers } from './layers';
import { spacesOf } from './check-models';
import { canonicalJson, sha256, type Json } from '../canonical';

export interface ResolvedEdit {
  concept: ConceptName;
  step: number;
  layers: LayerSet;
}

export interface ResolvedPreview {
  samples: number[];
  edits: ResolvedEdit[];
  jitter: { strength: number; variants: number; seed: number } | null;
}

/** A walk between categories: from one to the next along `sign` times the pair's direction. */
export interface ResolvedTransition {
  path: ConceptName[];
  pairs: { concept: ConceptName; sign: 1 | -1 }[];
  samples: number;
  step: number;
  layers: LayerSet;
}

export interface ResolvedExperiment {
  generator: Model;
  predictors: Model[];
  color: boolean;
  seed: number;
  space: Space;
  class: number | null;
  /** 1 and 0 where the generator has no truncation. */
  psi: number;
  cutoff: number;
  probe: { samples: number; positives: number; negatives: number };
  boundary: Experiment['boundary'];
  rescore: Omit<Experiment['rescore'], 'layers' | 'unit'> & { unit: 'sigma' | 'raw' };
  /** Where the move is repeated for the layer analysis; the move on all layers is not among them. */
  layerSets: LayerSet[];
  /** All layers, as a set. */
  allLayers: LayerSet;
  /** The concepts studied: by level and predictor, then pairs of categories. */
  concepts: ConceptName[];
  /** The single concepts whose scores these need: `concepts` with pairs taken apart. */
  scored: ConceptName[];
  /** Where every single concept's score comes from. */
  infos: ConceptInfo[];
  previews: Record<string, ResolvedPreview>;
  transitions: ResolvedTransition[];
  compat: 'higan' | null;
  /** Canonical JSON of everything that results depend on, and its SHA-256. */
  canonical: string;
  hash: string;
}

/**
 * @param experiment and `context` must have passed `checkExperiment`
 * @throws Error for an experiment that has not
 */
export function resolveExperiment(experiment: Experiment, context: ModelContext): ResolvedExperiment {
  const model = context.generator;
  const generator = model?.manifest.generator;
  if (!model || !generator) throw new Error('An experiment without a generator cannot be resolved.');
  const names = new ConceptNames(context.concepts);
  const layerSets = new Map<string | number, LayerSet>();
  const layersOf = (written: string | number): LayerSet => {
    const set = layerSets.get(written) ?? decided(parseLayers(written, generator));
    layerSets.set(written, set);
    return set;
  };
  const conceptOf = (written: string): ConceptName => decided(names.resolve(written));
  const { chosen } = chooseConcepts(experiment.concepts, names);
  const concepts = [...chosen];
  /** The pair's direction, under the name that it was first asked for. */
  const pairOf = (a: ConceptName, b: ConceptName): { concept: ConceptName; sign: 1 | -1 } => {
    const [from, to] = [a, b].map((name) => name.slice('category/'.length));
    const backward = `category/${to}~${from}`;
    if (concepts.includes(backward)) return { concept: backward, sign: 1 };
    const forward = `category/${from}~${to}`;
    if (!concepts.includes(forward)) concepts.push(forward);
    return { concept: forward, sign: -1 };
  };
  const transitions = experiment.transitions.map((transition): ResolvedTransition => {
    const path = transition.path.map((written) => decided(names.category(written)));
    const { samples, step } = transition;
    const pairs = path.slice(1).map((to, i) => pairOf(path[i], to));
    return { path, pairs, samples, step, layers: layersOf(transition.layers) };
  });
  const previews = Object.fromEntries(
    Object.entries(experiment.previews).map(
      ([name, { samples, edits, jitter }]): [string, ResolvedPreview] => [
        name,
        {
          samples,
          edits: edits.map((edit) => ({
            concept: conceptOf(edit.concept),
            step: edit.step,
            layers: layersOf(edit.layers),
          })),
          jitter: jitter ?? null,
        },
      ],
    ),
  );
  // A preview may move along a pair that nothing else names.
  for (const { edits } of Object.values(previews)) {
    for (const { concept } of edits) if (!concepts.includes(concept)) concepts.push(concept);
  }
  const needed = new Set(
    concepts.flatMap((concept) => pairParts(concept)?.map((label) => `category/${label}`) ?? [concept]),
  );
  const infos = context.concepts.filter(({ concept }) => needed.has(concept));
  const truncation = generator.truncation;
  const { samples, step, top, nulls, confidence } = experiment.rescore;
  // The reference moves by the plain λ.
  const unit = experiment.rescore.unit ?? (experiment.compat === 'higan' ? 'raw' : 'sigma');
  const resolved: Omit<ResolvedExperiment, 'canonical' | 'hash'> = {
    generator: model,
    predictors: context.predictors,
    color: context.color,
    seed: experiment.seed,
    space: experiment.space ?? spacesOf(generator)[0],
    class: experiment.class ?? null,
    psi: truncation ? (experiment.truncation?.psi ?? truncation.psi) : 1,
    cutoff: truncation ? (experiment.truncation?.cutoff ?? truncation.cutoff) : 0,
    probe: { samples: experiment.probe.samples, ...chosenCounts(experiment.probe) },
    boundary: experiment.boundary,
    rescore: { samples, step, unit, top, nulls, confidence },
    layerSets: layerSetsOf(experiment.rescore.layers, generator).map((set) => decided(set)),
    allLayers: layersOf('all'),
    concepts,
    scored: infos.map(({ concept }) => concept),
    infos,
    previews,
    transitions,
    compat: experiment.compat ?? null,
  };
  const canonical = canonicalJson(meaningOf(resolved) as Json); // manifests are JSON by their schema
  return { ...resolved, canonical, hash: sha256(canonical) };
}

/**
 * What the results of a study depend on. Not in it: the file's formatting and comments, `previews`, `review`, what a
 * transition does beyond naming its pairs, device and threads, names and paths of models (their content counts), and
 * what manifests say for people only.
 */
function meaningOf(resolved: Omit<ResolvedExperiment, 'canonical' | 'hash'>): unknown {
  const generator = { ...resolved.generator.manifest.generator };
  delete generator.selfTest;
  delete generator.emergence;
  const { seed, space, psi, cutoff, probe, boundary, rescore, layerSets, concepts, compat } = resolved;
  return {
    generator,
    predictors: resolved.predictors.map(({ manifest }) => manifest.predictors),
    color: resolved.color,
    ...{ seed, space, class: resolved.class, psi, cutoff, probe, boundary, rescore },
    layerSets: layerSets.map(({ name, layers }) => ({ name, layers })),
    ...{ concepts, compat },
  };
}

function decided<T>(found: T): Exclude<T, { problem: string }> {
  if (typeof found === 'object' && found !== null && 'problem' in found)
    throw new Error(String(found.problem));
  return found as Exclude<T, { problem: string }>;
}
