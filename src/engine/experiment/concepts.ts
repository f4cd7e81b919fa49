/** Concept names as people write them: globs, `_` for a space, pairs of categories. */
import picomatch from 'picomatch';
import { levels, normaliseConcept, splitConcept, type ConceptName } from '../../protocol/concept';
import type { ConceptInfo } from '../manifest';
import { didYouMean, nearest } from '../yaml';

export interface ConceptProblem {
  problem: string;
  suggestion?: string;
}

/** The concepts that can be named, by their compared form. */
export class ConceptNames {
  private readonly byForm: ReadonlyMap<string, ConceptInfo>;
  /** What names mean, once found: a long file has few of them, each many times. */
  private readonly meant = new Map<string, ConceptName | ConceptProblem>();

  constructor(readonly infos: readonly ConceptInfo[]) {
    this.byForm = new Map(infos.map((info) => [comparedForm(info.concept), info]));
  }

  /** The one concept, or pair of categories, that a name means; or what is wrong with it. */
  resolve(written: string): ConceptName | ConceptProblem {
    const known = this.meant.get(written);
    if (known !== undefined) return known;
    const found = this.find(written);
    this.meant.set(written, found);
    return found;
  }

  private find(written: string): ConceptName | ConceptProblem {
    const known = this.byForm.get(comparedForm(written));
    if (known) return known.concept;
    return pairParts(written) ? this.resolvePair(written) : this.unknown(written);
  }

  /** A category by its name, with or without `category/`. */
  category(written: string): ConceptName | ConceptProblem {
    return this.resolve(
      written.includes('/') && this.byForm.has(comparedForm(written)) ? written : prefixed(written),
    );
  }

  /** The concepts that a glob matches, in the order of the list; a name or a pair is a glob of one. */
  match(written: string): ConceptName[] | ConceptProblem {
    const exact = this.byForm.get(comparedForm(written));
    if (exact) return [exact.concept];
    if (pairParts(written)) {
      const pair = this.resolvePair(written);
      return typeof pair === 'string' ? [pair] : pair;
    }
    if (!isGlob(written)) return this.unknown(written);
    // As in bash, `*` crosses '/': labels may hold one.
    const matches = picomatch(comparedForm(written), { bash: true, nocase: true, dot: true, nonegate: true });
    const found = this.infos.filter(({ concept }) => matches(comparedForm(concept)));
    if (found.length > 0) return found.map(({ concept }) => concept);
    const level = nearest(written.split('/')[0], levels);
    const suggestion =
      level && !written.startsWith(`${level}/`) ? written.replace(/^[^/]*/, level) : undefined;
    return {
      problem: `'${written}' matches none of the ${this.infos.length} concepts of the predictors.${didYouMean(suggestion)}`,
      suggestion,
    };
  }

  private resolvePair(written: string): ConceptName | ConceptProblem {
    const parts = pairParts(written) ?? [];
    const names: string[] = [];
    for (const part of parts) {
      const one = this.resolve(prefixed(part));
      if (typeof one !== 'string') return this.unknownPair(written, parts);
      names.push(one.slice('category/'.length));
    }
    if (names[0] === names[1]) return { problem: `'${written}' pairs a category with itself.` };
    return `category/${names[0]}~${names[1]}`;
  }

  /** Names what is wrong with the parts of a pair, and suggests the pair with both of them mended. */
  private unknownPair(written: string, parts: readonly string[]): ConceptProblem {
    const found = parts.map((part) => this.resolve(prefixed(part)));
    const wrong = found.flatMap((one, i) => (typeof one === 'string' ? [] : [`'${prefixed(parts[i])}'`]));
    const meant = found.map((one) => (typeof one === 'string' ? one : one.suggestion));
    const labels = meant.flatMap((name) => (name?.startsWith('category/') ? [splitConcept(name).label] : []));
    const [a, b] = labels;
    const suggestion = labels.length === 2 && a !== b ? `category/${a}~${b}` : undefined;
    return {
      problem:
        `The predictors know no concept ${wrong.join(' and no ')}, which the pair '${written}' names.` +
        (suggestion ? didYouMean(suggestion) : ' `higan models` lists the categories.'),
      suggestion,
    };
  }

  private unknown(written: string): ConceptProblem {
    if (this.infos.length === 0) return { problem: `No predictor scores '${written}'.` };
    const bare = this.infos.find((info) => comparedForm(info.label) === comparedForm(written));
    const suggestion =
      bare?.concept ??
      nearest(
        written,
        this.infos.map(({ concept }) => concept),
      ) ??
      // A right label under a wrong level.
      this.infos.find(
        (info) => comparedForm(info.label) === comparedForm(written.slice(written.indexOf('/') + 1)),
      )?.concept;
    return {
      problem:
        `The predictors know no concept '${written}'.` +
        (suggestion
          ? didYouMean(suggestion)
          : ' Concepts are written level/label; `higan models` lists them.'),
      suggestion,
    };
  }
}

/** A concept's name in the one form in which names are compared: case does not matter. */
export const comparedForm = (name: string): string => normaliseConcept(name).toLowerCase();

/** `category/a~b` → [a, b] */
export function pairParts(name: string): [string, string] | null {
  const match = /^category\/([^~]+)~([^~]+)$/i.exec(name.trim());
  return match ? [match[1].trim(), match[2].trim()] : null;
}

const prefixed = (label: string): string => (/^category\//i.test(label) ? label : `category/${label}`);

const isGlob = (text: string): boolean => /[*?[\]{}()]/.test(text);

export const isConceptProblem = <T extends string | string[]>(
  found: T | ConceptProblem,
): found is ConceptProblem => typeof found === 'object' && !Array.isArray(found);

/** Concepts that several predictors score, each with the names of the models that do. */
export function duplicateConcepts(infos: readonly ConceptInfo[]): { concept: string; models: string[] }[] {
  const byForm = new Map<string, ConceptInfo[]>();
  for (const info of infos)
    byForm.set(comparedForm(info.concept), [...(byForm.get(comparedForm(info.concept)) ?? []), info]);
  return [...byForm.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({ concept: same[0].concept, models: same.map(({ model }) => model?.name ?? 'color') }));
}

/**
 * The concepts that the globs choose, in the order of `names`, pairs after them; a leading `!` takes concepts away.
 * Problems come with the index of their glob.
 */
export function chooseConcepts(
  globs: readonly string[],
  names: ConceptNames,
): { chosen: ConceptName[]; problems: (ConceptProblem & { index: number })[] } {
  const chosen = new Set<ConceptName>();
  const problems: (ConceptProblem & { index: number })[] = [];
  if (globs.every((glob) => glob.startsWith('!'))) for (const { concept } of names.infos) chosen.add(concept);
  globs.forEach((glob, index) => {
    const away = glob.startsWith('!');
    const found = names.match(away ? glob.slice(1) : glob);
    if (isConceptProblem(found)) {
      problems.push({ ...found, index });
      return;
    }
    for (const concept of found) {
      if (away) chosen.delete(concept);
      else chosen.add(concept);
    }
  });
  const order = new Map(names.infos.map(({ concept }, index) => [concept, index]));
  const place = (concept: string): number => order.get(concept) ?? names.infos.length;
  return { chosen: [...chosen].sort((a, b) => place(a) - place(b)), problems };
}
