import { MinimumRate, WINDOW_SECONDS } from '../../../src/adapters/http/shared/minimum-rate.ts';

const RATE_BYTES_PER_SECOND = 1024;

describe('MinimumRate', () => {
  const minimumRate = (): MinimumRate => new MinimumRate({ idleSeconds: 60, minBytesPerSecond: RATE_BYTES_PER_SECOND });
  const WINDOW_MS = WINDOW_SECONDS * 1000;

  it('has the idle limit as its patience', () => {
    expect(new MinimumRate({ idleSeconds: 7, minBytesPerSecond: 0 }).maxWaitMs).toBe(7000);
  });

  it('accepts any rate before the first window is over', () => {
    const slow = minimumRate();
    for (let waited = 1000; waited < WINDOW_MS; waited += 1000) expect(slow.record(0, 1000)).toBe(true);
    expect(slow.record(0, 1000)).toBe(false);
  });

  it('rejects a client that is one byte below the minimum rate over a window', () => {
    expect(minimumRate().record(RATE_BYTES_PER_SECOND * WINDOW_SECONDS - 1, WINDOW_MS)).toBe(false);
    expect(minimumRate().record(RATE_BYTES_PER_SECOND * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('rejects a client that sends single bytes without ever being idle', () => {
    const slow = minimumRate();
    const results = Array.from({ length: 30 }, () => slow.record(1, 2000));
    expect(results).toEqual([...Array<boolean>(29).fill(true), false]);
  });

  it('judges each window separately', () => {
    const uneven = minimumRate();
    expect(uneven.record(1_000_000_000, WINDOW_MS)).toBe(true);
    expect(uneven.record(0, WINDOW_MS)).toBe(false);
    const steady = minimumRate();
    for (let window = 0; window < 10; window += 1)
      expect(steady.record(RATE_BYTES_PER_SECOND * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('judges a window that lasted longer by its real length', () => {
    expect(minimumRate().record(RATE_BYTES_PER_SECOND * WINDOW_SECONDS, WINDOW_MS + 60_000)).toBe(false);
    expect(minimumRate().record(2 * RATE_BYTES_PER_SECOND * WINDOW_SECONDS, 2 * WINDOW_MS)).toBe(true);
  });

  it('counts only the time spent waiting for the client', () => {
    const fast = minimumRate();
    // The server's own time between these does not count.
    for (let chunk = 0; chunk < 1_000_000; chunk += 1) fast.record(0, 0);
    expect(fast.record(0, WINDOW_MS - 1)).toBe(true);
  });

  it('accepts any rate with a minimum of zero', () => {
    expect(new MinimumRate({ idleSeconds: 1, minBytesPerSecond: 0 }).record(0, WINDOW_MS)).toBe(true);
  });
});
