/**
 * Runs in the page before the panel: plays the extension host by script. It speaks through the same channel class and the
 * same schemas, so a message that does not fit fails here as it would in the product; messages are structured-cloned, as
 * between frames. Tests reach it as `window.scripted`.
 */
import '../../src/protocol/no-eval';
import { Channel, type Port, type Side } from '../../src/protocol/channel';
import {
  hostSides,
  panelSide,
  type CellsWanted,
  type LabelMap,
  type PanelImage,
  type PanelKind,
  type Snapshot,
} from '../../src/protocol/panels';
import type { Script, ScriptedCall } from './script';

interface Scripted {
  calls: ScriptedCall[];
  problems: string[];
  violations: string[];
  events: { name: string; data: unknown }[];
  script: Script;
  state: unknown;
  emit(name: string, data: unknown): void;
}
declare global {
  interface Window {
    scripted: Scripted;
    scriptedStart: { panel: PanelKind; script: Script; state: unknown; theme: Theme };
    acquireVsCodeApi(): unknown;
  }
}
export interface Theme {
  kind: string;
  variables: Record<string, string>;
}

const { panel, script, state, theme } = window.scriptedStart;
dress(theme);

const fromPanel = new Set<(message: unknown) => void>();
const port: Port = {
  post: (message) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => window.dispatchEvent(new MessageEvent('message', { data: copy })));
  },
  listen: (handler) => {
    fromPanel.add(handler);
    return () => fromPanel.delete(handler);
  },
};
const scripted: Scripted = {
  ...{ calls: [], problems: [], violations: [], events: [], script, state },
  emit: (name, data) => channel.emit(name, data),
};
window.scripted = scripted;
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => fromPanel.forEach((handler) => handler(copy)));
  },
  getState: () => scripted.state,
  setState: (next: unknown) => (scripted.state = structuredClone(next)),
});
document.addEventListener('securitypolicyviolation', (event) =>
  scripted.violations.push(
    `${event.violatedDirective}: ${event.blockedURI} ${event.sample} ${event.sourceFile}`,
  ),
);

const side: Side = hostSides[panel];
const handlers = Object.fromEntries(
  Object.keys(side.calls).map((name) => [
    name,
    async (params: unknown, { signal }: { signal: AbortSignal }) => {
      const call: ScriptedCall = { name, params, cancelled: false };
      scripted.calls.push(call);
      signal.addEventListener('abort', () => (call.cancelled = true));
      return await answer(name, params as Record<string, unknown>, signal);
    },
  ]),
);
const channel: Channel<Side, typeof panelSide> = new Channel(port, side, panelSide, handlers, (problem) =>
  scripted.problems.push(problem),
);
channel.on('problem', ({ message, stack }) => scripted.problems.push(`${message} ${stack ?? ''}`));

async function answer(name: string, params: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
  const refused = scripted.script.refuse?.[name];
  if (refused) throw Object.assign(new Error(refused), { kind: 'failed' });
  if (scripted.script.hold?.includes(name)) await cancelled(signal);
  if (name === 'subscribe') return scripted.script.snapshot;
  if (name === 'renderMove') return await renderMove(params, signal);
  if (name === 'renderPreview') return await renderPreview(params as CellsWanted, signal);
  if (name === 'segmentPreview') return await segmentPreview(params as CellsWanted, signal);
  if (name === 'writePreview') return { version: ++scripted.script.version };
  if (name === 'save') return { saved: true };
  if (name === 'transitionPixels') return { examples: [example(3), example(14)] };
  return scripted.script.answers?.[name] ?? null;
}

const cancelled = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(Object.assign(new Error('Cancelled.'), { kind: 'interrupted' })),
    ),
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function renderMove(params: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
  await pause(scripted.script.pause ?? 5);
  if (signal.aborted) throw new Error('cancelled');
  const samples = params.samples as number[];
  return {
    step: 2,
    pairs: samples.map((sample) => ({
      ...{ sample, before: picture(sample, 0), after: picture(sample, 1) },
      ...{ scoreBefore: 0.31, scoreAfter: 0.62 },
    })),
  };
}

