/** Who is writing: enough to tell later, from this machine or another, whether that process still runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { sha256 } from '../canonical';

export interface ProcessIdentity {
  host: string;
  /** Changes with every boot. Containers of one machine share it, so the process namespace is part of it. */
  boot: string;
  pid: number;
  /** When the process began, as the system counts it (digits only); null where the system does not say. */
  started: string | null;
}

/** When a process began, or null where that cannot be learnt. A number given to a new process has a new start. */
export function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The name in parentheses may hold anything; field 22 counts from after its last parenthesis.
      return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
    }
    if (process.platform === 'darwin') {
      const since = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        env: { LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const time = Date.parse(`${since.trim()} UTC`);
      return Number.isNaN(time) ? null : String(time);
    }
  } catch {
    // No such process, or a system without /proc: nothing is known.
  }
  return null;
}

function bootIdentity(): string {
  if (process.platform === 'linux') {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {
      // Falls through to the clock.
    }
  }
  // To ten minutes: clocks are set while a machine runs.
  return `booted ${Math.round((Date.now() / 1000 - os.uptime()) / 600)}`;
}

let own: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  own ??= { host: os.hostname(), boot: bootIdentity(), pid: process.pid, started: processStart(process.pid) };
  return own;
}

/** `gone` and `running` are certain; `unknown` leaves the decision to the heartbeat. */
export function processState(other: ProcessIdentity, me = thisProcess()): 'running' | 'gone' | 'unknown' {
  if (other.host !== me.host || other.boot !== me.boot) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const started = processStart(other.pid);
  if (started === null || other.started === null) return 'unknown';
  return started === other.started ? 'running' : 'gone';
}

/** A short name of the machine and boot, for temporary files. */
export const machineMark = (who: ProcessIdentity): string => sha256(`${who.host}\n${who.boot}`).slice(0, 12);
