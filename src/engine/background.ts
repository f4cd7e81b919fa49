/** Computing beside a person's work: threads that others may push aside. */
import { constants, setPriority } from 'node:os';

/**
 * Whoever else wants to run comes before the calling thread and those that it starts (on macOS and Windows, before its
 * whole process). Threads of ONNX Runtime wait for each other in busy loops, so without this an editor's own work stands
 * in line behind a study's on every core.
 */
export function giveWay(): void {
  try {
    // Linux changes the thread that asks: the process's first one goes on answering at once.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that does not allow it loses nothing but promptness.
  }
}
