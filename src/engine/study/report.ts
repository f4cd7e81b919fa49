/** A methods section in Markdown of what the store holds: enough to judge a study and to repeat it. No model is run. */
import path from 'node:path';
import { fewestMovers } from '../../protocol/finding';
import { ranksRaw } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { readText } from '../experiment';
import { Failure, failed } from '../failure';
import { weakBelow } from '../statistics/weak-predictor';
import type { StoredStudy, StudyRequest } from './api';
import { count, decimal, layerTables, markdownTable, percent, rankingTables } from './report-tables';
import { prepareStudy, readStudy, type PreparedStudy } from './run';

export type ReportRequest = Pick<StudyRequest, 'file' | 'text' | 'store' | 'modelPaths'>;

/** @throws Failure where the file has not been run */
export async function studyReport(request: ReportRequest): Promise<string> {
  // A file that is not there is another mistake than a study that was never run.
  if (request.text === undefined) await readText(request.file);
  const stored = await readStudy(request);
  if (!stored) {
    throw failed(`${request.file} has not been run yet, or into another store: run the study first.`);
  }
  const prepared = stored.sameMeaning ? await preparedOf(request) : null;
  return reportText(path.basename(request.file), stored, prepared);
}

async function preparedOf(request: ReportRequest): Promise<PreparedStudy | null> {
  try {
    return await prepareStudy(request);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/**
 * @param file how the report names the experiment
 * @param prepared the experiment as it stands, where its meaning is the stored result's; else only what the result
 *   says itself can be told
 */
export function reportText(file: string, stored: StoredStudy, prepared: PreparedStudy | null): string {
  const { result } = stored;
  const layers = layerTables(result);
  const weak = result.concepts.filter(({ weakPredictor }) => weakPredictor !== null);
  const emergence = prepared?.experiment.generator.manifest.generator?.emergence;
  const parts = [
    `# What ${result.generator} varies`,
    ...notes(file, stored),
    '## Method',
    methodText(result, prepared),
    definitionsText(result),
    ...(emergence === undefined ? [] : [`What “emergence” means here: ${emergence.trim()}`]),
    '## Settings',
    settingsTable(result, prepared),
    '## Ranking',
    rankingTables(result),
    '## Layers',
    layers ?? 'No layers were analysed.',
    '## Weak predictors',
    weak.length > 0
      ? weak.map(({ concept, weakPredictor }) => `- ${concept}: ${weakPredictor}`).join('\n')
      : `No predictor is declared to explain less than ${weakBelow} of what there is to explain.`,
    '## Provenance',
    provenanceTable(file, result),
    '## References',
    references,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What a reader has to know before the numbers. */
function notes(file: string, { result, sameText, sameMeaning, unjudged }: StoredStudy): string[] {
  const notes: string[] = [];
  if (result.partial !== null || !result.stages.includes('rank')) {
    notes.push(
      `> This study is not finished: stages done are ${result.stages.join(', ') || 'none'}. Its numbers will change.`,
    );
  }
  if (unjudged !== null) {
    notes.push(
      `> Whether ${file} still means what was computed cannot be judged here${sameText ? ' (its text is the same)' : ''}, because: ` +
        `${unjudged.replaceAll('\n', ' ')} What follows is the stored result; settings that only the file knew are left out.`,
    );
  } else if (!sameMeaning) {
    notes.push(
      `> ${file} has changed since this was computed. What follows is the stored result; settings that only the file knew are left out.`,
    );
  } else if (!sameText) {
    notes.push(`> ${file} has been edited since (comments, previews or review); its meaning is the same.`);
  }
  return notes;
}

function methodText(result: StudyResult, prepared: PreparedStudy | null): string {
  const unit =
    result.unit === 'sigma' ? 'standard deviations of the codes along the direction' : 'code units';
  const boundary = prepared?.experiment.boundary;
  const probe = prepared?.experiment.probe;
  const fitted = boundary
    ? `a linear classifier (${methodNames[boundary.method]}${boundary.method === 'lda' ? '' : `, C = ${boundary.C}`}; ` +
      `${percent(boundary.validation)} of the codes held out to measure accuracy) separates the ` +
      `${count(probe?.positives ?? 0)} highest from the ${count(probe?.negatives ?? 0)} lowest scoring codes`
    : 'a linear classifier separates the highest from the lowest scoring codes';
  const imported = result.concepts.filter(({ boundary: own }) => own?.method === 'imported');
  return (
    `The generator *${result.generator}* was studied by the method of Yang, Shen and Zhou (2020). ` +
    `${count(result.probed)} codes were drawn in space ${result.space}, synthesised, and scored on ` +
    `${count(result.concepts.length)} concepts. For each concept ${fitted}; its unit normal is the concept’s direction. ` +
    (imported.length > 0
      ? `The directions of ${imported.map(({ concept }) => concept).join(', ')} were imported instead. `
      : '') +
    (result.stages.includes('rescore')
      ? `${count(result.rescored)} fresh codes were moved along each direction by ${decimal(result.step)} ${unit}, and scored again on all concepts` +
        (result.layerSets.length > 0 && result.stages.includes('layers')
          ? `; the best concepts of each level were moved again on each of ${result.layerSets.length} layer sets alone.`
          : '.')
      : 'Fresh codes have not all been moved and scored again yet.')
  );
}

const methodNames = {
  svm: 'support vector machine',
  logistic: 'logistic regression',
  lda: 'linear discriminant analysis',
} as const;

/** One paragraph, true to docs/statistics.md. */
function definitionsText(result: StudyResult): string {
  const level = percent((1 - result.confidence) / 2);
  const unit = ranksRaw(result)
    ? 'units of the score, by which the reference code ranks (*Δ in σ*: in standard deviations of the score over the probe)'
    : 'standard deviations of the concept’s score over the probe (*Δ raw*: in units of the score)';
  return (
    `Δ is the mean over the moved codes of max(score after − score before, 0), in ${unit}; samples without a score before or after are left out. ` +
    `Intervals are two-sided at ${percent(result.confidence)}, conditional on the direction, by the studentised ` +
    `bootstrap over samples (2,000 seeded resamples); their ends are held by the gamma limits of Fay and ` +
    `Feuer (1997), which Δ takes outright where fewer than 10 samples rose; with fewer than ${fewestMovers} samples that changed no interval is given (*too few movers*). ` +
    `The *null* is the largest upper bound of Δ among random unit directions that were moved with the same step, layers ` +
    `and codes. A concept *moves* when the signed mean of its differences is above 0 (one-sided at ${level}, ` +
    `Holm-adjusted over the ranking, or over one layer set) and the lower bound of its Δ is above the null. A level’s ` +
    `share in a layer set is the mean, over the level’s analysed concepts, of Δ there divided by the concept’s largest Δ ` +
    `among the layer sets that move it; concepts that no layer set moves are left out and counted as *unmoved*. ` +
    `*Accuracy* is the classifier’s on held-out codes, *positives* the share of probe samples that the predictor calls ` +
    `positive, *missing* the share without a score.`
  );
}

/** Samples that were moved: none before all of them were. */
const rescoredOf = ({ stages, rescored }: StudyResult): number => (stages.includes('rescore') ? rescored : 0);

function settingsTable(result: StudyResult, prepared: PreparedStudy | null): string {
  const rows: [string, string][] = [
    ['generator', result.generator],
    ['space', result.space],
    ['seed', String(result.seed)],
    ['probe.samples', samplesText(result.probed, prepared?.experiment.probe.samples)],
    ['rescore.samples', samplesText(rescoredOf(result), prepared?.experiment.rescore.samples)],
    ['rescore.step', `${result.step} (${result.unit})`],
    ['rescore.confidence', String(result.confidence)],
    ['layer sets', result.layerSets.map(({ name }) => name).join(', ') || 'none'],
  ];
  if (prepared) {
    const { experiment } = prepared;
    const { boundary, probe, rescore, compat, psi, cutoff } = experiment;
    const predictors = [
      ...experiment.predictors.map(({ name }) => name),
      ...(experiment.color ? ['color'] : []),
    ];
    rows.push(
      ['predictors', predictors.join(', ')],
      ['class', experiment.class === null ? '–' : String(experiment.class)],
      ['truncation', psi === 1 || cutoff === 0 ? 'none' : `ψ = ${psi} below layer ${cutoff}`],
      ['probe.positives, probe.negatives', `${count(probe.positives)}, ${count(probe.negatives)}`],
      ['boundary', `${boundary.method}, C = ${boundary.C}, validation ${boundary.validation}`],
      ['rescore.nulls', String(rescore.nulls)],
      ['rescore.top', String(rescore.top)],
      ['compat', compat ?? '–'],
    );
  }
  return markdownTable(['setting', 'value'], rows);
}

/** What the file asks for; what was done, where only the result is left to say it. */
const samplesText = (done: number, asked: number | undefined): string =>
  asked !== undefined ? count(asked) : done > 0 ? count(done) : 'not reached';

function provenanceTable(file: string, { provenance }: StudyResult): string {
  const { higan, onnxruntime, node, device, machine, makers, models, graph, text, experiment, finished } =
    provenance;
  const code = (value: string): string => `\`${value}\``;
  return markdownTable(
    ['what', 'value'],
    [
      ['HiGAN Studio', higan],
      ['ONNX Runtime', onnxruntime],
      ['Node', node],
      ['device', device],
      ['machine', machine],
      ...(makers ? [['scores computed by', makers.join('; ')]] : []),
      ['finished', finished],
      [`${file} (SHA-256 of its text)`, code(text)],
      ['study (hash of its meaning)', code(experiment)],
      ['scoring graph (SHA-256)', code(graph)],
      ...Object.entries(models).map(([name, hash]) => [`${name} (SHA-256)`, code(hash)]),
    ],
  );
}

const references = [
  '- Ceyuan Yang, Yujun Shen, Bolei Zhou. Semantic Hierarchy Emerges in Deep Generative Representations for Scene Synthesis. International Journal of Computer Vision, 2020. arXiv:1911.09267.',
  '- Michael P. Fay, Eric J. Feuer. Confidence intervals for directly standardized rates: a method based on the gamma distribution. Statistics in Medicine 16, 1997.',
].join('\n');
