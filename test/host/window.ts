/** What host tests share: the extension's parts, documents to write into, and waiting for what comes by itself. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { writeLinearModel } from '../fixtures/linear-model';
import type { HiganApi } from '../../src/extension/main';
import type { StudyPanel } from '../../src/extension/panels/panel';

export const extensionId = 'higan-studio.higan-studio';

export async function higan(): Promise<HiganApi> {
  const extension = vscode.extensions.getExtension<HiganApi>(extensionId);
  assert.ok(extension, `${extensionId} is not there`);
  return extension.activate();
}

/** Native code in the extension host that is ours, our packages' or a neural network's runtime. */
export function nativeCode(): string[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  assert.ok(sharedObjects.length > 0, 'the system lists what is loaded');
  const root = process.env.HIGAN_TEST_ROOT ?? '';
  const ours = [root, realpathSync(path.join(root, 'node_modules'))];
  // The editor itself may have been fetched into the project's folder.
  const isEditors = (file: string): boolean => file.includes('.cache') || file.includes('.vscode-test');
  return sharedObjects.filter(
    (file) =>
      file.includes('onnxruntime') || (ours.some((folder) => file.startsWith(folder)) && !isEditors(file)),
  );
}

/** Waits until `find` finds something. */
export async function eventually<T>(
  what: string,
  find: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  limit = 30_000,
): Promise<T> {
  for (const end = Date.now() + limit; ; await sleep(50)) {
    const found = await find();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) assert.fail(`It never came about that ${what}.`);
  }
}

export const inWorkspace = (name: string): vscode.Uri => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a workspace folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
};

export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace(name)), {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

/** A new experiment file with this text, opened; `|` marks the cursor and is taken out. */
export async function write(
  name: string,
  marked: string,
): Promise<{ document: vscode.TextDocument; cursor: vscode.Position }> {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '');
  const file = inWorkspace(name);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  // The file may have been open with another text.
  await eventually('the editor shows the new text', () => document.getText() === text);
  return { document, cursor: document.positionAt(Math.max(0, at)) };
}

/** Puts a model into the workspace that is planted with two concepts, `one` and `two`, and takes no time. */
export async function toyModel(): Promise<void> {
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
  await writeLinearModel(inWorkspace('models').fsPath, planted, { D: 16 });
}

/** Replaces the whole text, as typing would. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  edit.replace(document.uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

type Ask =
  | 'showQuickPick'
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage'
  | 'showSaveDialog'
  | 'showOpenDialog';
const asks: Ask[] = [
  'showQuickPick',
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'showSaveDialog',
  'showOpenDialog',
];

/**
 * Is the person while `work` is done: answers what the extension asks of one, and dismisses what no answer is given for.
 * @returns what was said, in order
 */
export async function answering(
  answers: Partial<Record<Ask, (...asked: unknown[]) => unknown>>,
  work: () => unknown,
): Promise<string[]> {
  const window = vscode.window as unknown as Record<Ask, unknown>;
  const own = asks.map((ask) => [ask, window[ask]] as const);
  const said: string[] = [];
  for (const ask of asks) {
    window[ask] = (...asked: unknown[]): Promise<unknown> => {
      if (typeof asked[0] === 'string') said.push(asked[0]);
      return Promise.resolve(answers[ask]?.(...asked));
    };
  }
  try {
    await work();
  } finally {
    for (const [ask, original] of own) window[ask] = original;
  }
  return said;
}

/** A progress notification of the extension. */
export interface ShownProgress {
  title: string;
  messages: string[];
  /** What it is shown for has ended. */
  over: boolean;
  /** Presses its Cancel. @throws where it has none */
  cancel(): void;
}

/**
 * Keeps progress notifications from the screen while `work` is done, for a test to read and to cancel.
 * @param begins told of each before its work begins: what is quick is still cancelled in time there
 */
export async function watchingProgress<T>(
  work: (shown: ShownProgress[]) => Promise<T>,
  begins: (one: ShownProgress) => void = () => undefined,
): Promise<T> {
  const window = vscode.window as unknown as { withProgress: unknown };
  const own = window.withProgress;
  const shown: ShownProgress[] = [];
  window.withProgress = async (
    { title = '', cancellable }: vscode.ProgressOptions,
    task: (report: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken) => unknown,
  ): Promise<unknown> => {
    const source = new vscode.CancellationTokenSource();
    const one: ShownProgress = {
      ...{ title, messages: [], over: false },
      cancel: () => {
        assert.ok(cancellable, `'${title}' can be cancelled`);
        source.cancel();
      },
    };
    shown.push(one);
    begins(one);
    try {
      return await task({ report: ({ message }) => message && one.messages.push(message) }, source.token);
    } finally {
      one.over = true;
    }
  };
  try {
    return await work(shown);
  } finally {
    window.withProgress = own;
  }
}

/** The item of a quick pick that holds this text, as an answer. */
export const choosing =
  (text: string) =>
  (items: unknown): unknown =>
    (items as { label: string }[]).find(({ label }) => label.includes(text));

