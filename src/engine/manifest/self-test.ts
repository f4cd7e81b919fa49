/** Writes a model's expected self-test image into its manifest: the last step of making a model. */
import { readFile, writeFile } from 'node:fs/promises';
import { isNode, parseDocument } from 'yaml';
import { badInput } from '../failure';
import { cannotRead, cannotWrite } from '../formats/file-failure';
import type { Model } from './model';

/**
 * Sets `generator.selfTest.thumbnail`; everything else in the manifest stays, comments included.
 * @param thumbnail [3, 8, 8] as 192 numbers
 * @returns whether the manifest had to be changed
 * @throws Failure where the model has no generator, or its manifest cannot be written
 */
export async function writeThumbnail(model: Model, thumbnail: readonly number[]): Promise<boolean> {
  if (!model.manifest.generator) throw badInput(`'${model.name}' has no generator to test.`);
  let text: string;
  try {
    text = await readFile(model.manifestFile, 'utf8');
  } catch (error) {
    throw cannotRead(model.manifestFile, error);
  }
  const { seed, index } = model.manifest.generator.selfTest ?? { seed: 0, index: 0 };
  const written = `{ seed: ${seed}, index: ${index}, thumbnail: [${thumbnail.join(', ')}] }`;
  const document = parseDocument(text);
  const present = document.getIn(['generator', 'selfTest'], true);
  let edited: string;
  if (isNode(present) && present.range) {
    const [start, end] = present.range;
    edited = text.slice(0, start) + written + text.slice(end);
  } else {
    document.setIn(['generator', 'selfTest'], parseDocument(written).contents);
    edited = document.toString({ lineWidth: 0 });
  }
  if (edited === text) return false;
  try {
    await writeFile(model.manifestFile, edited);
    return true;
  } catch (error) {
    throw cannotWrite(model.manifestFile, error);
  }
}
