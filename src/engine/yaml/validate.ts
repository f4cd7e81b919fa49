/** Data against a schema, with every complaint on the exact key or value and in words a person can act on. */
import type { z } from 'zod';
import type { Diagnostic } from '../../protocol/results';
import { expectation, keysAt, schemaAt, type JsonSchema } from './expectation';
import { didYouMean, nearest } from './nearest';
import { diagnoseAt, type DataPath, type YamlSource } from './source';

export interface Validated<T> {
  /** The data with defaults filled in; null where anything is wrong. */
  value: T | null;
  /** The same with the wrong parts left out, so that the rest can be judged; null where that is not possible. */
  draft: T | null;
  diagnostics: Diagnostic[];
}

/**
 * @param schema what the data should be
 * @param shapeOf gives its JSON Schema (input form), for the words; not asked for where the data are sound
 */
export function validate<S extends z.ZodType>(
  source: YamlSource,
  data: unknown,
  schema: S,
  shapeOf: () => JsonSchema,
): Validated<z.infer<S>> {
  const first = schema.safeParse(data, { reportInput: true });
  if (first.success) return { value: first.data, draft: first.data, diagnostics: [] };
  const shape = shapeOf();
  const misspelt = new Set(first.error.issues.flatMap((issue) => meantKeys(issue, shape)));
  const diagnostics = first.error.issues
    // A key that is only misspelt is not missing too.
    .filter(({ path }) => !misspelt.has(dotted(path)) || valueAt(data, path) !== undefined)
    .flatMap((issue) => tell(source, data, issue, shape))
    // A number that is no whole number, or beyond two limits, is so by more than one rule.
    .filter((told, index, all) => index === all.findIndex((other) => isSame(told, other)));
  let left = data;
  for (let round = 0; round < 8; round++) {
    const result = schema.safeParse(left);
    if (result.success) return { value: null, draft: result.data, diagnostics };
    for (const issue of result.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) left = without(left, [...issue.path, key]);
      } else if (issue.path.length > 0) {
        left = without(left, issue.path);
      }
    }
  }
  return { value: null, draft: null, diagnostics };
}

const isSame = (a: Diagnostic, b: Diagnostic): boolean =>
  a.start.offset === b.start.offset && a.end.offset === b.end.offset && a.message === b.message;

/** The known keys that unknown ones were probably meant to be, as dotted paths. */
function meantKeys(issue: z.core.$ZodIssue, shape: JsonSchema): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, keysAt(shape, issue.path));
    return meant === undefined ? [] : [dotted([...issue.path, meant])];
  });
}

function tell(source: YamlSource, data: unknown, issue: z.core.$ZodIssue, shape: JsonSchema): Diagnostic[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path);
    return issue.keys.map((key) => {
      const suggestion = nearest(key, known);
      const place = path.length === 0 ? 'an experiment' : `'${dotted(path)}'`;
      const where = shape.title === undefined || path.length > 0 ? place : shape.title;
      return diagnoseAt(source, [...path, key], 'key', {
        code: 'unknown-key',
        message: `'${key}' is not a key of ${where}.${suggestion ? didYouMean(suggestion) : ` Known here: ${known.join(', ') || 'none'}.`}`,
        suggestion,
      });
    });
  }
  const at = schemaAt(shape, path);
  const written = valueAt(data, path);
  const wanted = at ? expectation(at, written) : null;
  if (written === undefined && path.length > 0) {
    return [
      diagnoseAt(source, path, 'key', {
        code: 'missing-key',
        message: `'${dotted(path)}' is missing: ${wanted ?? 'a value'} is needed.${about(at)}`,
      }),
    ];
  }
  if (issue.code === 'custom' || (issue.code === 'invalid_format' && at?.enum === undefined)) {
    return [
      diagnoseAt(source, path, 'value', { code: 'wrong-value', message: `${label(path)}${issue.message}.` }),
    ];
  }
  if (issue.code === 'invalid_key') {
    return [
      diagnoseAt(source, path, 'key', {
        code: 'wrong-key',
        message: `'${String(path.at(-1))}' cannot be a name here: ${issue.issues[0]?.message ?? 'another form is expected'}.`,
      }),
    ];
  }
  const choices = at ? choicesOf(at) : [];
  const suggestion = typeof written === 'string' ? nearest(written, choices) : undefined;
  return [
    diagnoseAt(source, path, 'value', {
      code: 'wrong-value',
      message: `${label(path)}${shown(written)} is given, but ${wanted ?? 'something else'} is expected.${didYouMean(suggestion)}`,
      suggestion,
    }),
  ];
}

const label = (path: DataPath): string => (path.length === 0 ? '' : `${dotted(path)}: `);

/** `probe.samples`, `previews.evening.edits[1].step` */
export const dotted = (path: DataPath): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );

const about = (schema: JsonSchema | null): string =>
  schema?.description === undefined ? '' : ` ${schema.description}`;

function choicesOf(schema: JsonSchema): string[] {
  return [schema, ...(schema.anyOf ?? [])].flatMap((s) =>
    [...(s.enum ?? []), ...(s.const === undefined ? [] : [s.const])].filter(
      (choice): choice is string => typeof choice === 'string',
    ),
  );
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(data: unknown, path: DataPath): unknown {
  let value = data;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return value;
}

/** A copy of the data without the value at a path; list items become what their schema would refuse less. */
function without(data: unknown, path: DataPath): unknown {
  if (path.length === 0 || data === null || typeof data !== 'object') return data;
  const [step, ...rest] = path;
  if (Array.isArray(data)) {
    return rest.length === 0
      ? data.filter((_, index) => index !== Number(step))
      : data.map((item: unknown, index) => (index === Number(step) ? without(item, rest) : item));
  }
  const entries = Object.entries(data as Record<string, unknown>);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== step)
      : entries.map(([key, value]) => [key, key === step ? without(value, rest) : value]),
  );
}
