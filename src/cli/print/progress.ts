/** Progress of a run: one updating line on a terminal, a line every few seconds otherwise. */
import type { Progress } from '../../protocol/results';
import { count, cut, duration, styled, type Look } from './text';

/** Milliseconds between two updates of the line, and between two lines. */
const updateEvery = 100;
const lineEvery = 5000;

export class ProgressLine {
  private stage: string | null = null;
  private stageStarted = 0;
  private last: Progress | null = null;
  private shownAt = 0;
  private open = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly look: Look,
  ) {}

  show(progress: Progress): void {
    const now = performance.now();
    if (progress.stage !== this.stage) {
      this.endStage();
      this.stage = progress.stage;
      this.stageStarted = now;
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

  /** Ends the stage under way with a line that stays. */
  endStage(): void {
    if (!this.last) return;
    const { stage, total, done, unit, cached } = this.last;
    const fromStore = cached > 0 ? ` (${cached >= total ? 'all' : count(cached)} from the store)` : '';
    const took = duration((performance.now() - this.stageStarted) / 1000);
    const finished = done >= total ? count(total) : `${count(done)} of ${count(total)}`;
    this.write(`${stageName(stage)}${finished} ${unit} in ${took}${fromStore}`, true);
    this.last = null;
    this.stage = null;
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
export function progressText({ stage, done, total, unit, rate, left }: Progress): string {
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '';
  return [
    `${stageName(stage)}${count(done)} of ${count(total)} ${unit}`,
    share,
    rate > 0 ? `${rate >= 10 ? count(rate) : rate.toFixed(1)}/s` : '',
    left !== null && done < total ? `${duration(left)} left` : '',
  ]
    .filter((part) => part !== '')
    .join('   ');
}

const stageName = (stage: string): string => stage.padEnd(10);
