/**
 * Operator sets: parts of a composed graph must agree on one version. Upwards from 13 most operators only gained types
 * or optional inputs; those whose meaning or form changed are rewritten here, or refused by name.
 */
import { badInput } from '../failure';
import { ourOpset } from './builder';
import type { OnnxModel, OnnxNode } from './onnx';
import { nestedGraphs } from './surgery';
import { intTensor } from './tensor';

/** Older sets differ in too much: Softmax's axes, axes as attributes of Squeeze, ReduceSum, … */
const oldest = 13;
/** Up to here the changes below are known. A newer set is taken as it is when it needs no raising. */
const newest = 22;

/** Since set 18 these take their axes as an input instead of an attribute. */
const reductions = new Set([
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
]);

/** Operators whose meaning changed in a way that is not rewritten, with the set that changed it. */
const changed: Record<string, number> = {
  BatchNormalization: 14,
  RoiAlign: 16,
  Split: 18,
  DFT: 20,
  GridSample: 20,
  GroupNormalization: 21,
};

/** The version of the standard operators that a model uses. */
export function opsetOf(model: OnnxModel): number {
  return model.opsetImport.find((set) => isStandard(set.domain))?.version ?? 0;
}

const isStandard = (domain: string | undefined): boolean =>
  domain === undefined || domain === '' || domain === 'ai.onnx';

/**
 * Brings all parts to one operator set, the newest among them and at least the one our own nodes are written for.
 * @returns the sets of the composed graph
 * @throws Failure naming file, operator and both versions where that cannot be done
 */
export function agreeOnOpsets(
  parts: readonly { model: OnnxModel; name: string }[],
): OnnxModel['opsetImport'] {
  const target = Math.max(ourOpset, ...parts.map(({ model }) => opsetOf(model)));
  const highest = parts.find(({ model }) => opsetOf(model) === target)?.name ?? 'the scoring nodes';
  for (const { model, name } of parts) raise(model, name, target, highest);
  const sets = new Map<string, { version: number; name: string }>();
  for (const { model, name } of parts) {
    for (const set of model.opsetImport) {
      if (isStandard(set.domain)) continue;
      const domain = set.domain ?? '';
      const version = set.version ?? 0;
      const known = sets.get(domain);
      if (known && known.version !== version) {
        throw badInput(
          `${name} uses version ${version} of the operators '${domain}', ${known.name} version ${known.version}. Export both with the same version.`,
        );
      }
      sets.set(domain, { version, name });
    }
  }
  return [
    { domain: '', version: target },
    ...[...sets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([domain, { version }]) => ({ domain, version })),
  ];
}

function raise(model: OnnxModel, name: string, target: number, other: string): void {
  const from = opsetOf(model);
  if (from === target) return;
  const refuse = (what: string): Error =>
    badInput(
      `${name} uses operator set ${from}, ${other} needs ${target}${what}. Export ${name} again with operator set ${target} (or onnx.version_converter).`,
    );
  if (from < oldest) throw refuse(`, and sets below ${oldest} cannot be raised here`);
  if (target > newest) throw refuse(`, and the changes after ${newest} are not known here`);
  if (model.functions.length > 0) throw refuse(', and it defines functions of its own');
  let axes = 0;
  const visit = (node: OnnxNode): void => {
    const type = node.opType ?? '';
    if (!isStandard(node.domain)) return;
    if (from < 18 && target >= 18 && reductions.has(type)) {
      const attribute = node.attribute.find((a) => a.name === 'axes');
      if (attribute) {
        const constant = intTensor(`higan_axes_${axes++}`, attribute.ints);
        model.graph.initializer.push(constant);
        node.attribute = node.attribute.filter((a) => a !== attribute);
        node.input = [node.input[0], constant.name ?? ''];
      }
    } else if (Object.hasOwn(changed, type) && from < changed[type] && target >= changed[type]) {
      const harmless =
        // Inference has one output; with a second input the sizes are said.
        (type === 'BatchNormalization' && node.output.length === 1) ||
        (type === 'Split' && node.input.length === 2);
      if (!harmless)
        throw refuse(`, and '${type}' (node '${node.name ?? ''}') changed its meaning in between`);
    }
    for (const graph of nestedGraphs(node)) graph.node.forEach(visit);
  };
  model.graph.node.forEach(visit);
}
