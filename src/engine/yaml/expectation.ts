/** What a JSON Schema asks for, in words. */
import type { DataPath } from './source';

/** The part of JSON Schema that zod writes for our files. */
export interface JsonSchema {
  title?: string;
  description?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  default?: unknown;
  required?: string[];
}

/**
 * `a whole number from 1 to 10,000,000`, `one of svm, logistic, lda`, `a list of …`.
 * @param given what stands there instead: the ends of the whole numbers that are exact are named only to what lies beyond
 */
export function expectation(schema: JsonSchema, given?: unknown): string {
  if (schema.anyOf) return schema.anyOf.map((option) => expectation(option, given)).join(', or ');
  if (schema.const !== undefined) return `'${JSON.stringify(schema.const).replaceAll('"', '')}'`;
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`;
  switch (schema.type) {
    case 'integer':
      return `a whole number${bounds(schema, given)}`;
    case 'number':
      return `a number${bounds(schema, given)}`;
    case 'string':
      return schema.minLength ? 'a text that is not empty' : 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return listWords(schema);
    case 'object':
      return schema.properties
        ? `a map with ${Object.keys(schema.properties).join(', ')}`
        : 'a map from names';
    default:
      return 'a value';
  }
}

function listWords(schema: JsonSchema): string {
  const size =
    schema.minItems !== undefined && schema.maxItems !== undefined
      ? ` of ${schema.minItems} to ${schema.maxItems} entries`
      : schema.minItems !== undefined && schema.minItems > 1
        ? ` of at least ${schema.minItems} entries`
        : schema.minItems === 1
          ? ' that is not empty'
          : '';
  const items = typeof schema.items === 'object' ? `, each ${expectation(schema.items)}` : '';
  return `a list${size}${items}`;
}

function bounds(schema: JsonSchema, given: unknown): string {
  const beyond = typeof given === 'number' && Math.abs(given) > Number.MAX_SAFE_INTEGER;
  const text = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: 6 });
  const low =
    schema.minimum !== undefined && (beyond || schema.minimum > Number.MIN_SAFE_INTEGER)
      ? `from ${text(schema.minimum)}`
      : schema.exclusiveMinimum !== undefined
        ? `above ${text(schema.exclusiveMinimum)}`
        : '';
  const high =
    schema.maximum !== undefined && (beyond || schema.maximum < Number.MAX_SAFE_INTEGER)
      ? `${low.startsWith('from') ? 'to' : 'up to'} ${text(schema.maximum)}`
      : schema.exclusiveMaximum !== undefined
        ? `below ${text(schema.exclusiveMaximum)}`
        : '';
  const both = [low, high].filter((part) => part !== '').join(low.startsWith('above') ? ' and ' : ' ');
  return both === '' ? '' : ` ${both}`;
}

/** The schema of what stands at a path; null where the schema does not say. */
export function schemaAt(schema: JsonSchema, path: DataPath): JsonSchema | null {
  let at: JsonSchema | null = schema;
  for (const step of path) {
    if (at === null) return null;
    const options: JsonSchema[] = at.anyOf ?? [at];
    at =
      options.map((option) => childOf(option, step)).find((found): found is JsonSchema => found !== null) ??
      null;
  }
  return at;
}

function childOf(schema: JsonSchema, step: PropertyKey): JsonSchema | null {
  if (typeof step === 'number') {
    return schema.prefixItems?.[step] ?? (typeof schema.items === 'object' ? schema.items : null);
  }
  const name = String(step);
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
}

/** The keys that a map at a path may have. */
export function keysAt(schema: JsonSchema, path: DataPath): string[] {
  const at = schemaAt(schema, path);
  return Object.keys(at?.properties ?? {});
}
