/**
 * What panels write back into an experiment: verdicts, edits, previews. Each function returns the smallest
 * replacement that does it; comments, order, quoting and line ends elsewhere stay as they are, to the byte.
 */
import type { ConceptName } from '../../protocol/concept';
import { badInput } from '../failure';
import { comparedForm } from './concepts';
import { edited, readYaml, withItem, withItems, withoutItem, type Change, type TextEdit } from '../yaml';

export interface VerdictChange {
  /** Absent: stays as it is. Null: is removed. */
  verdict?: 'accepted' | 'rejected' | 'unsure' | null;
  note?: string | null;
  result?: string | null;
}

export interface EditChange {
  concept?: string;
  step?: number;
  layers?: string | number;
}

export interface JitterChange {
  strength?: number;
  variants?: number;
  seed?: number;
}

export interface NewPreview {
  samples?: number[];
  edits?: { concept: string; step?: number; layers?: string | number }[];
  jitter?: JitterChange;
}

/**
 * Writes a verdict on a concept under `review:`; a verdict of which nothing is left is removed.
 * @throws Failure 'bad-input' when the text cannot be edited (it has errors, or the place is an alias shared with
 *   other places).
 */
export function setVerdict(text: string, concept: ConceptName, change: VerdictChange): TextEdit[] {
  const review = dataOf(text).review;
  const written = isRecord(review)
    ? (Object.keys(review).find((key) => comparedForm(key) === comparedForm(concept)) ?? concept)
    : concept;
  const before = isRecord(review) && isRecord(review[written]) ? review[written] : {};
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const after = { ...before, ...Object.fromEntries(given) };
  const left = Object.entries(after).filter(([, value]) => value !== null);
  if (left.length === 0) return edited(text, [{ path: ['review', written], value: undefined }]);
  if (Object.keys(before).length === 0) {
    return edited(text, [{ path: ['review', written], value: Object.fromEntries(left) }]);
  }
  return edited(
    text,
    given.map(([key, value]): Change => ({ path: ['review', written, key], value: value ?? undefined })),
  );
}

/**
 * Makes sure that an edit is still the one that somebody looked at: its place is all that names it.
 * @throws Failure 'bad-input' when another concept is edited there, or none, or the text cannot be read
 */
export function expectEdit(text: string, preview: string, index: number, concept: string): void {
  const edit = editsOf(text, preview)[index];
  if (!isRecord(edit)) throw noEdit(preview, index);
  if (comparedForm(String(edit.concept)) === comparedForm(concept)) return;
  throw badInput(
    `Nothing was written: the edits of the preview '${preview}' have changed, and number ${index + 1} is not of '${concept}' any more. Look at them as they are now, and try again.`,
  );
}

/**
 * Changes step, layers or concept of one edit of a preview.
 * @throws Failure 'bad-input' when there is no such edit, or the text cannot be edited
 */
export function setEdit(text: string, preview: string, index: number, change: EditChange): TextEdit[] {
  if (!isRecord(editsOf(text, preview)[index])) throw noEdit(preview, index);
  return edited(
    text,
    Object.entries(change)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]): Change => ({ path: ['previews', preview, 'edits', index, key], value })),
  );
}

/**
 * Adds an edit behind the others of a preview; their text and comments stay as they are.
 * @throws Failure 'bad-input' when there is no such preview, or the text cannot be edited
 */
export function addEdit(text: string, preview: string, edit: EditChange & { concept: string }): TextEdit[] {
  editsOf(text, preview);
  const value = Object.fromEntries(Object.entries(edit).filter(([, part]) => part !== undefined));
  return withItem(text, ['previews', preview, 'edits'], value);
}

/**
 * Removes one edit of a preview with the comments on its own lines; the others' text and comments stay as they are.
 * @throws Failure 'bad-input' when there is no such edit, or the text cannot be edited
 */
export function removeEdit(text: string, preview: string, index: number): TextEdit[] {
  if (!(index in editsOf(text, preview))) throw noEdit(preview, index);
  return withoutItem(text, ['previews', preview, 'edits'], index);
}

/**
 * Changes which samples a preview shows; those that stay keep their text and comments.
 * @throws Failure 'bad-input' when there is no such preview, or the text cannot be edited
 */
export function setSamples(text: string, preview: string, samples: readonly number[]): TextEdit[] {
  previewOf(text, preview);
  return withItems(text, ['previews', preview, 'samples'], samples);
}

/**
 * Changes the numbers of a preview's jitter that are given; the others keep their text and comments, or stay unwritten where
 * the file leaves them to their defaults. Null removes the jitter.
 * @throws Failure 'bad-input' when there is no such preview, or the text cannot be edited
 */
export function setJitter(text: string, preview: string, jitter: JitterChange | null): TextEdit[] {
  const path = ['previews', preview, 'jitter'];
  const { jitter: written } = previewOf(text, preview);
  if (jitter === null) return edited(text, [{ path, value: undefined }]);
  const given = Object.entries(jitter).filter(([, value]) => value !== undefined);
  if (!isRecord(written)) return edited(text, [{ path, value: Object.fromEntries(given) }]);
  return edited(
    text,
    given.map(([key, value]): Change => ({ path: [...path, key], value })),
  );
}

/** The edits of a preview as they are written; none where it has none. */
function editsOf(text: string, preview: string): unknown[] {
  const { edits } = previewOf(text, preview);
  return Array.isArray(edits) ? edits : [];
}

/** A preview as it is written; empty where nothing stands below its name. */
function previewOf(text: string, preview: string): Record<string, unknown> {
  const previews = dataOf(text).previews;
  if (!isRecord(previews) || !Object.hasOwn(previews, preview)) {
    throw badInput(`The file has no preview '${preview}' (any more).`);
  }
  const entry = previews[preview];
  return isRecord(entry) ? entry : {};
}

const noEdit = (preview: string, index: number): Error =>
  badInput(`The file has no edit ${index} in a preview '${preview}' (any more).`);

/**
 * Adds a preview under `previews:`.
 * @throws Failure 'bad-input' when there is one of that name, or the text cannot be edited
 */
export function addPreview(text: string, name: string, preview: NewPreview): TextEdit[] {
  const previews = dataOf(text).previews;
  if (isRecord(previews) && Object.hasOwn(previews, name)) {
    throw badInput(`The file has a preview '${name}' already; choose another name.`);
  }
  const value = Object.fromEntries(Object.entries(preview).filter(([, part]) => part !== undefined));
  return edited(text, [{ path: ['previews', name], value }]);
}

function dataOf(text: string): Record<string, unknown> {
  const { data, diagnostics } = readYaml(text);
  if (diagnostics.length > 0) {
    const { message, start } = diagnostics[0];
    throw badInput(
      `Nothing was written: the file cannot be read (line ${start.line + 1}: ${message}). Mend it first.`,
    );
  }
  return isRecord(data) ? data : {};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Hashes of the results that a file's verdicts were given on; none where the file cannot be read. */
export function resultsOfVerdicts(text: string): string[] {
  const { data } = readYaml(text);
  const review = isRecord(data) ? data.review : undefined;
  if (!isRecord(review)) return [];
  return Object.values(review).flatMap((verdict) =>
    isRecord(verdict) && typeof verdict.result === 'string' ? [verdict.result] : [],
  );
}
