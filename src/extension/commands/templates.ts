/** What a new experiment's file says: one text for each thing that people begin with. */
import type { ConceptName } from '../../protocol/concept';

export const templates = {
  'first look': {
    label: 'First look',
    detail: 'Which concepts does it vary, and at which layers? Minutes on a processor',
    samples: 4000,
  },
  'with a preview': {
    label: 'With a preview',
    detail: 'The same, and a preview of one concept, to move and to look at',
    samples: 4000,
  },
  paper: {
    label: 'The paper’s numbers',
    detail: '500,000 samples, 2,000 of each side for a boundary, 1,000 re-scored (HiGAN, section 4.1)',
    samples: 500_000,
  },
} as const;

export type TemplateName = keyof typeof templates;

export interface TemplateValues {
  template: TemplateName;
  generator: string;
  predictors: string[];
  samples: number;
  /** One that these predictors score, to show how a preview is written; null where they have none. */
  concept: ConceptName | null;
}

export function templateText({ template, generator, predictors, samples, concept }: TemplateValues): string {
  const chosen = Math.max(1, Math.min(2000, Math.floor(samples / 20)));
  const moved = template === 'paper' ? 1000 : Math.max(1, Math.min(1000, Math.floor(samples / 8)));
  const top = template === 'paper' ? 'all' : 8;
  return `# Which concepts does '${generator}' vary, and at which layers? Press Run above the next line.
generator: ${scalar(generator)}
predictors: [${predictors.map(scalar).join(', ')}]
seed: 1
probe: { samples: ${samples}, positives: ${chosen}, negatives: ${chosen} }
rescore: { samples: ${moved}, step: 2, layers: groups, top: ${top} }
${concept === null ? '' : previews(concept, template === 'with a preview')}`;
}

function previews(concept: ConceptName, wanted: boolean): string {
  const lines = [
    'previews:',
    '  look:',
    '    samples: [0, 1, 2]',
    '    edits:',
    `      - { concept: ${scalar(concept)}, step: 2, layers: all }`,
  ];
  return wanted
    ? `\n# What moving a concept does to three samples: Preview above its name shows them.\n${lines.join('\n')}\n`
    : `\n# Add previews here, from the ranking or by hand:\n${lines.map((line) => `# ${line}`).join('\n')}\n`;
}

/** Quoted where it would not be read as the same text. */
const scalar = (text: string): string => (/^[A-Za-z][\w /.-]*$/.test(text) ? text : JSON.stringify(text));
