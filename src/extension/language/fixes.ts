/** Quick fixes: the nearest name, and allowing a model folder outside the search path. */
import * as vscode from 'vscode';
import { ExperimentDiagnostic } from './diagnostics';

export const addModelPath = 'higan.addModelPath';

export class ExperimentFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return vscode.languages
      .getDiagnostics(document.uri)
      .filter((known): known is ExperimentDiagnostic => known instanceof ExperimentDiagnostic)
      .filter((known) => diagnostics.some((asked) => same(asked, known)))
      .flatMap((diagnostic) => fixesOf(document, diagnostic));
  }
}

const same = (a: vscode.Diagnostic, b: vscode.Diagnostic): boolean =>
  a.message === b.message && a.range.isEqual(b.range);

function fixesOf(document: vscode.TextDocument, diagnostic: ExperimentDiagnostic): vscode.CodeAction[] {
  const { suggestion, message } = diagnostic.found;
  const actions: vscode.CodeAction[] = [];
  if (suggestion !== undefined) {
    const fix = new vscode.CodeAction(`Change to '${suggestion}'`, vscode.CodeActionKind.QuickFix);
    fix.edit = new vscode.WorkspaceEdit();
    fix.edit.replace(
      document.uri,
      diagnostic.range,
      quotedLike(document.getText(diagnostic.range), suggestion),
    );
    fix.diagnostics = [diagnostic];
    fix.isPreferred = true;
    actions.push(fix);
  }
  // The message of the search path names the folder to add (engine/manifest/search.ts).
  const outside = /add (\S.*?) to the setting higan\.modelPaths/.exec(message)?.[1];
  if (outside !== undefined && vscode.workspace.isTrusted) {
    const fix = new vscode.CodeAction(
      `Allow models in ${outside} (setting higan.modelPaths)`,
      vscode.CodeActionKind.QuickFix,
    );
    fix.command = { command: addModelPath, title: fix.title, arguments: [outside] };
    fix.diagnostics = [diagnostic];
    actions.push(fix);
  }
  return actions;
}

/** A replacement in the quotes that were there. */
function quotedLike(written: string, replacement: string): string {
  const quote = /^["']/.exec(written)?.[0] ?? '';
  return `${quote}${replacement}${quote}`;
}
