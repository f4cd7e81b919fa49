/** Whether counts, layers and concepts of an experiment's sections exist on its models. */
import { colorLabels, type ConceptName } from '../../protocol/concept';
import { fewestMovers } from '../../protocol/finding';
import type { Checked } from './checked';
import { chooseConcepts, isConceptProblem, pairParts, type ConceptProblem } from './concepts';
import { chosenCounts } from './counts';
import { isProblem, layerSetsOf, parseLayers } from './layers';
import type { DataPath } from '../yaml';

/** Fewer positives or negatives than this give directions that hardly anything can be said about. */
const fewForABoundary = 30;

export function checkSections(checked: Checked): void {
  checkCounts(checked);
  checkMoves(checked);
  checkLayerSets(checked);
  const studied = checkConcepts(checked);
  checkPreviews(checked, studied);
  checkTransitions(checked);
  checkReview(checked);
  checkCompat(checked);
}

function checkCounts({ experiment, written, tell }: Checked): void {
  const { probe, boundary } = experiment;
  const { positives, negatives } = chosenCounts(probe);
  const at: DataPath = written(['probe', 'positives'])
    ? ['probe', 'positives']
    : written(['probe', 'negatives'])
      ? ['probe', 'negatives']
      : ['probe', 'samples'];
  if (positives + negatives > probe.samples) {
    tell(at, {
      code: 'too-many-chosen',
      message:
        `${positives} positives and ${negatives} negatives are more than the ${probe.samples} samples they are ` +
        `chosen from: raise probe.samples to ${positives + negatives} or choose fewer.`,
    });
    return;
  }
  const fewest = Math.min(positives, negatives);
  const held = Math.round(fewest * boundary.validation);
  if (fewest - held < 2) {
    tell(at, {
      code: 'too-few-chosen',
      message: `${fewest} codes of a kind, of which ${held} are held out for validation, are too few to fit a boundary: at least 2 are needed.`,
    });
  } else if (fewest < fewForABoundary) {
    tell(at, {
      code: 'too-few-chosen',
      severity: 'warning',
      message: `Directions fitted on ${fewest} codes of a kind are mostly chance; ${fewForABoundary} or more are advised (the paper: 2,000).`,
    });
  }
}

/** Settings of the re-scoring with which no concept can be found to move. */
function checkMoves({ experiment, tell }: Checked): void {
  const { samples, step } = experiment.rescore;
  if (samples < fewestMovers) {
    tell(['rescore', 'samples'], {
      code: 'too-few-moved',
      severity: 'warning',
      message:
        `Of ${samples} moved codes no concept can be found to move: fewer than ${fewestMovers} that change are too few ` +
        `movers. Raise rescore.samples to ${fewestMovers} at the least (the paper: 1,000).`,
    });
  }
  if (step === 0) {
    tell(['rescore', 'step'], {
      code: 'no-step',
      severity: 'warning',
      message:
        'A step of 0 moves no code, so no concept can be found to move. The default is 2, the paper’s λ.',
    });
  }
}

function checkLayerSets({ experiment, generator, tell }: Checked): void {
  if (!generator) return;
  const seen = new Map<string, string>();
  layerSetsOf(experiment.rescore.layers, generator).forEach((set, index) => {
    const path = ['rescore', 'layers', index];
    if (isProblem(set)) {
      tell(path, { code: 'unknown-layers', message: set.problem, suggestion: set.suggestion });
      return;
    }
    if (set.name === 'all') {
      tell(path, {
        code: 'duplicate',
        message: "'all' is what the ranking moves already: remove it from rescore.layers.",
      });
    }
    const same = seen.get(set.layers.join());
    if (same !== undefined) {
      tell(path, {
        code: 'duplicate',
        message: `'${set.name}' has the same layers as '${same}'; remove one of them.`,
      });
    }
    seen.set(set.layers.join(), set.name);
  });
}

