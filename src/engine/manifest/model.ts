/** A model folder, read: its manifest, and where its files lie. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Diagnostic } from '../../protocol/results';
import { badInput, type Failure } from '../failure';
import { cannotRead, systemCode } from '../formats/file-failure';
import { readNpy } from '../formats/npy';
import { diagnoseAt, readYaml, validate, type JsonSchema } from '../yaml';
import { each } from './each';
import { manifestFindings } from './consistency';
import { modelFiles } from './files';
import { manifestSchema, type Manifest } from './schema';

/** A generator, predictors, or both, in one folder. */
export interface Model {
  /** The name that the manifest gives. */
  name: string;
  /** Absolute path of the folder, and of the manifest in it. */
  folder: string;
  manifestFile: string;
  manifest: Manifest;
  /** Absolute path of a file that the manifest names. */
  file: (name: string) => string;
}

export const manifestName = 'manifest.yaml';

let shape: JsonSchema | undefined;

/** For the words of diagnostics; made at first need, since it takes longer than all else that loading this file does. */
const manifestShape = (): JsonSchema =>
  (shape ??= {
    title: 'a manifest',
    ...z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' }),
  } as JsonSchema);

/** What the last manifests said, by their text: every keystroke in an experiment asks for its models again. */
const parsed = new Map<string, ParsedManifest>();
const remembered = 64;

interface ParsedManifest {
  manifest: Manifest | null;
  diagnostics: Diagnostic[];
}

/** Reads a manifest's text. Every complaint has its exact place. The same text may give the same object. */
export function parseManifest(text: string): ParsedManifest {
  const known = parsed.get(text) ?? judgeManifest(text);
  // The oldest goes first; one that is asked for is the newest again.
  parsed.delete(text);
  parsed.set(text, known);
  const [oldest] = parsed.keys();
  if (parsed.size > remembered) parsed.delete(oldest);
  return known;
}

function judgeManifest(text: string): ParsedManifest {
  const source = readYaml(text);
  if (source.diagnostics.length > 0) return { manifest: null, diagnostics: source.diagnostics };
  const { value, diagnostics } = validate(source, source.data, manifestSchema, manifestShape);
  if (!value) return { manifest: null, diagnostics };
  const inconsistent = manifestFindings(value).map(({ path: at, part, ...finding }) =>
    diagnoseAt(source, at, part, finding),
  );
  return { manifest: inconsistent.length > 0 ? null : value, diagnostics: inconsistent };
}

/**
 * Reads a model.
 * @param place its folder, or its manifest
 * @throws Failure 'bad-input' with file, line and column of everything that is wrong with the manifest, or naming
 *   the file that is missing.
 */
export async function loadModel(place: string): Promise<Model> {
  const manifestFile = await manifestAt(path.resolve(place));
  const folder = path.dirname(manifestFile);
  let text: string;
  try {
    text = await readFile(manifestFile, 'utf8');
  } catch (error) {
    throw cannotRead(manifestFile, error);
  }
  const { manifest, diagnostics } = parseManifest(text);
  if (!manifest) throw diagnosed(manifestFile, diagnostics);
  const file = (name: string): string => path.join(folder, name);
  const model: Model = { name: manifest.name, folder, manifestFile, manifest, file };
  await checkFiles(model);
  return model;
}

/** A Failure that says every diagnostic of a file, `file:line:column: message`, one a line. */
export function diagnosed(file: string, diagnostics: readonly Diagnostic[]): Failure {
  return badInput(diagnostics.map((diagnostic) => diagnosticLine(file, diagnostic)).join('\n'));
}

/** `bedroom.higan.yaml:4:12: error: …`, lines and columns from 1 as compilers print them. */
export function diagnosticLine(file: string, { start, severity, message }: Diagnostic): string {
  const kind = severity === 'error' ? '' : `${severity}: `;
  return `${file}:${start.line + 1}:${start.column + 1}: ${kind}${message}`;
}

/** The manifest of a model folder, or the manifest that is meant itself. @throws Failure where nothing is there. */
export async function manifestAt(place: string): Promise<string> {
  try {
    return (await stat(place)).isDirectory() ? path.join(place, manifestName) : place;
  } catch (error) {
    throw cannotRead(place, error);
  }
}

/** What only the files can tell: that they are there, and that the mean code has the length of w. */
async function checkFiles(model: Model): Promise<void> {
  await each(modelFiles(model.manifest), async ({ file }) => {
    try {
      await stat(model.file(file));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw cannotRead(model.file(file), error);
      throw badInput(
        `${model.manifestFile} names the file '${file}', which is not in ${model.folder}. Copy the whole model folder.`,
        error,
      );
    }
  });
  const { truncation, w } = model.manifest.generator ?? {};
  if (!truncation || !w) return;
  const { data, dims } = await readNpy(model.file(truncation.mean.file));
  if (data.length !== w.dim) {
    throw badInput(
      `${model.file(truncation.mean.file)} holds [${dims.join(', ')}] numbers, but the codes of '${model.name}' ` +
        `have w.dim ${w.dim}: export the mean code of this generator again.`,
    );
  }
}