/** The cells that are wanted one after the other, with how strongly their preview moves all in all. */
async function* cellsOf(
  { preview, steps, focus }: CellsWanted,
  signal: AbortSignal,
): AsyncGenerator<{ sample: number; step: number; variant: number; strength: number }> {
  const strength = preview.edits.reduce((sum, edit) => sum + edit.step, 0) / 4;
  const order = [...preview.samples].sort((a, b) => Number(b === focus) - Number(a === focus));
  for (const sample of order) {
    const cells = [
      ...steps.map((step) => ({ step, variant: 0 })),
      ...Array.from({ length: preview.jitter?.variants ?? 0 }, (_, v) => ({ step: 1, variant: v + 1 })),
    ];
    for (const { step, variant } of cells) {
      await pause(scripted.script.pause ?? 1);
      if (signal.aborted) throw new Error('cancelled');
      yield { sample, step, variant, strength };
    }
  }
}

async function renderPreview(wanted: CellsWanted, signal: AbortSignal): Promise<unknown> {
  const { sequence, preview } = wanted;
  const concepts = (scripted.script.snapshot as Snapshot).study?.concepts.map((each) => each.concept) ?? [];
  channel.emit('rendering', { sequence, concepts });
  for await (const { sample, step, variant, strength } of cellsOf(wanted, signal)) {
    channel.emit('cell', {
      ...{ sequence, sample, step, variant },
      image: picture(sample, strength * step + variant * 0.1),
      scores: concepts.map((_, index) => 0.3 + 0.1 * (index % 4) + 0.12 * strength * step),
    });
  }
  const missing = concepts.length > 0 ? [] : preview.edits.map(({ concept }) => concept);
  return { concepts, missing };
}

async function segmentPreview(wanted: CellsWanted, signal: AbortSignal): Promise<null> {
  const { sequence } = wanted;
  for await (const { sample, step, variant, strength } of cellsOf(wanted, signal))
    channel.emit('segmented', { sequence, sample, step, variant, map: labelMap(sample, strength * step) });
  return null;
}

/** The same room by its classes, at half the image's size: wall, floor, window and, when it is bright, a lamp. */
function labelMap(sample: number, light: number): LabelMap {
  const size = 32;
  const corner = (14 + ((sample * 7) % 30)) / 2;
  const data = Uint8Array.from({ length: size * size }, (_, p) => {
    const [x, y] = [p % size, Math.floor(p / size)];
    if (y > 22 + Math.abs(x - corner) * 0.12) return 1;
    if (x > corner + 4 && x < corner + 10 && y > 6 && y < 14) return 2;
    return Math.hypot(x - corner, y - 4) < 5 * light ? 3 : 0;
  });
  return { width: size, height: size, data };
}

/** A room of sorts, 64 × 64 bytes: walls, floor and a lamp whose light is `light`. */
function picture(sample: number, light: number): PanelImage {
  const size = 64;
  const data = new Uint8Array(size * size * 3);
  const corner = 14 + ((sample * 7) % 30);
  const hue = (sample * 53) % 90;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const floor = y > 44 + Math.abs(x - corner) * 0.12;
      const window = x > corner + 8 && x < corner + 20 && y > 12 && y < 28;
      const glow = 70 * (1 + light) * Math.exp(-((x - corner) ** 2 + (y - 8) ** 2) / 500);
      const base = floor
        ? [120, 84 + hue * 0.3, 60]
        : x < corner
          ? [150, 140, 120 + hue]
          : [172, 164, 150 + hue];
      const colour = window ? [190, 214, 236] : base;
      colour.forEach(
        (value, c) => (data[3 * (y * size + x) + c] = Math.max(0, Math.min(255, value * 0.75 + glow))),
      );
    }
  }
  return { format: 'rgb', width: size, height: size, data };
}

function example(sample: number): unknown {
  const mask = new Uint8Array(64 * 64);
  for (let y = 46; y < 60; y++) mask.fill(255, y * 64 + 10, y * 64 + 44);
  return { sample, before: picture(sample, 0), after: picture(sample, 1), mask };
}

/** What VS Code does to a webview's document: the theme's variables on the root, its class on the body. */
function dress({ kind, variables }: Theme): void {
  const sheet = new CSSStyleSheet();
  const values = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  sheet.replaceSync(
    `html { ${values.join(' ')} scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
     body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
       font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); padding: 0 20px; margin: 0; }`,
  );
  document.adoptedStyleSheets = [sheet];
  const mark = (): void => {
    document.body?.classList.add(kind);
    document.body?.setAttribute('data-vscode-theme-kind', kind);
  };
  document.addEventListener('DOMContentLoaded', mark);
}
