/** Looks at several files at once, and still complains about the first that is wrong. */

/** Runs `look` on all items together. @throws what it threw for the earliest of them, after all have ended */
export async function each<T>(items: readonly T[], look: (item: T) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(look));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
