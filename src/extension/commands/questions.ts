/** Several questions in turn, each with a way back to the one before: what a command asks where one choice is not enough. */
import * as vscode from 'vscode';

/** Where a question stands among the others, counted from 1. */
export interface Place {
  step: number;
  totalSteps: number;
}

export type Answer<T> = { given: T } | 'back' | 'dismissed';

/** Asks again what the person goes back to. @returns false when a question was dismissed */
export async function askInTurn(questions: ((place: Place) => Promise<Answer<unknown>>)[]): Promise<boolean> {
  for (let at = 0; at < questions.length;) {
    const answer = await questions[at]({ step: at + 1, totalSteps: questions.length });
    if (answer === 'dismissed') return false;
    at = answer === 'back' ? at - 1 : at + 1;
  }
  return true;
}

/** One of several, or several of them. @param chosen what is marked at first, by label */
export function choose<Item extends vscode.QuickPickItem, Many extends boolean>(
  place: Place,
  asked: { title: string; placeholder: string; items: Item[]; many: Many; chosen: readonly string[] },
): Promise<Answer<Many extends true ? Item[] : Item>> {
  const pick = vscode.window.createQuickPick<Item>();
  const { title, placeholder, items, many } = asked;
  Object.assign(pick, { title, placeholder, items, canSelectMany: many, matchOnDescription: true });
  const chosen = items.filter(({ label }) => asked.chosen.includes(label));
  if (many) pick.selectedItems = chosen;
  else if (chosen.length > 0) pick.activeItems = chosen;
  return answerOf(pick, place, () => {
    const { selectedItems } = pick;
    if (selectedItems.length === 0) return undefined;
    return (many ? [...selectedItems] : selectedItems[0]) as Many extends true ? Item[] : Item;
  });
}

/** A text. @param wrong why a text will not do; undefined where it does */
export function write(
  place: Place,
  asked: { title: string; value: string; wrong(text: string): Promise<string | undefined> },
): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  box.title = asked.title;
  box.value = asked.value;
  const check = async (): Promise<string | undefined> => {
    const text = box.value;
    const reason = await asked.wrong(text);
    if (text === box.value) box.validationMessage = reason;
    return reason;
  };
  box.onDidChangeValue(() => void check());
  return answerOf(box, place, async () => ((await check()) === undefined ? box.value : undefined));
}

/** Shows an input until it is accepted with an answer, sent back or hidden. */
function answerOf<T>(
  input: (vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox) & vscode.QuickInput,
  place: Place,
  read: () => T | undefined | Promise<T | undefined>,
): Promise<Answer<T>> {
  Object.assign(input, place, { ignoreFocusOut: true });
  if (place.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer<T>>((resolve) => {
    input.onDidTriggerButton(() => resolve('back'));
    input.onDidHide(() => resolve('dismissed'));
    input.onDidAccept(async () => {
      const given = await read();
      if (given !== undefined) resolve({ given });
    });
    input.show();
  }).finally(() => input.dispose());
}
