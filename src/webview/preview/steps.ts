/** Which multiples of the edits' steps the grid shows, and the columns that they make. */
import type { Preview } from '../../protocol/experiment';
import { number } from '../ui/wording';

export const stepChoices = { ends: [0, 1], half: [0, 0.5, 1], sweep: [-1, -0.5, 0, 0.5, 1] } as const;
export type StepChoice = keyof typeof stepChoices;
export const stepNames = Object.keys(stepChoices) as StepChoice[];
export const stepTitles: Record<StepChoice, string> = {
  ends: 'Before and after',
  half: 'Half and whole',
  sweep: 'Both directions',
};

export interface GridColumn {
  title: string;
  step: number;
  variant: number;
}

/** A column a step, then one for each jitter variant, which stand at the whole step. */
export function gridColumns(preview: Preview | null, steps: readonly number[]): GridColumn[] {
  const variants = preview?.edits.length ? (preview.jitter?.variants ?? 0) : 0;
  return [
    ...steps.map((step) => ({ title: stepTitle(step), step, variant: 0 })),
    ...Array.from({ length: variants }, (_, index) => ({
      ...{ title: `jitter ${index + 1}`, step: 1, variant: index + 1 },
    })),
  ];
}

function stepTitle(step: number): string {
  if (step === 0) return 'before';
  return step === 1 ? 'after' : `× ${number(step, 1)}`;
}
