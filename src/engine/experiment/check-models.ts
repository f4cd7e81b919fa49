/** Whether generator, predictors, space, class and truncation of an experiment fit each other. */
import type { Checked } from './checked';
import { duplicateConcepts } from './concepts';

export function checkModels(checked: Checked): void {
  checkSpace(checked);
  checkClass(checked);
  checkTruncation(checked);
  checkPredictors(checked);
}

function checkSpace({ experiment, generator, context, tell }: Checked): void {
  if (!generator || experiment.space === undefined) return;
  const spaces = spacesOf(generator);
  if (!spaces.includes(experiment.space)) {
    const why = experiment.space === 'w' ? 'has no mapping to w' : 'names no style tensors for y';
    tell(['space'], {
      code: 'no-such-space',
      message: `The generator '${context.generator?.name}' ${why}; it has ${spaces.join(', ')}.`,
      suggestion: spaces[0],
    });
  }
}

/** The spaces that a generator has, the default first. */
export function spacesOf(generator: NonNullable<Checked['generator']>): ('w' | 'z' | 'y')[] {
  const styles = generator.layers.every((layer) => layer.styles.length > 0);
  return [...(generator.mapping ? (['w'] as const) : []), 'z', ...(styles ? (['y'] as const) : [])];
}

function checkClass({ experiment, generator, context, tell }: Checked): void {
  if (!generator) return;
  const name = context.generator?.name;
  if (generator.classes !== undefined && experiment.class === undefined) {
    tell(['generator'], {
      code: 'class',
      message: `'${name}' makes images of ${generator.classes} classes: add \`class:\` with one of 0-${generator.classes - 1}.`,
    });
  } else if (experiment.class !== undefined && generator.classes === undefined) {
    tell(['class'], { code: 'class', message: `'${name}' has no classes; remove \`class:\`.` }, 'key');
  } else if (experiment.class !== undefined && experiment.class >= (generator.classes ?? 0)) {
    tell(['class'], {
      code: 'class',
      message: `'${name}' has classes 0-${(generator.classes ?? 1) - 1}; ${experiment.class} is none of them.`,
    });
  }
}

function checkTruncation({ experiment, generator, context, tell }: Checked): void {
  const { truncation } = experiment;
  if (!generator || truncation === undefined) return;
  if (!generator.truncation && truncation.psi !== 1) {
    tell(
      ['truncation'],
      {
        code: 'truncation',
        message: `'${context.generator?.name}' comes without a mean code, so its codes cannot be truncated; remove \`truncation:\`.`,
      },
      'key',
    );
  } else if (truncation.cutoff !== undefined && truncation.cutoff > generator.layers.length) {
    tell(['truncation', 'cutoff'], {
      code: 'truncation',
      severity: 'warning',
      message: `The generator has ${generator.layers.length} layers; a cut-off of ${truncation.cutoff} truncates them all.`,
    });
  }
}

function checkPredictors({ experiment, generator, context, complete, tell }: Checked): void {
  const place = (model: string): (string | number)[] => {
    const index = (experiment.predictors ?? []).findIndex((reference) => reference === model);
    return index < 0 ? ['generator'] : ['predictors', index];
  };
  if (complete && context.concepts.length === 0) {
    tell(['predictors'], {
      code: 'no-concepts',
      message: 'The predictors score no concept: add one, or color.',
    });
  }
  for (const { concept, models } of duplicateConcepts(context.concepts)) {
    tell(place(models[models.length - 1]), {
      code: 'duplicate',
      message: `'${concept}' is scored by ${models.join(' and ')}: leave one of them out, so that it is clear whose score counts.`,
    });
  }
  if (!generator) return;
  for (const model of context.predictors) {
    for (const { file, input } of model.manifest.predictors ?? []) {
      const fits =
        input.resize === 'none'
          ? generator.resolution === input.size
          : input.resize === 'bilinear' || generator.resolution % input.size === 0;
      if (fits) continue;
      tell(place(model.name), {
        code: 'size',
        message:
          `${model.name}/${file} takes images of ${input.size} × ${input.size} (resize: ${input.resize}), which cannot be ` +
          `made from the generator's ${generator.resolution} × ${generator.resolution}; resize: bilinear in its manifest can.`,
      });
    }
  }
}
