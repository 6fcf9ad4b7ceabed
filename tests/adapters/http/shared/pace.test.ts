import fc from 'fast-check';
import { Pace, WINDOW_SECONDS } from '../../../../src/adapters/http/shared/pace.ts';

const LIMITS = { idleSeconds: 30, leastRate: 1000 };
const WINDOW = WINDOW_SECONDS * 1000;

describe('Pace', () => {
  it('waits for the next bytes for as long as it was told', () => {
    expect(new Pace(LIMITS).patienceMs).toBe(30_000);
  });

  it('judges the rate only over whole windows of waiting', () => {
    const pace = new Pace(LIMITS);
    expect(pace.keeps(0, WINDOW - 1)).toBe(true);
    expect(pace.keeps(0, 1)).toBe(false);
  });

  it('keeps whoever sends just enough, and not whoever sends less', () => {
    const enough = LIMITS.leastRate * WINDOW_SECONDS;
    expect(new Pace(LIMITS).keeps(enough, WINDOW)).toBe(true);
    expect(new Pace(LIMITS).keeps(enough - 1, WINDOW)).toBe(false);
  });

  it('judges each window on its own: a fast start is no excuse', () => {
    const pace = new Pace(LIMITS);
    expect(pace.keeps(1e9, WINDOW)).toBe(true);
    expect(pace.keeps(0, WINDOW)).toBe(false);
  });

  it('never judges time in which it did not wait', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (chunks) => {
        const pace = new Pace(LIMITS);
        return chunks.every((bytes) => pace.keeps(bytes, 0));
      }),
    );
  });
});
