/** Which git to run: the one that the editor's own git extension found, by its setting `git.path`; else that on the PATH. */
import * as vscode from 'vscode';

/** What we use of the API of `vscode.git` (version 1). */
interface GitExtension {
  readonly enabled: boolean;
  /** Throws while the extension is disabled by `git.enabled`. */
  getAPI(version: 1): { readonly git: { readonly path: string } };
}

/**
 * Undefined: whatever the PATH has. History is read by running git ourselves, because the extension knows only the
 * repositories that it opened: not those above the workspace's folder, none with `git.enabled` off, and none in builds
 * that leave it out.
 */
export async function gitProgram(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  try {
    const git = await extension?.activate();
    return git?.enabled === true ? git.getAPI(1).git.path : undefined;
  } catch {
    // No git was found by it, or it is broken: the PATH has the last word.
    return undefined;
  }
}
