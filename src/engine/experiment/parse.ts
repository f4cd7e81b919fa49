/** An experiment's text as data, with every complaint about its form on the exact key or value. */
import { experimentSchema, type Experiment } from '../../protocol/experiment';
import type { Diagnostic } from '../../protocol/results';
import { atOnce, readingYaml, validate, type Steps, type YamlSource } from '../yaml';
import { jsonSchema } from './schema-json';

export interface ParsedExperiment extends YamlSource {
  /** The experiment with the defaults that need no model; null where anything is wrong with its form. */
  value: Experiment | null;
  /** The same with the wrong parts left out, for judging the rest; null where too little is left. */
  draft: Experiment | null;
  /** Complaints about the form. What a model has to say is in `checkExperiment`. */
  diagnostics: Diagnostic[];
}

/** Reads an experiment. Never throws: what is wrong is in `diagnostics`. */
export const parseExperiment = (text: string): ParsedExperiment => atOnce(parsingExperiment(text));

/** `parseExperiment` in steps. */
export function* parsingExperiment(text: string): Steps<ParsedExperiment> {
  const source = yield* readingYaml(text);
  yield;
  if (source.diagnostics.length > 0) return { ...source, value: null, draft: null };
  return {
    ...source,
    ...validate(source, withoutEmptySections(source.data), experimentSchema, jsonSchema),
  };
}

/** A section that is begun but still empty (`review:`) counts as absent; the generator does not. */
function withoutEmptySections(data: unknown): unknown {
  if (data === null || data === undefined) return {};
  if (typeof data !== 'object' || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data).filter(([key, value]) => value !== null || key === 'generator'),
  );
}
