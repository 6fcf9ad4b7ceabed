import fc from 'fast-check';
import { MinimumRate, WINDOW_SECONDS } from '../../../../src/adapters/http/shared/minimum-rate.ts';

const LIMITS = { idleSeconds: 30, minBytesPerSecond: 1000 };
const WINDOW = WINDOW_SECONDS * 1000;

describe('MinimumRate', () => {
  it('waits for the next bytes for the idle time', () => {
    expect(new MinimumRate(LIMITS).maxWaitMs).toBe(30_000);
  });

  it('measures the rate only over whole windows of waiting', () => {
    const minimumRate = new MinimumRate(LIMITS);
    expect(minimumRate.record(0, WINDOW - 1)).toBe(true);
    expect(minimumRate.record(0, 1)).toBe(false);
  });

  it('accepts a client at the minimum rate, and not below', () => {
    const enough = LIMITS.minBytesPerSecond * WINDOW_SECONDS;
    expect(new MinimumRate(LIMITS).record(enough, WINDOW)).toBe(true);
    expect(new MinimumRate(LIMITS).record(enough - 1, WINDOW)).toBe(false);
  });

  it('measures each window separately, regardless of a fast start', () => {
    const minimumRate = new MinimumRate(LIMITS);
    expect(minimumRate.record(1e9, WINDOW)).toBe(true);
    expect(minimumRate.record(0, WINDOW)).toBe(false);
  });

  it('never counts time in which it did not wait', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (chunks) => {
        const minimumRate = new MinimumRate(LIMITS);
        return chunks.every((bytes) => minimumRate.record(bytes, 0));
      }),
    );
  });
});
