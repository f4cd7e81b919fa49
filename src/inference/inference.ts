/** What the inference process does: answers of its calls, and what it says unasked. */
import type { Channel, Handlers } from '../protocol/channel';
import type { InferenceSide, OwnerSide } from '../protocol/inference';
import type { StudyResult } from '../protocol/results';
import { changeOf, inPieces } from '../protocol/results-change';
import { interrupted } from '../engine/failure';
import { openStore, renameExperiment } from '../engine/store';
import {
  cleanStore,
  compareStudies,
  exportHigan,
  modelChecks,
  planStudy,
  readEntanglementOf,
  renderPreview,
  runStudy,
  runTransition,
  segmentPreview,
  studyReport,
  transitionExamples,
  version,
  type WorkEvents,
} from '../engine/study';
import { WarmLaboratory } from './warm-laboratory';

/** Milliseconds between heartbeats. */
const heartbeat = 1000;

/** Concepts of a result that are told in one message: who reads it has a turn for others between two of them. */
const conceptsAtOnce = 200;

type InferenceChannel = Channel<InferenceSide, OwnerSide>;
type State = 'idle' | 'opening' | 'running' | 'previewing';

export class Inference {
  private readonly laboratory = new WarmLaboratory(
    (line) => this.channel?.emit('log', { line }),
    () => this.running,
  );
  private channel: InferenceChannel | null = null;
  private end: () => void = () => undefined;
  private running = 0;
  private previewing = 0;
  /** Images a second of each running study and transition. */
  private readonly rates = new Map<string, number>();
  private readonly stopping = new AbortController();

  start(channel: InferenceChannel, end: () => void): void {
    this.channel = channel;
    this.end = end;
    setInterval(() => this.beat(), heartbeat).unref();
    this.beat();
  }

  handlers(): Handlers<InferenceSide> {
    return {
      hello: () => ({ pid: process.pid, version: version(), node: process.versions.node }),

      run: async ({ id, ...request }, { signal }) => {
        this.running++;
        let told: StudyResult | null = null;
        const tell = (result: StudyResult): void => {
          const pieces = inPieces(changeOf(told, result), conceptsAtOnce);
          told = result;
          pieces.forEach((change, index) =>
            this.channel?.emit('partial', { id, change, more: index < pieces.length - 1 }),
          );
        };
        try {
          const { result, path, cached } = await runStudy(
            { ...request, signal: this.signalOf(signal) },
            {
              progress: (progress) => {
                if (progress.unit === 'images') this.rates.set(id, progress.rate);
                this.channel?.emit('progress', { id, ...progress });
              },
              partial: tell,
              log: (line) => this.channel?.emit('log', { line }),
            },
            (models) => this.laboratory.open(request, models, 'running'),
          );
          tell(result);
          return { path, cached };
        } finally {
          this.running--;
          this.rates.delete(id);
        }
      },

      plan: (request, { signal }) =>
        planStudy({ ...request, signal: this.signalOf(signal) }, (models) =>
          this.laboratory.open(request, models),
        ),

      preview: ({ request, ...rest }, { signal }) =>
        this.whilePreviewing(async () => {
          let header = { concepts: [] as string[], cells: 0, missing: [] as string[] };
          const cells = renderPreview(
            { ...rest, signal: this.signalOf(signal), lenient: true },
            (told) => {
              header = told;
              this.channel?.emit('rendering', { request, concepts: told.concepts });
            },
            (models) => this.laboratory.open(rest, models),
          );
          for await (const cell of cells) this.channel?.emit('cell', { request, ...cell });
          return header;
        }),

      segmentPreview: ({ request, ...rest }, { signal }) =>
        this.whilePreviewing(async () => {
          const cells = segmentPreview({ ...rest, signal: this.signalOf(signal) }, (models) =>
            this.laboratory.open(rest, models),
          );
          for await (const cell of cells) this.channel?.emit('segmented', { request, ...cell });
          return {};
        }),

      entanglement: (request, { signal }) =>
        readEntanglementOf({ ...request, signal: this.signalOf(signal) }, request.layers),

      compare: ({ left, right }) => compareStudies(left, right),

      transition: async ({ id, ...request }, { signal }) => {
        this.running++;
        try {
          return await runTransition(
            { ...request, signal: this.signalOf(signal) },
            this.events(id),
            (models) => this.laboratory.open(request, models, 'running'),
          );
        } finally {
          this.running--;
          this.rates.delete(id);
        }
      },

      transitionExamples: (request, { signal }) =>
        transitionExamples({ ...request, signal: this.signalOf(signal) }, (models) =>
          this.laboratory.open(request, models),
        ),

      checkModels: ({ id, ...request }, { signal }) =>
        modelChecks({ ...request, signal: this.signalOf(signal) }, this.events(id), (models) =>
          this.laboratory.open(request, models),
        ),

      exportArrays: async ({ id, ...request }, { signal }) => {
        const { notes } = await exportHigan(
          { ...request, signal: this.signalOf(signal) },
          this.events(id),
          (models) => this.laboratory.open(request, models),
        );
        return { notes };
      },

      report: async (request) => ({ text: await studyReport(request) }),

      cleanStore: async ({ id, store: folder }, { signal }) => {
        const store = await openStore(folder, { write: true });
        const { items, bytes } = await cleanStore({ store, signal: this.signalOf(signal) }, this.events(id));
        return { items: items.length, bytes };
      },

      rename: async ({ store, from, to }) => {
        const writer = `higan ${version()}`;
        return {
          followed: await renameExperiment(await openStore(store, { write: true, writer }), from, to),
        };
      },

      attend: ({ visible }) => {
        this.laboratory.attend(visible);
        return {};
      },

      expect: () => {
        this.laboratory.expect();
        return {};
      },

      shutdown: () => {
        this.stopping.abort(interrupted());
        // The answer goes out first.
        setTimeout(() => void this.laboratory.close().finally(this.end), 50);
        return {};
      },
    };
  }

  /** Long work tells how far it is; the rate of what makes images shows in the heartbeat. */
  private events(id: string): WorkEvents {
    return {
      progress: (progress) => {
        if (progress.unit === 'images') this.rates.set(id, progress.rate);
        this.channel?.emit('work', { id, ...progress });
      },
    };
  }

  /** The state says so as long as the work lasts. */
  private async whilePreviewing<T>(work: () => Promise<T>): Promise<T> {
    this.previewing++;
    try {
      return await work();
    } finally {
      this.previewing--;
    }
  }

  private signalOf(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.stopping.signal]);
  }

  private beat(): void {
    this.channel?.emit('heartbeat', {
      device: this.laboratory.device,
      state: this.state,
      memory: process.memoryUsage.rss(),
      rate: [...this.rates.values()].reduce((sum, rate) => sum + rate, 0),
      rejected: this.laboratory.rejected,
    });
  }

  private get state(): State {
    if (this.laboratory.opening) return 'opening';
    if (this.running > 0) return 'running';
    return this.previewing > 0 ? 'previewing' : 'idle';
  }
}
