import type { Tally } from '../../src/application/ports/tally.ts';

/** Counts nothing. */
export const uncounted: Tally = {
  uploadBegun: () => () => undefined,
  uploadTurnedAway: () => undefined,
  jobAttempted: () => undefined,
  mediaTakenOver: () => undefined,
  removalFailed: () => undefined,
  chorePassed: () => undefined,
};
