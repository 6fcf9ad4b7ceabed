import type { JobOperation } from '../../domain/jobs/job.ts';
import type { MediaState } from '../../domain/media/media-states.ts';

/**
 * How rows spell what has another name in the code. They keep the spelling of the first release, so
 * that replicas of two releases can share a database.
 */
export const PERSISTED = { unsharing: 'parting', unshare: 'part' } as const;

/** The state of a media item as its row spells it. */
export type PersistedState = Exclude<MediaState, 'unsharing'> | typeof PERSISTED.unsharing;

/** The operation of a job as its row spells it. */
export type PersistedOperation = Exclude<JobOperation, 'unshare'> | typeof PERSISTED.unshare;

/** Returns the state that a row spells like this. */
export function stateFrom(persisted: PersistedState): MediaState {
  return persisted === PERSISTED.unsharing ? 'unsharing' : persisted;
}

/** Returns the operation that a row spells like this. */
export function operationFrom(persisted: PersistedOperation): JobOperation {
  return persisted === PERSISTED.unshare ? 'unshare' : persisted;
}

/** Returns how a row spells the operation. */
export function persistedOperation(operation: JobOperation): PersistedOperation {
  return operation === 'unshare' ? PERSISTED.unshare : operation;
}
