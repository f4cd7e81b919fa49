/**
 * Images of moves that the file does not name: the request carries the file's text with a preview added (or changed),
 * which is not part of what a study's results depend on.
 */
import type * as vscode from 'vscode';
import { edited } from '../engine/yaml';
import type { Preview } from '../protocol/experiment';
import type { PreviewCellMessage } from '../protocol/inference';
import type { InferenceClient } from './inference/client';
import type { Studies } from './studies';

let requests = 0;

export interface RenderedPreview {
  concepts: string[];
  missing: string[];
}

export class Moves {
  constructor(
    private readonly studies: Studies,
    private readonly inference: InferenceClient,
  ) {}

  /**
   * Renders a preview as given, whatever the file says of it.
   * @param name its name in the file, or a new one
   * @throws CannotRun, CancelledError, or what went wrong
   */
  async render(
    experiment: vscode.Uri,
    name: string,
    preview: Preview,
    options: { steps: number[]; focus?: number; signal: AbortSignal },
    cell: (cell: PreviewCellMessage) => void,
  ): Promise<RenderedPreview> {
    const { request } = await this.studies.request(experiment);
    const change = { path: ['previews', name], value: plain(preview) };
    return this.inference.preview(
      {
        ...request,
        text: withChange(request.text, change),
        request: `preview-${++requests}`,
        preview: name,
        steps: options.steps,
        focus: options.focus,
      },
      cell,
      options.signal,
    );
  }
}

/** The text for the process only: where it cannot be changed in place, the whole preview is replaced by what is wanted. */
function withChange(text: string, change: { path: string[]; value: unknown }): string {
  let result = text;
  for (const { start, end, newText } of edited(text, [change]).sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + newText + result.slice(end);
  return result;
}

/** Without the keys that are absent. */
const plain = (preview: Preview): unknown => JSON.parse(JSON.stringify(preview));
