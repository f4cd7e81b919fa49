/** Sessions on a device that was seen to do its work right: a laboratory's, and those of one piece of work outside a study. */
import { openSessions, type Sessions } from '../session';
import type { EngineOptions } from './api';

/**
 * Opens what the work needs on the first device that passes: `auto` passes over one that fails the models' self-tests or
 * refuses the very graphs that are to run; one that was named has to pass.
 * @param open runs the self-tests and opens the graphs; called for each candidate, what it opened last is given back
 * @param start another way to sessions, for tests
 * @returns the sessions, which are the caller's to close
 * @throws Failure of the last candidate, or of the named device; nothing is left open
 */
export async function openProven<T>(
  { device = 'auto', threads, onnxruntime: runtime, log }: EngineOptions,
  open: (sessions: Sessions) => Promise<T>,
  start: typeof openSessions = openSessions,
): Promise<{ sessions: Sessions; opened: T }> {
  let opened: T | undefined;
  const accept = async (sessions: Sessions): Promise<void> => {
    opened = await open(sessions);
  };
  const sessions = await start(device, {
    ...{ threads, runtime, accept },
    onRejected: (rejected, reason) => log?.(`${rejected} is not used: ${reason.message}`),
  });
  try {
    // Only `auto` asks whether a device is accepted.
    if (device !== 'auto') await accept(sessions);
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return { sessions, opened: opened as T };
}
