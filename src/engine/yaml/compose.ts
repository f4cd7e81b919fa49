/**
 * YAML tokens become documents in small steps. The library's composer makes a document of a whole file at once, which
 * holds the extension host up for as long as that takes. Here long maps and lists are given to it a piece at a time, and
 * put together to what it makes of the whole, source tokens and ranges included. (Only not the comments that it hangs on
 * nodes: whoever edits here edits the text.)
 */
import { Composer, isPair, isScalar, type CST, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Steps } from '../turns';

type Options = NonNullable<ConstructorParameters<typeof Composer>[0]>;
type Block = CST.BlockMap | CST.BlockSequence;
type Item = Block['items'][number];
type Range = [start: number, valueEnd: number, nodeEnd: number];
/** A map or a list: its entries are pairs or nodes. */
type Collection = Omit<YAMLMap | YAMLSeq, 'items' | 'srcToken' | 'range'> & {
  items: unknown[];
  range?: Range | null;
  srcToken?: Block;
};

/** Characters of a piece: few milliseconds, even before the composer's code is compiled. */
const usualLength = 4000;
/** Collections within collections that are taken apart; what lies deeper is composed with what it lies in. */
const deepest = 16;

export class SteppedComposer {
  private readonly options: Options;
  private readonly composer: Composer;
  /** Documents under way: the token that stands for their contents, and the contents. */
  private readonly contents = new Map<CST.Token, { token: Block; made: Collection }>();
  private directives = false;

  /**
   * @param options the library's; source tokens are always kept
   * @param end the length of the text
   * @param length characters of a piece, about
   */
  constructor(
    options: Options,
    private readonly end: number,
    private readonly length = usualLength,
  ) {
    this.options = { ...options, keepSourceTokens: true };
    this.composer = new Composer(this.options);
  }

  /** Takes the next token of a parser. @returns the documents that are complete now */
  *next(token: CST.Token): Steps<Document.Parsed[]> {
    // Directives change what the tags of their document mean.
    this.directives ||= token.type === 'directive';
    const made = this.directives || token.type !== 'document' ? null : yield* this.inPieces(token);
    return this.complete(this.composer.next(made ?? token));
  }

  /** The end of the tokens. @returns the last document */
  last(): Document.Parsed[] {
    return this.complete(this.composer.end());
  }

  /** Composes the contents; null where something is wrong, which the library then tells of the whole. */
  private *inPieces(token: CST.Document): Steps<CST.Document | null> {
    const { value } = token;
    if (!isBlock(value) || this.end - value.offset <= this.length) return null;
    const pieces = new Pieces(this.options, this.length);
    const made = yield* pieces.compose(value, this.end);
    if (!made) return null;
    const standIn = standInFor(value, made);
    this.contents.set(standIn, { token: value, made });
    return { ...token, value: standIn };
  }

  private complete(documents: Iterable<Document.Parsed>): Document.Parsed[] {
    const complete = [...documents];
    for (const { contents } of complete) {
      const own = contents?.srcToken && this.contents.get(contents.srcToken);
      if (own) fill(contents as Collection, own.token, own.made);
    }
    return complete;
  }
}

/** Composes one document's maps and lists, the inner before the outer ones. */
class Pieces {
  constructor(
    private readonly options: Options,
    private readonly length: number,
  ) {}

  /**
   * @param end the offset where the token ends at the latest
   * @param depth collections that it lies in
   * @returns the collection; null where something in it is wrong
   */
  *compose(token: Block, end: number, depth = 0): Steps<Collection | null> {
    const { items } = token;
    const whole = new Whole(token);
    let piece: Item[] = [];
    let length = 0;
    for (const [i, item] of items.entries()) {
      const next = i + 1 < items.length ? startOf(items[i + 1]) : end;
      const size = next - startOf(item);
      if (size > this.length && depth < deepest && isBlock(item.value) && !isTagged(item)) {
        const made = yield* this.compose(item.value, next, depth + 1);
        if (!made) return null;
        piece.push(whole.standIn(item, item.value, made));
      } else {
        piece.push(item);
        length += size;
      }
      if (length < this.length && i + 1 < items.length) continue;
      if (!whole.add(this.made({ ...token, offset: whole.end, items: piece } as Block))) return null;
      yield;
      piece = [];
      length = 0;
    }
    return whole.collection;
  }

  /** What the library makes of a piece; null where something in it is wrong. */
  private made(value: Block): Collection | null {
    const composer = new Composer(this.options);
    const token: CST.Document = { type: 'document', offset: value.offset, start: [], value };
    const [document] = [...composer.next(token), ...composer.end()];
    const sound = document.errors.length === 0 && document.warnings.length === 0;
    return sound ? (document.contents as Collection) : null;
  }
}

/** A collection that grows by pieces. */
class Whole {
  collection: Collection | null = null;
  /** Where the next piece begins. */
  end: number;
  private readonly keys = new Set<unknown>();
  private readonly standIns = new Map<unknown, { item: Item; token: Block; made: Collection }>();

  constructor(private readonly token: Block) {
    this.end = token.offset;
  }

  /** An entry whose value is made already: the library is given one that only says where the value ends. */
  standIn(item: Item, token: Block, made: Collection): Item {
    const standIn = { ...item, value: standInFor(token, made) } as Item;
    this.standIns.set(standIn.value, { item, token, made });
    return standIn;
  }

  /** @returns whether there was nothing wrong with the piece */
  add(piece: Collection | null): boolean {
    if (!piece?.range) return false;
    for (const entry of piece.items) {
      if (!this.isNew(entry)) return false;
      this.restore(entry);
    }
    const [, end, nodeEnd] = piece.range;
    this.end = end;
    if (this.collection) this.collection.items.push(...piece.items);
    else this.collection = piece;
    this.collection.range = [this.token.offset, end, nodeEnd];
    this.collection.srcToken = this.token;
    return true;
  }

  /** Whether no earlier entry has this one's key. The library compares the keys of a piece only. */
  private isNew(entry: unknown): boolean {
    if (!isPair(entry) || !isScalar(entry.key)) return true;
    return this.keys.size < this.keys.add(entry.key.value).size;
  }

  /** Puts what was made already in the place of what stood for it. */
  private restore(entry: unknown): void {
    const node = (isPair(entry) ? entry.value : entry) as Collection | null;
    const own = node?.srcToken && this.standIns.get(node.srcToken);
    if (!own) return;
    fill(node, own.token, own.made);
    if (isPair(entry)) entry.srcToken = own.item;
  }
}

/** A collection without entries that ends where the real one does. */
const standInFor = (token: Block, { range }: Collection): Block => ({
  ...token,
  offset: range?.[2] ?? token.offset,
  items: [],
});

/** Makes a stand-in's node the real one; an anchor, and what the library noted of it, stay. */
function fill(node: Collection, token: Block, { items, range }: Collection): void {
  node.items = items;
  node.range = range;
  node.srcToken = token;
}

const isBlock = (token: CST.Token | null | undefined): token is Block =>
  token?.type === 'block-map' || token?.type === 'block-seq';

/** A tag may turn a collection into something else, which it does with all of its entries. */
const isTagged = ({ start, sep = [] }: Item): boolean =>
  [...start, ...sep].some(({ type }) => type === 'tag');

const startOf = ({ start, key, sep, value }: Item): number =>
  (start[0] ?? key ?? sep?.[0] ?? value)?.offset ?? 0;
