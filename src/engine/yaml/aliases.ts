/**
 * Whether the aliases and merge keys of a document can be followed: each to an anchor before it, to a bounded end. What
 * they stand for is counted, never written out: a bomb of a few lines would fill the memory.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { didYouMean, nearest } from './nearest';

/** Values that all aliases of a file may stand for: a hundred previews may share the most samples that one can have. */
const valueLimit = 30_000;
/** Anchors and aliases that the library may pass by: it looks for each alias's anchor through all that are before it. */
const passedLimit = 10_000_000;

/** What is wrong at a node. */
export interface Unfollowable {
  node: Node;
  code: 'aliases' | 'syntax';
  message: string;
  suggestion?: string;
}

/** Everything that keeps a document from becoming data; of aliases that are too many, or too large, the first. */
export function unfollowable(document: Document): Unfollowable[] {
  const following = new Following();
  following.sizeOf(document.contents);
  return following.found;
}

class Following {
  readonly found: Unfollowable[] = [];
  /** The latest node of each anchor so far: what an alias stands for. */
  private readonly anchors = new Map<string, Node>();
  /** Values in each node that has an anchor, what its aliases stand for included; not yet there while it is walked. */
  private readonly sizes = new Map<Node, number>();
  /** Anchors and aliases so far. */
  private named = 0;
  private passed = 0;
  private values = 0;
  private full = false;

  /** Values in a node, itself included, with those that its aliases stand for. */
  sizeOf(node: unknown): number {
    if (isPair(node)) return this.sizeOfPair(node);
    if (isAlias(node)) return this.sizeOfAlias(node);
    if (!isScalar(node) && !isCollection(node)) return 1;
    if (node.anchor) {
      this.named++;
      this.anchors.set(node.anchor, node);
    }
    let size = 1;
    if (isCollection(node)) for (const item of node.items) size += this.sizeOf(item);
    if (node.anchor) this.sizes.set(node, size);
    return size;
  }

  private sizeOfPair(pair: Pair): number {
    const size = this.sizeOf(pair.key) + this.sizeOf(pair.value);
    if (isMergeKey(pair.key)) this.checkMerged(pair);
    return size;
  }

  private sizeOfAlias(alias: Alias): number {
    const target = this.anchors.get(alias.source);
    if (!target) {
      const near = nearest(alias.source, this.anchors.keys());
      this.tell(
        alias,
        `There is no anchor \`&${alias.source}\` before this alias.` +
          (near === undefined
            ? ` Write the value out here, or \`&${alias.source}\` where it is written first.`
            : didYouMean(`*${near}`)),
        near === undefined ? undefined : `*${near}`,
      );
      return 1;
    }
    const size = this.sizes.get(target);
    if (size === undefined) {
      this.tell(alias, 'This alias stands for what it lies in, without end. Write the value out instead.');
      return 1;
    }
    this.passed += this.named++;
    this.values += size;
    if (!this.full && (this.passed > passedLimit || this.values > valueLimit)) {
      this.full = true;
      this.tell(
        alias,
        'The aliases of this file stand for far more than is written out; write the values out instead.',
      );
    }
    return size;
  }

  private checkMerged({ key, value }: Pair): void {
    const target = this.targetOf(value);
    for (const source of isSeq(target) ? target.items : [value]) {
      // An alias without an anchor was told already.
      const merged = this.targetOf(source);
      if (merged === undefined || isMap(merged)) continue;
      const { range } = (source ?? {}) as Partial<Node>;
      this.found.push({
        node: (range && range[1] > range[0] ? source : key) as Node,
        code: 'syntax',
        message: '`<<` takes in a map: an alias of one, or a list of such aliases.',
      });
    }
  }

  /** What a node stands for; undefined for an alias without an anchor. */
  private targetOf(node: unknown): unknown {
    return isAlias(node) ? this.anchors.get(node.source) : node;
  }

  private tell(node: Node, message: string, suggestion?: string): void {
    this.found.push({ node, code: 'aliases', message, suggestion });
  }
}

/** In a document that has merge keys, an unquoted `<<` is read as a symbol. */
export const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';
