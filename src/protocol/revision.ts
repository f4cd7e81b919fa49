/** One commit of git that changed an experiment file. */
import * as z from 'zod';

export const revisionSchema = z.object({
  /** In full; `short` is how git abbreviates it. */
  hash: z.string().regex(/^[0-9a-f]{40,64}$/),
  short: z.string(),
  /** When it was committed, ISO 8601 with the committer's offset. */
  date: z.string(),
  /** First line of its message. */
  subject: z.string(),
  /** The file's path then, from the repository's root. */
  path: z.string(),
});
export type Revision = z.infer<typeof revisionSchema>;

/** `2026-09-03 · Lower the seed` */
export const revisionDetail = ({ date, subject }: Revision): string => `${date.slice(0, 10)} · ${subject}`;

/** `1a2b3c4 · 2026-09-03 · Lower the seed` */
export const revisionLine = (revision: Revision): string => `${revision.short} · ${revisionDetail(revision)}`;
