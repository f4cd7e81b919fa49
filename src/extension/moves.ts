/**
 * Images, and their segmentation, of moves that the file does not name: the request carries what the file says with a
 * preview added (or changed), which is not part of what a study's results depend on.
 */
import type * as vscode from 'vscode';
import type { Preview } from '../protocol/experiment';
import type { PreviewCellMessage, SegmentedCellMessage } from '../protocol/inference';
import type { InferenceClient } from './inference/client';
import type { Studies } from './studies';

let requests = 0;

/** Why a concept was not moved: what is rendered is the file as it stands, and its results may be of an earlier version. */
export const noDirection = (concept: string): string =>
  `There is no direction yet for '${concept}' with the file as it stands: run it again.`;

export interface RenderedPreview {
  concepts: string[];
  /** Concepts that have no direction: their images are not moved. */
  missing: string[];
}

/** Which cells: multiples of every edit's step, and the sample that comes first. */
export interface CellsWanted {
  steps: number[];
  focus?: number;
  signal: AbortSignal;
}

export class Moves {
  constructor(
    private readonly studies: Studies,
    private readonly inference: InferenceClient,
  ) {}

  /**
   * Renders a preview as given, whatever the file says of it.
   * @param name its name in the file, or a new one
   * @param rendering told the names of the scores before the first cell
   * @throws CannotRun, CancelledError, or what went wrong
   */
  async render(
    experiment: vscode.Uri,
    name: string,
    preview: Preview,
    wanted: CellsWanted,
    cell: (cell: PreviewCellMessage) => void,
    rendering?: (concepts: string[]) => void,
  ): Promise<RenderedPreview> {
    const request = await this.request(experiment, name, preview, wanted);
    return this.inference.preview(request, cell, wanted.signal, rendering);
  }

  /** Segments what `render` renders. @throws as `render`, and where no predictor segments */
  async segment(
    experiment: vscode.Uri,
    name: string,
    preview: Preview,
    wanted: CellsWanted,
    cell: (cell: SegmentedCellMessage) => void,
  ): Promise<void> {
    await this.inference.segment(await this.request(experiment, name, preview, wanted), cell, wanted.signal);
  }

  private async request(
    experiment: vscode.Uri,
    name: string,
    preview: Preview,
    { steps, focus }: CellsWanted,
  ): Promise<Parameters<InferenceClient['preview']>[0]> {
    const { judged, request } = await this.studies.request(experiment);
    const text = textWith(judged.parsed.data, name, preview);
    return { ...request, text, request: `preview-${++requests}`, preview: name, steps, focus };
  }
}

/**
 * A text for the process only: what the file says, with a preview as given. It is written anew as JSON, which is YAML: in
 * the file's own text anchors can lie in the preview that is replaced, and other parts may need them.
 * @param data what the file says; it has no errors
 */
export function textWith(data: unknown, name: string, preview: Preview): string {
  const { previews, ...rest } = data as { previews?: Record<string, unknown> | null };
  return JSON.stringify({ ...rest, previews: { ...previews, [name]: preview } });
}
