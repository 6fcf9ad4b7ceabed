import { MinimumRate, WINDOW_SECONDS } from '../../../src/adapters/http/shared/minimum-rate.ts';

const RATE = 1024;

describe('Pace', () => {
  const pace = (): MinimumRate => new MinimumRate({ idleSeconds: 60, minBytesPerSecond: RATE });
  const WINDOW_MS = WINDOW_SECONDS * 1000;

  it('has as much patience as the limit says', () => {
    expect(new MinimumRate({ idleSeconds: 7, minBytesPerSecond: 0 }).maxWaitMs).toBe(7000);
  });

  it('judges nobody before a window is over', () => {
    const slow = pace();
    for (let waited = 1000; waited < WINDOW_MS; waited += 1000) expect(slow.record(0, 1000)).toBe(true);
    expect(slow.record(0, 1000)).toBe(false);
  });

  it('gives up who is below the least rate over a window, by one byte', () => {
    expect(pace().record(RATE * WINDOW_SECONDS - 1, WINDOW_MS)).toBe(false);
    expect(pace().record(RATE * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('gives up who sends drops that are never idle', () => {
    const slow = pace();
    const kept = Array.from({ length: 30 }, () => slow.record(1, 2000));
    expect(kept).toEqual([...Array<boolean>(29).fill(true), false]);
  });

  it('begins each window anew, so that what was sent fast is not held against being slow later', () => {
    const uneven = pace();
    expect(uneven.record(1_000_000_000, WINDOW_MS)).toBe(true);
    expect(uneven.record(0, WINDOW_MS)).toBe(false);
    const steady = pace();
    for (let window = 0; window < 10; window += 1) expect(steady.record(RATE * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('takes a window that was overrun for as long as it was', () => {
    expect(pace().record(RATE * WINDOW_SECONDS, WINDOW_MS + 60_000)).toBe(false);
    expect(pace().record(2 * RATE * WINDOW_SECONDS, 2 * WINDOW_MS)).toBe(true);
  });

  it('counts only the time that was spent waiting for the client', () => {
    const fast = pace();
    // Whatever we did between these, nobody waited.
    for (let chunk = 0; chunk < 1_000_000; chunk += 1) fast.record(0, 0);
    expect(fast.record(0, WINDOW_MS - 1)).toBe(true);
  });

  it('lets everybody be who has to send nothing', () => {
    expect(new MinimumRate({ idleSeconds: 1, minBytesPerSecond: 0 }).record(0, WINDOW_MS)).toBe(true);
  });
});
