/** What a manifest must hold beyond the form of its keys: that its parts fit each other. */
import { normaliseConcept } from '../../protocol/concept';
import type { DataPath, Finding } from '../yaml';
import type { GeneratorManifest, HeadManifest, Manifest, PredictorManifest } from './schema';

export interface ManifestFinding extends Finding {
  path: DataPath;
  part: 'key' | 'value';
}

/** Names that `layers:` of an experiment gives a meaning of its own. */
const reservedGroups = ['all', 'none', 'each', 'groups'];

/** Everything about a well-formed manifest that cannot be meant. */
export function manifestFindings(manifest: Manifest): ManifestFinding[] {
  const findings: ManifestFinding[] = [];
  const at = (path: DataPath, message: string, part: 'key' | 'value' = 'value'): void => {
    findings.push({ path, part, code: 'inconsistent', message });
  };
  if (manifest.generator) checkGenerator(manifest.generator, at);
  const concepts = new Map<string, string>();
  manifest.predictors?.forEach((predictor, p) => checkPredictor(predictor, p, concepts, at));
  return findings;
}

type Complain = (path: DataPath, message: string, part?: 'key' | 'value') => void;

function checkGenerator(generator: GeneratorManifest, at: Complain): void {
  const { layers, groups, mapping, w, truncation, classes } = generator;
  const here = (...path: (string | number)[]): DataPath => ['generator', ...path];
  if (mapping && !w)
    at(here('mapping'), 'A mapping gives a w, so `w: { dim: … }` is needed beside it.', 'key');
  if (w && !mapping)
    at(here('w'), 'There is a w but no mapping that gives it: add `mapping:` or remove `w:`.', 'key');
  if (truncation && !w) at(here('truncation'), 'Truncation is towards the mean w, but there is no w.', 'key');
  if (mapping?.classInput !== undefined && classes === undefined) {
    at(here('mapping', 'classInput'), 'A class input needs `classes:`, the number of classes.', 'key');
  }
  for (const [name, [first, end]] of Object.entries(groups)) {
    if (reservedGroups.includes(name.toLowerCase())) {
      at(
        here('groups', name),
        `'${name}' has a meaning of its own in experiments; choose another name.`,
        'key',
      );
    }
    if (first >= end) {
      at(here('groups', name), `The group '${name}' is empty: a range [first, end) needs first below end.`);
    } else if (end > layers.length) {
      at(
        here('groups', name),
        `The group '${name}' ends at ${end}, but there are ${layers.length} layers (ranges are half-open).`,
      );
    }
  }
  const withStyles = layers.filter((layer) => layer.styles.length > 0).length;
  if (withStyles > 0 && withStyles < layers.length) {
    const index = layers.findIndex((layer) => layer.styles.length === 0);
    at(
      here('layers', index),
      `Layer ${index} has no styles, others have: name the styles of all layers or of none.`,
    );
  }
  const seen = new Map<string, number>();
  layers.forEach((layer, index) =>
    layer.styles.forEach((style, s) => {
      const before = seen.get(style);
      if (before !== undefined) {
        at(here('layers', index, 'styles', s), `The style '${style}' belongs to layer ${before} already.`);
      }
      seen.set(style, index);
    }),
  );
}

function checkPredictor(
  predictor: PredictorManifest,
  p: number,
  concepts: Map<string, string>,
  at: Complain,
): void {
  const { range, std } = predictor.input;
  if (range[0] >= range[1]) at(['predictors', p, 'input', 'range'], 'The range must rise: [low, high].');
  std.forEach((s, i) => {
    if (s === 0) at(['predictors', p, 'input', 'std', i], 'A standard deviation of 0 would divide by zero.');
  });
  predictor.heads.forEach((head, h) => checkHead(head, ['predictors', p, 'heads', h], concepts, at));
}

function checkHead(head: HeadManifest, here: DataPath, concepts: Map<string, string>, at: Complain): void {
  head.labels.forEach((label, i) => {
    const path = [...here, 'labels', i];
    if (label !== label.trim()) at(path, `The label '${label}' begins or ends with a space.`);
    if (head.level === 'category' && label.includes('~')) {
      at(path, `A category cannot have '~' in its label: 'a~b' is how a pair of categories is written.`);
    }
    const name = normaliseConcept(`${head.level}/${label}`);
    const before = concepts.get(name);
    if (before !== undefined) at(path, `'${head.level}/${label}' is there already (${before}).`);
    concepts.set(name, `output '${head.output}', label ${i}`);
  });
  if (head.threshold === 'argmax' && head.labels.length < 2) {
    at([...here, 'threshold'], 'The highest of one label says nothing: argmax needs two labels or more.');
  }
  if (head.activation === 'softmax' && head.labels.length < 2) {
    at([...here, 'activation'], 'A softmax over one label is always 1: use sigmoid.');
  }
  for (const [figure, values] of Object.entries(head.error ?? {})) {
    if (values !== undefined && values.length !== head.labels.length) {
      at(
        [...here, 'error', figure],
        `There are ${values.length} figures for ${head.labels.length} labels: one a label is needed.`,
      );
    }
  }
}
