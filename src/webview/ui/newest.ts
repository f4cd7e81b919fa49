/** Work of which only the newest counts: beginning it again aborts what is still under way. */
export class Newest {
  private controller: AbortController | null = null;

  /** A signal for the work that begins now; it is aborted as soon as something newer begins. */
  begin(): AbortSignal {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }
}
