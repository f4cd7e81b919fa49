/** Whether what is stored is what a run is asked for. */
import { stages, type Stage } from '../../../protocol/experiment';
import type { Device, StudyResult } from '../../../protocol/results';

/** Whether a stored result has every stage that is wanted, on the device that is wanted. */
export function answers(
  result: StudyResult,
  until: Stage = 'layers',
  device: Device | 'auto' = 'auto',
): boolean {
  const wanted = stages.slice(0, stages.indexOf(until) + 1);
  const onDevice = device === 'auto' || result.provenance.device === device;
  return onDevice && wanted.every((stage) => result.stages.includes(stage));
}
