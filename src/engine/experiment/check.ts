/** What an experiment means on its models: everything that would stop a run, told before it starts. */
import type { Diagnostic } from '../../protocol/results';
import { diagnoseAt, type DataPath } from '../yaml';
import { checkModels } from './check-models';
import { checkSections } from './check-sections';
import type { Checked } from './checked';
import { ConceptNames } from './concepts';
import type { ModelContext } from './context';
import type { ParsedExperiment } from './parse';

/** Complaints about an experiment on its models, in the order of the file. Its form is `parseExperiment`'s part. */
export function checkExperiment(parsed: ParsedExperiment, context: ModelContext): Diagnostic[] {
  const experiment = parsed.value ?? parsed.draft;
  if (!experiment) return [];
  const diagnostics: Diagnostic[] = [];
  const checked: Checked = {
    experiment,
    context,
    generator: context.generator?.manifest.generator ?? null,
    names: new ConceptNames(context.concepts),
    complete: !context.problems.some(({ code }) => code === 'model'),
    written: (path) => valueAt(parsed.data, path) !== undefined,
    tell: (path, finding, part = 'value') => diagnostics.push(diagnoseAt(parsed, path, part, finding)),
  };
  for (const { path, ...finding } of context.problems) checked.tell(path, finding);
  checkModels(checked);
  checkSections(checked);
  return diagnostics.sort((a, b) => a.start.offset - b.start.offset);
}

function valueAt(data: unknown, path: DataPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    data,
  );
}
