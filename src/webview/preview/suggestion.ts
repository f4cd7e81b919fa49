/** Which concept a first preview is offered for, and the offer. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PreviewView } from '../../protocol/panels';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { once } from '../ui/once';
import { labelOf } from '../ui/wording';

/**
 * The attribute that moves most, since rooms change under one's eyes along attributes; without any, what moves most at all;
 * without that, the largest Δ. Null while no concept has a direction.
 */
export function suggestedConcept({ concepts }: Pick<StudyResult, 'concepts'>): string | null {
  const delta = ({ effect }: ConceptResult): number => effect?.delta ?? 0;
  const directed = concepts.filter(({ boundary }) => boundary !== null).sort((a, b) => delta(b) - delta(a));
  const moving = directed.filter(({ effect }) => effect?.moves);
  const best = moving.find(({ level }) => level === 'attribute') ?? moving[0] ?? directed[0];
  return best?.concept ?? null;
}

/** What stands where the file has no preview, or none that can be read: why, and the way to a first one. */
export function firstPreview(
  { problem }: Pick<PreviewView, 'problem'>,
  study: StudyResult | null,
  { add, showSource }: { add: (concept: string) => void; showSource: () => void },
): TemplateResult {
  const concept = problem === null && study ? suggestedConcept(study) : null;
  return html`<div class="empty">
    <p>
      ${
        problem ??
        (concept === null
          ? 'This experiment has no previews, and none of its concepts has a direction to move along.'
          : 'This experiment has no previews yet. A preview shows what moving concepts does to some samples, with a slider for each; it is kept in the file.')
      }
    </p>
    <div class="row">
      ${
        concept === null
          ? nothing
          : html`<vscode-button @click=${once(() => add(concept))}
              >Add a preview of ${labelOf(concept)}</vscode-button
            >`
      }
      <vscode-button appearance=${concept === null ? 'primary' : 'secondary'} @click=${() => showSource()}
        >Show the file</vscode-button
      >
    </div>
  </div>`;
}
