/** Whether a folder may be written as a store: one that holds somebody's files never becomes one. */
import { badInput } from '../failure';
import { isLockName } from './lock';
import { ownNames, type Layout } from './read/layout';
import { checkFormat, listIfThere, readIfThere } from './read/reader';
import { isTemporaryName } from './temporary';

/** What keeps a store out of git. */
export const gitignore = '*\n';

/** What network file systems show for a while of a file that was deleted while it was open, as locks are. */
const isVanishing = (name: string): boolean => /^\.(?:nfs|fuse_hidden)[0-9a-f]+$/.test(name);

const named =
  (own: RegExp) =>
  (name: string): boolean =>
    own.test(name);

/**
 * Folders of a store, and names in them. A first run that is killed before it writes `format.json` may have made the
 * first two; all of them are left of a store whose `format.json` was damaged and deleted.
 */
const ownFolders = new Map([
  ['locks', isLockName],
  ['tmp', isTemporaryName],
  ['chunks', named(ownNames.start)],
  ['boundaries', named(ownNames.boundary)],
  ['results', named(ownNames.record)],
  ['experiments', named(ownNames.pointer)],
  ['runs', named(ownNames.record)],
  ['documents', named(ownNames.kind)],
  ['damaged', named(ownNames.damaged)],
]);

/**
 * Lets a store be written, and a folder that is not there, is empty, or has nothing but what a store has: what a first
 * run that was killed leaves, or a store without its `format.json`, which is written again.
 * @throws Failure for a folder of anything else, and as `checkFormat`; nothing is changed
 */
export async function checkOwnFolder(layout: Layout): Promise<void> {
  if ((await checkFormat(layout)) === 'ours') return;
  const stranger = await strangerIn(layout);
  // Somebody else's first run may have come to its `format.json` between the two looks.
  if (stranger === null || (await checkFormat(layout)) === 'ours') return;
  throw badInput(
    `${layout.root} is no store: nothing was run into it. Check its path, or choose with --store a folder that is empty ` +
      `or not there yet: this one holds '${stranger}'.`,
  );
}

/** The first thing in a folder without `format.json` that is not named as a store names things, or null. */
async function strangerIn(layout: Layout): Promise<string | null> {
  for (const name of (await listIfThere(layout.root)).sort()) {
    if (name === '.gitignore' && String(await readIfThere(layout.at(name))) === gitignore) continue;
    const isOurs = ownFolders.get(name);
    if (!isOurs) return name;
    const stranger = (await listIfThere(layout.at(name))).find((file) => !isOurs(file) && !isVanishing(file));
    if (stranger !== undefined) return `${name}/${stranger}`;
  }
  return null;
}
