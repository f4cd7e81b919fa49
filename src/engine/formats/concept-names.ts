/** Labels in the names of exported files, as the reference writes them: space → `_`, `/` → `__`. */

/** `natural light` → `natural_light`, `attic/indoor` → `attic__indoor`. */
export const exportedName = (label: string): string => label.replaceAll('/', '__').replaceAll(' ', '_');

/** The label that an exported name stands for, or null. Names say less than labels, so the labels have to be given. */
export function labelOfName(name: string, labels: readonly string[]): string | null {
  return (
    labels.find((label) => label === name) ??
    labels.find((label) => exportedName(label) === exportedName(name)) ??
    null
  );
}
