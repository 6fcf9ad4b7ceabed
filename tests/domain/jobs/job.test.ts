import { progressOf, type JobState } from '../../../src/domain/jobs/job.ts';
import { bytes, MAX_BYTES } from '../../../src/domain/shared/bytes.ts';

describe('progressOf', () => {
  it.each<[JobState, number, number, number]>([
    ['started', 0, 100, 0],
    ['started', 1, 3, 33],
    ['started', 100, 100, 99],
    ['started', 0, 0, 0],
    ['started', MAX_BYTES - 1, MAX_BYTES, 99],
    ['success', 0, 0, 100],
    ['success', 100, 100, 100],
    ['error', 50, 100, 50],
    ['error', 0, 0, 0],
  ])('returns for a job in %s with %i of %i bytes: %i %', (state, copied, total, percent) => {
    expect(progressOf({ state, copied: bytes(copied), total: bytes(total) })).toBe(percent);
  });
});
