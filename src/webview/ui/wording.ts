/** Names, numbers and times as panels write them; what they say of a finding is said everywhere (`protocol/finding`). */
import type { Level } from '../../protocol/concept';

export { conceptFinding, findingOf, findingText, type Finding } from '../../protocol/finding';

export const levelTitles: Record<Level, string> = {
  layout: 'Layout',
  category: 'Category',
  attribute: 'Attribute',
  color: 'Colour',
};

/** `attribute/indoor lighting` → `indoor lighting`. */
export const labelOf = (concept: string): string => concept.slice(concept.indexOf('/') + 1);

/** A number with about three significant digits, a true minus sign, and never `-0`. */
export function number(value: number | null, digits = 2): string {
  if (value === null || Number.isNaN(value)) return '–';
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '−');
}

export const signed = (value: number, digits = 2): string => {
  const text = number(value, digits);
  return value > 0 && Number(text.replace('−', '-')) !== 0 ? `+${text}` : text;
};

export const percent = (share: number | null, digits = 1): string =>
  share === null ? '–' : `${number(share * 100, digits)} %`;

/** Seconds for people: `4 s`, `2 min 10 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
