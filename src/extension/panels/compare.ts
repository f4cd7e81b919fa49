/** Host of the compare panel. What is compared is the panel's to keep; this side looks it up, pairs it and asks for more. */
import * as vscode from 'vscode';
import type { Channel } from '../../protocol/channel';
import type {
  ComparedSides,
  ComparedStudy,
  compareHostSide,
  Comparison,
  PanelSide,
  SideChoice,
  SideName,
} from '../../protocol/panels';
import type { PairedStudies } from '../../protocol/results';
import { revisionDetail } from '../../protocol/revision';
import { afterRename, experimentName, type Renames } from '../experiments';
import { storeFolder } from '../settings';
import { StudyPanel, type CommonHandlers } from './panel';
import { titleOf } from './snapshot';

interface Item extends vscode.QuickPickItem {
  choice?: SideChoice;
}

export class ComparePanel extends StudyPanel {
  /** What the page last asked for. */
  asked: ComparedSides | null = null;
  private tellLoaded: () => void = () => undefined;
  /** The page has loaded and said what it compares: one that was restored may compare something already. */
  private readonly loaded = new Promise<void>((resolve) => (this.tellLoaded = resolve));
  private waiting: NodeJS.Timeout | undefined;
  /** Renames since the page asked by names of its own: it may be gone, or go, before it has heard of them. */
  private renames: Renames[number][] = [];

  protected override handlers(): CommonHandlers {
    const { experiments, revisions, studies } = this.parts;
    this.subscriptions.push(
      studies.onDidChange(({ experiment }) => this.changed(experiment)),
      revisions.onDidChange((experiment) => this.changed(experiment)),
      experiments.onDidRename((files) => this.renamed(files)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed(this.experiment)),
      { dispose: () => clearTimeout(this.waiting) },
    );
    const own = {
      comparison: (sides: ComparedSides) => this.comparison(sides),
      paired: (sides: ComparedSides, { signal }: { signal: AbortSignal }) => this.paired(sides, signal),
      chooseSide: ({ side, left }: ComparedSides & { side: SideName }) => this.choose(side, left),
      runSide: ({ experiment, revision }: SideChoice): null => {
        if (!revision) throw new Error('The latest text of a file is run by its own Run.');
        void vscode.commands.executeCommand('higan.runRevision', this.uriOf(experiment), revision);
        return null;
      },
    };
    return { ...super.handlers(), ...own };
  }

  /** Asks what to compare with, where the panel compares nothing yet. */
  async askOnce(): Promise<void> {
    await this.loaded;
    if (this.asked?.right) return;
    const choice = await this.choose('right', this.asked?.left);
    if (choice) this.side().emit('chosen', { side: 'right', choice });
  }

  private side(): Channel<typeof compareHostSide, PanelSide> {
    return this.channel as unknown as Channel<typeof compareHostSide, PanelSide>;
  }

  private uriOf(experiment: string | null): vscode.Uri {
    return experiment === null ? this.experiment : vscode.Uri.parse(experiment, true);
  }

