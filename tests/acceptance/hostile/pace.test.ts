import { Pace, WINDOW_SECONDS } from '../../../src/adapters/http/shared/pace.ts';

const RATE = 1024;

describe('Pace', () => {
  const pace = (): Pace => new Pace({ idleSeconds: 60, leastRate: RATE });
  const WINDOW_MS = WINDOW_SECONDS * 1000;

  it('has as much patience as the limit says', () => {
    expect(new Pace({ idleSeconds: 7, leastRate: 0 }).patienceMs).toBe(7000);
  });

  it('judges nobody before a window is over', () => {
    const slow = pace();
    for (let waited = 1000; waited < WINDOW_MS; waited += 1000) expect(slow.keeps(0, 1000)).toBe(true);
    expect(slow.keeps(0, 1000)).toBe(false);
  });

  it('gives up who is below the least rate over a window, by one byte', () => {
    expect(pace().keeps(RATE * WINDOW_SECONDS - 1, WINDOW_MS)).toBe(false);
    expect(pace().keeps(RATE * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('gives up who sends drops that are never idle', () => {
    const slow = pace();
    const kept = Array.from({ length: 30 }, () => slow.keeps(1, 2000));
    expect(kept).toEqual([...Array<boolean>(29).fill(true), false]);
  });

  it('begins each window anew, so that what was sent fast is not held against being slow later', () => {
    const uneven = pace();
    expect(uneven.keeps(1_000_000_000, WINDOW_MS)).toBe(true);
    expect(uneven.keeps(0, WINDOW_MS)).toBe(false);
    const steady = pace();
    for (let window = 0; window < 10; window += 1) expect(steady.keeps(RATE * WINDOW_SECONDS, WINDOW_MS)).toBe(true);
  });

  it('takes a window that was overrun for as long as it was', () => {
    expect(pace().keeps(RATE * WINDOW_SECONDS, WINDOW_MS + 60_000)).toBe(false);
    expect(pace().keeps(2 * RATE * WINDOW_SECONDS, 2 * WINDOW_MS)).toBe(true);
  });

  it('counts only the time that was spent waiting for the client', () => {
    const fast = pace();
    // Whatever we did between these, nobody waited.
    for (let chunk = 0; chunk < 1_000_000; chunk += 1) fast.keeps(0, 0);
    expect(fast.keeps(0, WINDOW_MS - 1)).toBe(true);
  });

  it('lets everybody be who has to send nothing', () => {
    expect(new Pace({ idleSeconds: 1, leastRate: 0 }).keeps(0, WINDOW_MS)).toBe(true);
  });
});
