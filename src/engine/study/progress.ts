/**
 * Counts what a stage, or a part of other long work, has done and how fast, and tells it a few times a second. What is new
 * first is told at once: whoever restarts a process that crashes knows then that this life got further.
 */
import type { Amount } from '../../protocol/results';
import type { WorkEvents } from './api';

/** Seconds over which the rate is taken, and between two reports. */
const rateWindow = 5;
const reportInterval = 0.2;

/** @typeParam Name what tells one part from another: `{ stage }`, or `{ doing }` */
export class PartProgress<Name extends object> {
  private done = 0;
  private cached = 0;
  private reported = -Infinity;
  /** (time, units computed) of the last seconds. */
  private readonly history: { at: number; computed: number }[] = [];

  constructor(
    private readonly name: Name,
    private readonly total: number,
    private readonly unit: Amount['unit'],
    private readonly report: (progress: Name & Amount) => void = () => undefined,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.history.push({ at: now(), computed: 0 });
    this.tell();
  }

  /** @param units done now; `computed` of them were not in the store */
  add(units: number, computed: number): void {
    this.done += units;
    this.cached += units - computed;
    const at = this.now();
    this.history.push({ at, computed: this.done - this.cached });
    while (this.history.length > 2 && at - this.history[1].at > rateWindow) this.history.shift();
    const firstNew = computed > 0 && this.done - this.cached === computed;
    if (firstNew || at - this.reported >= reportInterval || this.done === this.total) this.tell();
  }

  get fraction(): number {
    return this.total === 0 ? 1 : this.done / this.total;
  }

  private tell(): void {
    const first = this.history[0];
    const last = this.history[this.history.length - 1];
    const rate = last.at > first.at ? (last.computed - first.computed) / (last.at - first.at) : 0;
    this.reported = last.at;
    this.report({
      ...this.name,
      done: this.done,
      total: this.total,
      unit: this.unit,
      rate,
      left: rate > 0 ? (this.total - this.done) / rate : null,
      cached: this.cached,
    });
  }
}

/** A part of long work that is no stage of a study. */
export type WorkPart = PartProgress<{ doing: string }>;

export const workPart = (events: WorkEvents, doing: string, total: number, unit: Amount['unit']): WorkPart =>
  new PartProgress({ doing }, total, unit, events.progress);
