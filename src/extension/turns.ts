/** Work that together would hold up everything else in the extension host: each piece in a turn of its own, in order. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  take(work: () => void): void {
    this.waiting.push(work);
    if (this.waiting.length === 1) setImmediate(() => this.next());
  }

  private next(): void {
    try {
      this.waiting[0]();
    } finally {
      this.waiting.shift();
      if (this.waiting.length > 0) setImmediate(() => this.next());
    }
  }
}
