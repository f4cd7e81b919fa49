export * from './read';
export { nodeDisk, type Disk } from './disk';
export { Lock, type LockOptions } from './lock';
export { planPrune, prune, type PruneList } from './prune';
export { renameExperiment } from './rename';
export { openStore, Series, Store, type OpenOptions } from './store';