/** @returns the concepts that are studied, or null where that cannot be told */
function checkConcepts({ experiment, names, complete, tell }: Checked): ReadonlySet<ConceptName> | null {
  if (!complete) return null;
  const { chosen, problems } = chooseConcepts(experiment.concepts, names);
  for (const { index, problem, suggestion } of problems) {
    const glob = experiment.concepts[index];
    tell(['concepts', index], {
      code: 'unknown-concept',
      message: problem + colorHint(glob, names.infos),
      suggestion: suggestion === undefined ? undefined : glob.startsWith('!') ? `!${suggestion}` : suggestion,
    });
  }
  if (chosen.length === 0 && problems.length === 0) {
    tell(['concepts'], { code: 'unknown-concept', message: 'No concept is left to study.' });
  }
  return new Set(chosen);
}

/** Colours are scored only where the built-in predictor is listed: the likeliest reason for not finding one. */
function colorHint(written: string, infos: Checked['names']['infos']): string {
  const label = written.replace(/^!?color\//, '');
  const missing = written !== label && !infos.some(({ level }) => level === 'color');
  return missing && (colorLabels.includes(label) || label.includes('*'))
    ? ' Add color to `predictors:`.'
    : '';
}

function checkPreviews(checked: Checked, studied: ReadonlySet<ConceptName> | null): void {
  const { experiment, generator, names, complete, tell } = checked;
  for (const [name, { edits }] of Object.entries(experiment.previews)) {
    edits.forEach((edit, index) => {
      const here = ['previews', name, 'edits', index];
      if (complete) {
        const concept = names.resolve(edit.concept);
        if (isConceptProblem(concept)) {
          tellUnknown(checked, [...here, 'concept'], edit.concept, concept);
        } else if (studied && !studied.has(concept) && !pairParts(concept)) {
          tell([...here, 'concept'], {
            code: 'not-studied',
            message: `'${concept}' is left out by \`concepts:\`, so no direction is fitted for it: add it there.`,
          });
        }
      }
      checkLayers(checked, [...here, 'layers'], edit.layers, generator);
    });
  }
}

function checkTransitions(checked: Checked): void {
  const { experiment, generator, names, complete, tell } = checked;
  experiment.transitions.forEach(({ path, layers }, index) => {
    const here = ['transitions', index];
    if (complete) {
      let before: ConceptName | null = null;
      path.forEach((written, i) => {
        const category = names.category(written);
        if (isConceptProblem(category)) {
          tellUnknown(checked, [...here, 'path', i], written, category);
          before = null;
          return;
        }
        if (!category.startsWith('category/') || pairParts(category)) {
          tell([...here, 'path', i], {
            code: 'unknown-concept',
            message: `A transition walks between categories; '${written}' is none.`,
          });
        } else if (category === before) {
          tell([...here, 'path', i], {
            code: 'duplicate',
            message: `The path goes from '${written}' to itself.`,
          });
        }
        before = category;
      });
    }
    checkLayers(checked, [...here, 'layers'], layers, generator);
  });
}

function checkReview({ experiment, names, complete, tell }: Checked): void {
  if (!complete) return;
  for (const written of Object.keys(experiment.review)) {
    const concept = names.resolve(written);
    if (!isConceptProblem(concept)) continue;
    tell(
      ['review', written],
      {
        code: 'unknown-concept',
        severity: 'warning',
        message: concept.problem,
        suggestion: concept.suggestion,
      },
      'key',
    );
  }
}

function checkCompat({ experiment, tell }: Checked): void {
  if (experiment.compat === undefined) return;
  const differ = (path: DataPath, what: string): void =>
    tell(path, { code: 'compat', severity: 'warning', message: `compat: higan: ${what}` });
  if (experiment.rescore.unit === 'sigma') {
    differ(
      ['rescore', 'unit'],
      'the reference moves by the plain λ; leave `unit` away or write `unit: raw`.',
    );
  }
  if (experiment.boundary.method !== 'svm') {
    differ(['boundary', 'method'], 'the reference fits a linear SVM; write `method: svm`.');
  }
}

function tellUnknown({ tell, names }: Checked, path: DataPath, written: string, found: ConceptProblem): void {
  tell(path, {
    code: 'unknown-concept',
    message: found.problem + colorHint(written, names.infos),
    suggestion: found.suggestion,
  });
}

function checkLayers(
  { tell }: Checked,
  path: DataPath,
  written: string | number,
  generator: Checked['generator'],
): void {
  if (!generator) return;
  const set = parseLayers(written, generator);
  if (isProblem(set))
    tell(path, { code: 'unknown-layers', message: set.problem, suggestion: set.suggestion });
}
