import { SteadyRateLimiter } from '../../../src/adapters/timer/steady-rate-limiter.ts';
import type { TenantId } from '../../../src/domain/access/tenant.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER } from '../../support/files/byte-sources.ts';

const HUGE = bytes(1_000_000);

describe('SteadyRateLimiter', () => {
  it('waits for nothing without a limit', async () => {
    const rateLimiter = new SteadyRateLimiter(0);
    for (let time = 0; time < 10; time += 1) await rateLimiter.waitFor(HUGE, NEVER);
  });

  it('lets the first bytes through, and delays the next until its signal aborts', async () => {
    const rateLimiter = new SteadyRateLimiter(1);
    await rateLimiter.waitFor(HUGE, NEVER);
    const stop = new AbortController();
    const reason = new Error('the lease was lost');
    const waiting = rateLimiter.waitFor(bytes(1), stop.signal);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(rateLimiter.waitFor(bytes(1), stop.signal)).rejects.toBe(reason);
  });

  it('does not delay a call for no bytes', async () => {
    const rateLimiter = new SteadyRateLimiter(1);
    await rateLimiter.waitFor(HUGE, NEVER);
    await rateLimiter.waitFor(bytes(0), NEVER);
  });

  it('delays the tenant that moved bytes, and no other', async () => {
    const rateLimiter = new SteadyRateLimiter(1);
    const [one, other] = [1, 2] as TenantId[];
    await rateLimiter.waitFor(HUGE, NEVER, one);
    const stop = new AbortController();
    const waiting = rateLimiter.waitFor(bytes(1), stop.signal, one);
    await rateLimiter.waitFor(bytes(1), NEVER, other);
    await rateLimiter.waitFor(bytes(1), NEVER);
    stop.abort(new Error('it waited'));
    await expect(waiting).rejects.toThrow('it waited');
  });
});
