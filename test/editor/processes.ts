/** The inference processes that a served editor's extension hosts have started. */
import { execFileSync } from 'node:child_process';
import type { Server } from './server';

export interface Inference {
  pid: number;
  /** The extension host that owns it. */
  owner: number;
}

/** Those that live now. A server is the leader of a group, and everything that it starts is in it. */
export function inferenceOf({ process: leader }: Server): Inference[] {
  const list = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , group, state]) => Number(group) === leader.pid && !state.startsWith('Z'))
    .filter((columns) => columns.some((column) => column.endsWith('/dist/inference.mjs')))
    .map(([pid, owner]) => ({ pid: Number(pid), owner: Number(owner) }));
}
