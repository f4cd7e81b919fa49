/** An experiment file, read and judged: the one way in for command line and study. */
import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../../protocol/results';
import { cannotRead } from '../formats/file-failure';
import { diagnosed, type ModelPlace } from '../manifest';
import { inTurns, othersTurn } from '../yaml';
import { checkExperiment } from './check';
import { loadContext, type ModelContext } from './context';
import { parsingExperiment, type ParsedExperiment } from './parse';
import { resolveExperiment, type ResolvedExperiment } from './resolve';

export interface JudgedExperiment {
  parsed: ParsedExperiment;
  /** Null where the text is too broken to name its models. */
  context: ModelContext | null;
  /** Every complaint, form and meaning, in the order of the file. */
  diagnostics: Diagnostic[];
}

/** Judges a text. Never throws for what the text says. */
export async function judgeExperiment(text: string, place: ModelPlace): Promise<JudgedExperiment> {
  const parsed = await inTurns(parsingExperiment(text));
  const draft = parsed.value ?? parsed.draft;
  // Long texts take a while in each of these.
  await othersTurn();
  const context = draft ? await loadContext(draft, place) : null;
  await othersTurn();
  const diagnostics = [...parsed.diagnostics, ...(context ? checkExperiment(parsed, context) : [])];
  return { parsed, context, diagnostics: diagnostics.sort((a, b) => a.start.offset - b.start.offset) };
}

/**
 * Reads an experiment that is to be run.
 * @param file its path; models are looked for from there
 * @param text its text where that is not what lies on disk
 * @throws Failure 'bad-input' with file, line and column of every error
 */
export async function readExperiment(
  file: string,
  options: { text?: string; modelPaths?: readonly string[] } = {},
): Promise<{ text: string; resolved: ResolvedExperiment; warnings: Diagnostic[] }> {
  const text = options.text ?? (await readText(file));
  const { parsed, context, diagnostics } = await judgeExperiment(text, {
    experimentFile: file,
    modelPaths: options.modelPaths,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw diagnosed(file, errors);
  if (!parsed.value || !context) throw new Error('An experiment without errors has a value.');
  return {
    text,
    resolved: resolveExperiment(parsed.value, context),
    warnings: diagnostics.filter(({ severity }) => severity === 'warning'),
  };
}

/** The text of an experiment file. @throws Failure that says why it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw cannotRead(file, error);
  }
}
