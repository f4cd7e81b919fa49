/** Choices as native controls, in their label; see `ui/toolkit.ts` for why they are native. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { levels, type Level } from '../../protocol/concept';
import { levelTitles } from './wording';

export interface Choice<T extends string> {
  label: string;
  /** Values and what is written for them, in order. */
  options: readonly (readonly [value: T, title: string])[];
  chosen: T;
  choose: (value: T) => void;
  /** What stands behind the choice, in the same label. */
  unit?: string;
}

export function choice<T extends string>({
  label,
  options,
  chosen,
  choose,
  unit,
}: Choice<T>): TemplateResult {
  return html`<label class="choice"
    ><span class="word">${label}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}>
      ${options.map(([value, title]) => option(value, title, value === chosen))}</select
    >${unit === undefined ? nothing : html` ${unit}`}</label
  >`;
}

/**
 * An option of a select. The attribute that selects has no say any more once a person has picked one: only the property has,
 * and only against what is picked now, not against what was drawn last.
 */
export const option = (value: string, title: string, chosen: boolean): TemplateResult =>
  html`<option value=${value} .selected=${live(chosen)}>${title}</option>`;

/** One level of abstraction, or all of them. */
export type LevelScope = Level | 'all';
export const levelScopes: readonly LevelScope[] = ['all', ...levels];

export const levelChoice = (chosen: LevelScope, choose: (level: LevelScope) => void): TemplateResult =>
  choice({
    ...{ label: 'Level', chosen, choose },
    options: levelScopes.map((level) => [level, level === 'all' ? 'All levels' : levelTitles[level]]),
  });
