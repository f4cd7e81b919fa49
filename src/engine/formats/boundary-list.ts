/** The reference's list of boundaries: lines `(name, space): path`; a line that begins with DISABLE is skipped. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from '../failure';
import { cannotRead } from './file-failure';

export const boundarySpaces = ['z', 'w', 'wp'] as const;
export interface BoundaryListEntry {
  name: string;
  space: (typeof boundarySpaces)[number];
  /** As written; `readBoundaryList` makes it absolute from the list's own folder. */
  path: string;
}

/**
 * @param name how messages name the file
 * @throws Failure naming the line
 */
export function parseBoundaryList(text: string, name: string): BoundaryListEntry[] {
  const entries: BoundaryListEntry[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('DISABLE')) continue;
    // Only the colon after the parenthesis divides: paths have colons of their own (`C:\`).
    const found = /^\((.+),([^,]+)\)\s*:\s*(.+)$/.exec(line);
    if (!found) throw badInput(`${name}:${index + 1}: '${line}' is not of the form (name, space): path.`);
    const space = boundarySpaces.find((known) => known === found[2].trim().toLowerCase());
    if (!space) {
      throw badInput(`${name}:${index + 1}: '${found[2].trim()}' is not a space; write z, w or wp.`);
    }
    entries.push({ name: found[1].trim(), space, path: found[3].trim() });
  }
  return entries;
}

/** Reads a list; paths in it count from its folder. */
export async function readBoundaryList(file: string): Promise<BoundaryListEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  return parseBoundaryList(text, file).map((listed) => ({
    ...listed,
    path: path.resolve(path.dirname(file), listed.path),
  }));
}

export function formatBoundaryList(entries: readonly BoundaryListEntry[]): string {
  return entries.map(({ name, space, path: file }) => `(${name}, ${space}): ${file}\n`).join('');
}
