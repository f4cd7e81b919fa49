/** On the name of a concept: a preview of it, on the layers where it moves most. */
import * as vscode from 'vscode';
import { ConceptNames } from '../../engine/experiment';
import type { Experiments } from '../experiments';
import type { Studies } from '../studies';
import { conceptNamed, namesConcepts } from './meaning';
import { placeAt } from './place';

export class PreviewAction implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.Refactor];

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    { start }: vscode.Range,
  ): Promise<vscode.CodeAction[]> {
    const { parsed, context } = await this.experiments.judge(document);
    const place = placeAt(parsed.document, document.offsetAt(start));
    if (!place || !context || !namesConcepts(place)) return [];
    const concept = conceptNamed(place, new ConceptNames(context.concepts));
    if (typeof concept !== 'string') return [];
    const { result } = await this.studies.get(document.uri);
    const found = result?.concepts.find((each) => each.concept === concept);
    // What has no direction cannot be moved.
    if (found && found.noBoundary !== null) return [];
    const title = `Add a preview of ${concept}`;
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.Refactor);
    action.command = { command: 'higan.addAndShowPreview', title, arguments: [document.uri, concept] };
    return [action];
  }
}
