/** Progress of a run or of other long work: one updating line on a terminal, a line every few seconds otherwise. */
import type { Progress, WorkProgress } from '../../protocol/results';
import { count, cut, duration, styled, type Look } from './text';

/** Milliseconds between two updates of the line, and between two lines. */
const updateEvery = 100;
const lineEvery = 5000;

/** How far a stage of a study is, or a part of other work. */
export type AnyProgress = Progress | WorkProgress;

export class ProgressLine {
  private part: string | null = null;
  private partStarted = 0;
  private last: AnyProgress | null = null;
  private shownAt = 0;
  private open = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly look: Look,
  ) {}

  show(progress: AnyProgress): void {
    const now = performance.now();
    if (partOf(progress) !== this.part) {
      this.endPart();
      this.part = partOf(progress);
      this.partStarted = now;
      this.shownAt = this.stream.isTTY ? 0 : now;
    }
    this.last = progress;
    if (now - this.shownAt < (this.stream.isTTY ? updateEvery : lineEvery)) return;
    this.shownAt = now;
    this.write(progressText(progress), false);
  }

  /** A line of its own, above the updating one. */
  say(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
  }

  /** Ends the stage or part under way with a line that stays. */
  endPart(): void {
    if (!this.last) return;
    const { total, done, unit, cached } = this.last;
    const fromStore = cached > 0 ? ` (${cached >= total ? 'all' : count(cached)} from the store)` : '';
    const took = duration((performance.now() - this.partStarted) / 1000);
    const finished = done >= total ? count(total) : `${count(done)} of ${count(total)}`;
    this.write(`${heading(this.last)}${finished} ${unit} in ${took}${fromStore}`, true);
    this.last = null;
    this.part = null;
  }

  private write(text: string, stays: boolean): void {
    const line = cut(text, this.look.width - 1);
    if (!this.stream.isTTY) {
      this.stream.write(`${line}\n`);
      return;
    }
    this.clear();
    this.stream.write(stays ? `${line}\n` : styled(this.look, 'cyan', line));
    this.open = !stays;
  }

  private clear(): void {
    if (this.open) this.stream.write('\r\x1b[K');
    this.open = false;
  }
}

/** `rescore   1,200 of 4,000 images   30 %   120/s   24 s left` */
export function progressText(progress: AnyProgress): string {
  const { done, total, unit, rate, left } = progress;
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '';
  return [
    `${heading(progress)}${count(done)} of ${count(total)} ${unit}`,
    share,
    rate > 0 ? `${rate >= 10 ? count(rate) : rate.toFixed(1)}/s` : '',
    left !== null && done < total ? `${duration(left)} left` : '',
  ]
    .filter((part) => part !== '')
    .join('   ');
}

const partOf = (progress: AnyProgress): string => ('stage' in progress ? progress.stage : progress.doing);

/** Stages stand above each other in a column; what other work does is longer. */
const heading = (progress: AnyProgress): string => `${partOf(progress).padEnd(9)} `;
