/** The mapping network z → w: what its file has to be for its manifest. It runs on its own, never within a graph. */
import { badInput } from '../failure';
import type { GeneratorManifest } from '../manifest/schema';
import { decodeModel, signature } from './onnx';
import { expectDims, portList } from './synthesis';

export interface MappingInput {
  manifest: GeneratorManifest;
  mapping: Uint8Array;
  name: string;
}

/**
 * Reads a mapping network and holds it against its manifest.
 * @throws Failure naming the file and what does not fit
 */
export function checkMapping({ manifest, mapping, name }: MappingInput): void {
  const { mapping: declared, z, w, classes } = manifest;
  if (!declared || !w) throw new Error(`${name}: the manifest declares no mapping to w.`);
  const { inputs, outputs } = signature(decodeModel(mapping, name));
  const wanted = [declared.input, ...(declared.classInput === undefined ? [] : [declared.classInput])];
  const given = (port: string): boolean => inputs.some((input) => input.name === port);
  if (inputs.length !== wanted.length || !wanted.every(given))
    throw badInput(
      `${name}: the manifest expects the ${wanted.length === 1 ? 'one input' : 'inputs'} ` +
        `${wanted.map((port) => `'${port}'`).join(', ')}; the file has ${portList(inputs)}.`,
    );
  const output = outputs.find((port) => port.name === declared.output);
  if (!output)
    throw badInput(
      `${name}: the manifest names the output '${declared.output}'; the file has ${portList(outputs)}.`,
    );
  for (const { name: port, dims } of inputs) {
    const isClass = port === declared.classInput;
    const size = isClass ? (classes ?? 0) : z.dim;
    expectDims(name, port, dims, ['batch', size], isClass ? 'generator.classes' : 'generator.z.dim');
  }
  expectDims(name, output.name, output.dims, ['batch', w.dim], 'generator.w.dim');
}