  /** Several changes at once are told once. */
  private changed(experiment: vscode.Uri): void {
    const shown = [this.asked?.left, this.asked?.right].some(
      (choice) => choice && this.uriOf(choice.experiment).toString() === experiment.toString(),
    );
    if (!shown || !this.hears) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.side().emit('compared', {}), 100);
  }

  private renamed(files: Renames): void {
    this.renames.push(...files);
    if (this.asked && this.isListening) this.asked = this.followed(this.asked);
  }

  /** The sides by what their files are called now; the page, which keeps them, is told of those that moved. */
  private followed(sides: ComparedSides): ComparedSides {
    let followed = sides;
    for (const side of ['left', 'right'] as const) {
      const choice = sides[side];
      if (!choice || choice.experiment === null) continue;
      const before = this.uriOf(choice.experiment);
      const now = this.renames.reduce((uri, file) => afterRename(uri, [file]) ?? uri, before);
      if (now.toString() === before.toString()) continue;
      const moved = { ...choice, experiment: now.toString() };
      followed = { ...followed, [side]: moved };
      this.side().emit('chosen', { side, choice: moved });
    }
    return followed;
  }

  private async comparison(given: ComparedSides): Promise<Comparison> {
    const sides = this.followed(given);
    if (sides === given) this.renames = [];
    this.asked = sides;
    this.tellLoaded();
    const right = sides.right ? this.study(sides.right) : Promise.resolve(null);
    const both = await Promise.all([this.study(sides.left), right]);
    return { left: both[0], right: both[1] };
  }

  private async study({ experiment: chosen, revision }: SideChoice): Promise<ComparedStudy> {
    const experiment = this.uriOf(chosen);
    const { revisions, studies } = this.parts;
    if (revision) {
      const { result, reason, run } = await revisions.study(experiment, revision);
      const title = `${titleOf(experiment)} @ ${revision.short}`;
      return { title, revision: revisionDetail(revision), study: result, reason, run };
    }
    const { result } = await studies.get(experiment);
    return {
      ...{ title: titleOf(experiment), study: result, run: 'no' },
      revision: await revisions.nameOf(experiment, result),
      reason: result ? null : `${titleOf(experiment)} has no results yet: run it first.`,
    };
  }

  /** Pairing reads many files and resamples: the inference process does it. */
  private async paired({ left, right }: ComparedSides, signal: AbortSignal): Promise<PairedStudies> {
    const unpaired = (reason: string): PairedStudies => ({ samples: 0, reason, concepts: [] });
    if (!vscode.workspace.isTrusted)
      return unpaired('In a workspace that is not trusted nothing is computed, so nothing is paired.');
    const [a, b] = [await this.inStore(left), right && (await this.inStore(right))];
    if (!a || !b) return unpaired('One of the two has no result.');
    try {
      return await this.parts.inference.call('compare', { left: a, right: b }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return unpaired(error instanceof Error ? error.message : String(error));
    }
  }

  private async inStore(choice: SideChoice): Promise<{ store: string; study: string } | null> {
    const { study } = await this.study(choice);
    return study && { store: storeFolder(this.uriOf(choice.experiment)), study: study.provenance.experiment };
  }

  private async choose(side: SideName, left?: SideChoice): Promise<SideChoice | null> {
    const name = experimentName(this.experiment);
    const chosen = await vscode.window.showQuickPick(this.choices(side, left), {
      title: side === 'right' ? `Compare '${name}' with` : `Which '${name}' is compared`,
      placeHolder: 'Another experiment, or a revision in git',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return chosen?.choice ?? null;
  }

  private async choices(side: SideName, left?: SideChoice): Promise<Item[]> {
    const own: Item = {
      ...{ label: experimentName(this.experiment), description: 'as it is now' },
      choice: { experiment: null, revision: null },
    };
    const others = side === 'left' ? [] : await this.others();
    const kind = vscode.QuickPickItemKind.Separator;
    const revisions = await this.revisions();
    return [
      // Beside itself it says nothing; beside a revision of it, it does.
      ...(side === 'left' || left?.revision ? [own] : []),
      ...(others.length > 0 ? [{ label: 'Experiments', kind }, ...others] : []),
      ...[{ label: `Revisions of ${titleOf(this.experiment)} in git`, kind }, ...revisions],
    ];
  }

  private async others(): Promise<Item[]> {
    const all = await this.parts.experiments.find();
    return all
      .filter((uri) => uri.toString() !== this.experiment.toString())
      .map((uri) => ({
        label: experimentName(uri),
        description: vscode.workspace.asRelativePath(uri),
        choice: { experiment: uri.toString(), revision: null },
      }));
  }

  /** One item that cannot be chosen says why there are none. */
  private async revisions(): Promise<Item[]> {
    try {
      const found = await this.parts.revisions.list(this.experiment);
      if (found.length === 0) return [{ label: 'None: the file was never committed.' }];
      return found.map((revision) => ({
        label: `$(git-commit) ${revision.subject}`,
        description: `${revision.short} · ${revision.date.slice(0, 10)}`,
        choice: { experiment: null, revision },
      }));
    } catch (error) {
      return [{ label: 'None', detail: error instanceof Error ? error.message : String(error) }];
    }
  }
}
