/** The predictors' part of the scoring graph: which heads are read, and their columns. */
import { normaliseConcept, type ConceptName, type Level } from '../../protocol/concept';
import { badInput } from '../failure';
import type { HeadManifest, PredictorManifest } from '../manifest/schema';
import type { GraphBuilder } from './builder';
import { colorLabels } from './color';
import { decodeModel, dimsOf, signature, type OnnxModel } from './onnx';
import type { Confidence, PredictorInput, ScoreColumn } from './scoring-graph';
import { floatTensor, readFloats } from './tensor';
import { expectDims, portList } from './synthesis';

/** Whether a study reads any of these labels. A pair of categories, `a~b`, reads both. */
export function isRead(
  level: Level,
  labels: readonly string[],
  concepts: readonly ConceptName[] | undefined,
): boolean {
  if (!concepts) return true;
  const names = new Set(labels.map((label) => normaliseConcept(`${level}/${label}`)));
  return concepts.some((concept) => {
    const whole = normaliseConcept(concept);
    return (
      names.has(whole) ||
      whole
        .slice(level.length + 1)
        .split('~')
        .some((label) => names.has(`${level}/${label}`))
    );
  });
}

export type ScoringHead = HeadManifest & { level: Level };
const isScoring = (head: HeadManifest): head is ScoringHead => head.level !== 'segmentation';

/** The heads of a predictor that the concepts read; segmentation never scores. */
export function headsRead(
  manifest: PredictorManifest,
  concepts: readonly ConceptName[] | undefined,
): ScoringHead[] {
  return manifest.heads.filter(isScoring).filter((head) => isRead(head.level, head.labels, concepts));
}

/** The columns of the scoring graph while it is put together. */
export class Columns {
  readonly columns: ScoreColumn[] = [];
  readonly confidences: Confidence[] = [];
  private readonly scores: string[] = [];
  private readonly confidenceValues: string[] = [];

  constructor(private readonly graph: GraphBuilder) {}

  /**
   * @param value the head's output [B, labels (+ 1 with a confidence)], before its activation
   * @throws Failure where a concept is scored twice
   */
  add(predictor: PredictorInput, head: ScoringHead, value: string): void {
    const labels = head.labels.length;
    let own = value;
    if (head.confidence) {
      own = this.slice(value, 0, labels);
      const confidence = this.slice(value, labels, labels + 1);
      this.confidenceValues.push(
        head.confidence.activation === 'sigmoid' ? this.graph.op('Sigmoid', [confidence]) : confidence,
      );
      this.confidences.push({
        column: 0,
        masks: head.labels.map((_, i) => this.columns.length + i),
        minimum: head.confidence.minimum,
      });
    }
    if (head.activation === 'sigmoid') own = this.graph.op('Sigmoid', [own]);
    if (head.activation === 'softmax') own = this.graph.op('Softmax', [own], { axis: { int: -1 } });
    this.push(own, head.level, head.labels, head, predictor.name);
  }

  /** @param value [B, 14] */
  addColor(value: string): void {
    this.push(value, 'color', colorLabels, null, 'color');
  }

  /** All scores, then all confidences: [B, width]. */
  finish(): { value: string; width: number } {
    this.confidences.forEach((confidence, i) => (confidence.column = this.columns.length + i));
    return {
      value: this.graph.op('Concat', [...this.scores, ...this.confidenceValues], { axis: { int: 1 } }),
      width: this.columns.length + this.confidences.length,
    };
  }

  private push(
    value: string,
    level: Level,
    labels: readonly string[],
    head: HeadManifest | null,
    predictor: string,
  ): void {
    labels.forEach((text, label) => {
      const concept = `${level}/${text}`;
      const twin = this.columns.find((column) => column.concept === concept);
      if (twin)
        throw badInput(
          `'${concept}' is scored by ${twin.predictor} and by ${predictor}. Name one of them in 'predictors', or rename the label in a manifest.`,
        );
      this.columns.push({ concept, level, head, label, predictor });
    });
    this.scores.push(value);
  }

  private slice(value: string, from: number, to: number): string {
    return this.graph.op('Slice', [
      value,
      this.graph.ints([from]),
      this.graph.ints([to]),
      this.graph.ints([1]),
    ]);
  }
}

/**
 * Holds a predictor's file against its manifest.
 * @throws Failure naming the file and the head
 */
export function checkPredictor(
  model: OnnxModel,
  { manifest, name }: PredictorInput,
  heads: readonly HeadManifest[],
): void {
  const { inputs, outputs } = signature(model);
  const { input } = manifest;
  const found = inputs.find((port) => port.name === input.name);
  if (!found || inputs.length !== 1)
    throw badInput(
      `${name}: the manifest expects the one input '${input.name}'; the file has ${portList(inputs)}.`,
    );
  expectDims(name, found.name, found.dims, ['batch', 3, input.size, input.size], 'input.size');
  for (const head of heads) {
    const output = outputs.find((port) => port.name === head.output);
    if (!output)
      throw badInput(
        `${name}: the manifest names the output '${head.output}'; the file has ${portList(outputs)}.`,
      );
    if (head.level === 'segmentation') {
      if (output.dims && (output.dims.length !== 4 || !mayBe(output.dims[1], head.labels.length)))
        throw badInput(
          `${name}: '${head.output}' is [${output.dims.join(', ')}]; a segmentation of ${head.labels.length} labels is [B, ${head.labels.length}, H, W].`,
        );
      continue;
    }
    const width = head.labels.length + (head.confidence ? 1 : 0);
    expectDims(name, head.output, output.dims, ['batch', width], `the labels of '${head.output}'`);
  }
}

/** Reads a predictor's file and holds all of it against its manifest. @throws Failure as `checkPredictor` */
export function readPredictor(input: PredictorInput): OnnxModel {
  const model = decodeModel(input.bytes, input.name);
  checkPredictor(model, input, input.manifest.heads);
  return model;
}

const mayBe = (dim: number | string | null, size: number): boolean => typeof dim !== 'number' || dim === size;

/**
 * The reference inherited a line from a demo of class activation maps that sets the negative weights of the category
 * classifier to 0, in place; `compat: higan` repeats it.
 * @throws Failure where no fully connected layer makes the head's output
 */
export function zeroNegativeWeights(model: OnnxModel, output: string, file: string): void {
  const { graph } = model;
  const made = (value: string) => graph.node.find((node) => node.output.includes(value));
  let node = made(output);
  // A bias added on its own, or the activation within the file, stands between.
  while (node && node.opType !== 'Gemm' && node.opType !== 'MatMul') node = made(node.input[0]);
  const index = graph.initializer.findIndex((tensor) => tensor.name === node?.input[1]);
  if (index < 0)
    throw badInput(
      `${file}: no fully connected layer with constant weights makes '${output}', so 'compat: higan' cannot repeat what the reference did to it. Remove 'compat'.`,
    );
  const tensor = graph.initializer[index];
  const values = readFloats(tensor, file).map((value) => Math.max(value, 0));
  graph.initializer[index] = floatTensor(tensor.name ?? '', values, tensor.dims);
}

/** Height and width that a segmentation declares, for the signature of what is made of it. */
export function mapSize(model: OnnxModel, output: string): (number | string | null)[] {
  const value = model.graph.output.find((v) => v.name === output);
  const dims = value ? dimsOf(value) : null;
  return dims ? dims.slice(2) : ['H', 'W'];
}
