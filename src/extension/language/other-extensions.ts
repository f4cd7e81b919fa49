/** Another YAML extension reads our JSON Schema and says what it says; then we add only what a schema cannot. */
import * as vscode from 'vscode';

const yamlExtension = 'redhat.vscode-yaml';

/** Diagnostics that the schema, or any reader of YAML, gives as well. */
const schemaCodes = new Set([
  ...['syntax', 'duplicate-key', 'unknown-key', 'missing-key', 'wrong-value', 'wrong-key'],
]);

/** Whether another extension completes and explains keys from the contributed schema. */
export const schemaIsServed = (): boolean => vscode.extensions.getExtension(yamlExtension)?.isActive === true;

/**
 * Waits until another extension that is installed serves the schema; false where none does. To be asked once a YAML document
 * is open, for which that extension starts by itself: nothing is started for our sake alone.
 */
export async function schemaComesToBeServed(): Promise<boolean> {
  try {
    await vscode.extensions.getExtension(yamlExtension)?.activate();
  } catch {
    // One that fails to start serves nothing.
  }
  return schemaIsServed();
}

/** Whether a diagnostic is told by the other extension already. */
export function toldByOthers(code: string): boolean {
  if (!schemaIsServed() || !schemaCodes.has(code)) return false;
  return vscode.workspace.getConfiguration('yaml').get('validate', true);
}
