/** One text for one meaning: the form in which records are hashed. */
import { createHash } from 'node:crypto';

/** What a key may hold. `undefined` entries count as absent. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** JSON with sorted keys and without spaces. @throws Error for numbers that JSON cannot hold. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`${value} cannot be part of a key.`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const record = value as { readonly [key: string]: Json | undefined };
  const entries = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key] as Json)}`);
  return `{${entries.join(',')}}`;
}

/** SHA-256 of bytes or of text, as 64 hexadecimal digits. */
export const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** The hash that names a series: SHA-256 of its key's canonical JSON. */
export const keyHash = (key: Json): string => sha256(canonicalJson(key));
