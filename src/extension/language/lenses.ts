/**
 * Code lenses above the parts that they act on: the study at the top, layers above `rescore`, a new preview above `previews`
 * (at the top while there are none), each preview its own.
 */
import * as vscode from 'vscode';
import { rangeOf } from '../../engine/yaml';
import type { Experiments, JudgedDocument } from '../experiments';
import type { Studies, Study } from '../studies';

export class ExperimentLenses implements vscode.CodeLensProvider {
  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    readonly onDidChangeCodeLenses: vscode.Event<void>,
  ) {}

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const judged = await this.experiments.judge(document);
    const study = await this.studies.get(document.uri);
    const lens = (path: string[], title: string, command: string, target?: object): vscode.CodeLens => {
      const at = document.positionAt(rangeOf(judged.parsed, path, 'key')[0]);
      return new vscode.CodeLens(new vscode.Range(at, at), {
        title,
        command,
        arguments: [document.uri, ...(target ? [target] : [])],
      });
    };
    const top = ['generator'];
    const written = (judged.parsed.data ?? {}) as Record<string, unknown>;
    // The ranking fills in while a first run goes on.
    const ranked = study.result !== null || study.run.state !== 'idle';
    const previewed = 'previews' in written;
    // Without results a new file has other things to begin with.
    const offersPreview = judged.context !== null && (previewed || study.result !== null);
    return [
      ...this.runLenses(judged, study).map(([title, command]) => lens(top, title, command)),
      ...(ranked ? [lens(top, '$(list-ordered) Ranking', 'higan.showRanking')] : []),
      ...(study.result ? [lens(top, '$(graph) Heatmap', 'higan.showHeatmap')] : []),
      ...(study.result && 'rescore' in written
        ? [lens(['rescore'], '$(graph) Heatmap', 'higan.showHeatmap')]
        : []),
      ...(offersPreview
        ? [lens(previewed ? ['previews'] : top, '$(add) Add a preview', 'higan.addAndShowPreview')]
        : []),
      ...Object.keys(judged.parsed.draft?.previews ?? {}).map((name) =>
        lens(['previews', name], '$(eye) Preview', 'higan.showPreview', { preview: name }),
      ),
    ];
  }

  private runLenses(judged: JudgedDocument, study: Study): [string, string][] {
    if (study.run.state === 'running') return [['$(debug-stop) Cancel', 'higan.cancel']];
    if (study.run.state === 'cancelling') return [['$(loading~spin) Cancelling', 'higan.cancel']];
    if (this.studies.cannotRun(judged) !== null) return [];
    const { result } = study;
    const current = this.studies.isCurrent(study, judged);
    const unfinished = result !== null && (result.partial !== null || !result.stages.includes('layers'));
    const title = !result
      ? '$(play) Run'
      : !current
        ? '$(play) Run again (the file changed)'
        : unfinished
          ? '$(debug-continue) Continue'
          : '$(check) Run (up to date)';
    return [
      [title, 'higan.run'],
      ['$(checklist) Plan', 'higan.plan'],
    ];
  }
}
