/**
 * Numbers of documents' versions that only grow. The editor counts from 1 where a document is opened again with another
 * text than it was closed with, and who knows a later version would take all that follow for old.
 */
export class DocumentVersions {
  /** What is added to the editor's own numbers of a document: the highest that was told before it was met. */
  private readonly before = new WeakMap<object, number>();
  private highest = 0;

  /** @param document one that is opened again is another object */
  of(document: object, version: number): number {
    const before = this.before.get(document) ?? this.highest;
    this.before.set(document, before);
    this.highest = Math.max(this.highest, before + version);
    return before + version;
  }
}