/** Whether the extension's output channel is in view. */
export const seesLog = (): boolean =>
  vscode.window.visibleTextEditors.some(
    ({ document: { uri } }) => uri.scheme === 'output' && uri.path.includes('HiGAN'),
  );

/** What the host sends to a panel's page from now on: names and data of events. */
export function heard(panel: StudyPanel): { name: string; data: unknown }[] {
  const events: { name: string; data: unknown }[] = [];
  const { webview } = panel.panel;
  const post = webview.postMessage.bind(webview);
  webview.postMessage = (message: { kind: string; name: string; data: unknown }) => {
    if (message.kind === 'event') events.push({ name: message.name, data: message.data });
    return post(message);
  };
  return events;
}

/**
 * Runs a study until it has to compute, and cancels it there.
 * @returns how many units of that stage were in the store
 */
export async function foundInStore(experiment: vscode.Uri): Promise<number> {
  const { studies } = await higan();
  const ended = assert.rejects(studies.run(experiment), { name: 'CancelledError' });
  const { cached } = await eventually(
    'something is computed',
    () => {
      const progress = studies.peek(experiment)?.run.progress;
      return progress && progress.done > progress.cached && progress;
    },
    120_000,
  );
  studies.cancel(experiment);
  await ended;
  return cached;
}

/** Runs the built command line, as a person would in a terminal. */
export async function terminal(...args: string[]): Promise<string> {
  const commandLine = path.join(process.env.HIGAN_TEST_ROOT ?? '', 'dist', 'higan.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [commandLine, ...args], {
    cwd: inWorkspace('').fsPath,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return stdout;
}

export const problems = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);

/** Labels that completion offers at a place, ours and everybody's. */
export async function completions(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );
  return list.items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}

/** Code lenses above a document's lines, ours and everybody's. */
export const lensesOf = (document: vscode.TextDocument): Thenable<vscode.CodeLens[]> =>
  vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);

/** Inlay hints in all of a document, ours and everybody's. */
export const hintsOf = (document: vscode.TextDocument): Thenable<vscode.InlayHint[]> =>
  vscode.commands.executeCommand(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );

/** What hover cards say at a place, ours and everybody's. */
export async function hoverAt(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** A quick pick or an input box that is shown, and a person in front of it. */
export interface Question {
  input: vscode.QuickInput;
  canGoBack: boolean;
  /** Labels that are marked. */
  marked(): string[];
  /** What an input box complains of. */
  complaint(): string | undefined;
  /** Marks one item and accepts it. */
  choose(label: string): Promise<void>;
  /** Writes a text and accepts it. */
  type(text: string): Promise<void>;
  accept(): Promise<void>;
  back(): Promise<void>;
}

/** Follows the editor's own quick inputs from now on; they are answered as by the keyboard. */
export function asking(): {
  readonly shown: number;
  next(title: RegExp): Promise<Question>;
  end(): void;
} {
  const inputs: (vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox)[] = [];
  const { window } = vscode;
  const { createQuickPick, createInputBox } = window;
  window.createQuickPick = <T extends vscode.QuickPickItem>() => {
    const made = createQuickPick<T>();
    inputs.push(made);
    return made;
  };
  window.createInputBox = () => {
    const made = createInputBox();
    inputs.push(made);
    return made;
  };
  let answered = 0;
  return {
    get shown() {
      return inputs.length;
    },
    async next(title) {
      const input = await eventually(`it is asked for ${title}`, () =>
        inputs.length > answered ? inputs[answered] : null,
      );
      answered++;
      assert.match(input.title ?? '', title);
      // The widget shows it a moment later.
      await sleep(300);
      return questionOf(input);
    },
    end() {
      Object.assign(window, { createQuickPick, createInputBox });
    },
  };
}

function questionOf(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox): Question {
  const accept = async (): Promise<void> =>
    void (await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'));
  const pick = (): vscode.QuickPick<vscode.QuickPickItem> => {
    assert.ok('items' in input, `'${input.title}' is a list to choose from`);
    return input;
  };
  return {
    input,
    canGoBack: input.buttons.includes(vscode.QuickInputButtons.Back),
    marked: () =>
      (pick().canSelectMany ? pick().selectedItems : pick().activeItems).map(({ label }) => label),
    complaint: () => {
      const said = 'validationMessage' in input ? input.validationMessage : undefined;
      return typeof said === 'object' ? said.message : said;
    },
    async choose(label) {
      const item = pick().items.find((one) => one.label === label);
      assert.ok(
        item,
        `${label} is among ${pick()
          .items.map((one) => one.label)
          .join(', ')}`,
      );
      if (pick().canSelectMany) pick().selectedItems = [item];
      else pick().activeItems = [item];
      await sleep(200);
      await accept();
    },
    async type(text) {
      input.value = text;
      await sleep(200);
      await accept();
    },
    accept,
    back: async () => void (await vscode.commands.executeCommand('workbench.action.quickInputBack')),
  };
}
