/** Cutting and joining graphs: renaming, what a node reads, removing what nobody reads, including one model in another. */
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx';

/** Renames every value in a graph, nested graphs included. Empty names (inputs left out) stay empty. */
export function renameValues(graph: OnnxGraph, rename: (name: string) => string): void {
  const map = (name: string): string => (name === '' ? '' : rename(name));
  const tensor = (value: OnnxTensor | undefined): void => {
    if (value) value.name = map(value.name ?? '');
  };
  graph.initializer.forEach(tensor);
  // A sparse initialiser is named by its values.
  for (const sparse of graph.sparseInitializer) tensor(sparse.values);
  for (const value of [...graph.input, ...graph.output, ...graph.valueInfo])
    value.name = map(value.name ?? '');
  for (const note of graph.quantizationAnnotation) note.tensorName = map(note.tensorName ?? '');
  for (const node of graph.node) {
    node.input = node.input.map(map);
    node.output = node.output.map(map);
    for (const nested of nestedGraphs(node)) renameValues(nested, rename);
  }
}

export function nestedGraphs(node: OnnxNode): OnnxGraph[] {
  return node.attribute.flatMap((attribute) => (attribute.g ? [attribute.g] : attribute.graphs));
}

/** Everything that a node reads: its inputs, and what its nested graphs read from outside. */
export function readBy(node: OnnxNode): Set<string> {
  const names = new Set(node.input.filter((name) => name !== ''));
  for (const graph of nestedGraphs(node)) {
    for (const inner of graph.node) for (const name of readBy(inner)) names.add(name);
    // An output of a nested graph may be a value of the outer one.
    for (const output of graph.output) names.add(output.name ?? '');
  }
  return names;
}

/** Removes nodes, weights and value notes that no output of the graph depends on. Inputs stay. */
export function prune(graph: OnnxGraph): void {
  const live = new Set(graph.output.map((value) => value.name ?? ''));
  const kept: OnnxNode[] = [];
  // Nodes stand in an order in which each comes after what it reads.
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((name) => live.has(name))) continue;
    kept.push(node);
    for (const name of readBy(node)) live.add(name);
  }
  graph.node = kept.reverse();
  graph.initializer = graph.initializer.filter((tensor) => live.has(tensor.name ?? ''));
  graph.sparseInitializer = graph.sparseInitializer.filter((tensor) => live.has(tensor.values?.name ?? ''));
  graph.valueInfo = graph.valueInfo.filter((value) => live.has(value.name ?? ''));
}

/** What an output depends on, as the names of all values on the way. */
export function ancestors(graph: OnnxGraph, outputs: readonly string[]): Set<string> {
  const live = new Set(outputs);
  for (const node of graph.node.toReversed()) {
    if (node.output.some((name) => live.has(name))) for (const name of readBy(node)) live.add(name);
  }
  return live;
}

/**
 * Moves a model's nodes and weights into `target`, every name behind `prefix`.
 * @param feeds which value of `target` stands for each of the model's inputs
 * @returns the name in `target` of a value of the model
 */
export function include(
  target: OnnxModel,
  model: OnnxModel,
  prefix: string,
  feeds: Record<string, string>,
): (name: string) => string {
  const rename = (name: string): string => (Object.hasOwn(feeds, name) ? feeds[name] : prefix + name);
  const { graph } = model;
  renameValues(graph, rename);
  for (const node of graph.node) node.name = prefix + (node.name ?? node.output[0] ?? '');
  target.graph.node.push(...graph.node);
  target.graph.initializer.push(...graph.initializer);
  target.graph.sparseInitializer.push(...graph.sparseInitializer);
  target.graph.quantizationAnnotation.push(...graph.quantizationAnnotation);
  for (const func of model.functions) {
    const same = (other: typeof func): boolean =>
      other.domain === func.domain && other.name === func.name && other.overload === func.overload;
    if (!target.functions.some(same)) target.functions.push(func);
  }
  target.irVersion = Math.max(target.irVersion, model.irVersion);
  return rename;
}
