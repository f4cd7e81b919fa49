/** A model of one node, to see whether a device is there at all. */
import { GraphBuilder } from '../graph/builder';

function build(): Uint8Array {
  const graph = new GraphBuilder('device check');
  const value = graph.input('x', [2]);
  graph.output('y', graph.op('Add', [value, value]), [2]);
  return graph.encode();
}

export const smallestModel = build();
