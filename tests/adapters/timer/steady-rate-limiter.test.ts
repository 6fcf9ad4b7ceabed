import { SteadyRateLimiter } from '../../../src/adapters/timer/steady-rate-limiter.ts';
import type { TenantId } from '../../../src/domain/access/tenant.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER } from '../../support/files/byte-sources.ts';

const HUGE = bytes(1_000_000);

describe('A steady pace', () => {
  it('lets everything through where there is no limit', async () => {
    const rateLimiter = new SteadyRateLimiter(0);
    for (let time = 0; time < 10; time += 1) await rateLimiter.waitFor(HUGE, NEVER);
  });

  it('lets the first through, and makes the next pay for it, until its signal aborts', async () => {
    const rateLimiter = new SteadyRateLimiter(1);
    await rateLimiter.waitFor(HUGE, NEVER);
    const stop = new AbortController();
    const reason = new Error('the lease was lost');
    const waiting = rateLimiter.waitFor(bytes(1), stop.signal);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(rateLimiter.waitFor(bytes(1), stop.signal)).rejects.toBe(reason);
  });

  it('makes nobody wait for what moves nothing', async () => {
    const rateLimiter = new SteadyRateLimiter(1);
    await rateLimiter.waitFor(HUGE, NEVER);
    await rateLimiter.waitFor(bytes(0), NEVER);
  });

  it('makes one tenant pay for what it took, and no other', async () => {
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
