import { MemoryLoginLimit } from '../../../src/adapters/login-limit/memory-login-limit.ts';

const HOME = '192.0.2.1';
const TOO_MANY = { code: 'too-many-logins' };

async function fail(limit: MemoryLoginLimit, times: number, name = 'ann', address = HOME): Promise<void> {
  for (let time = 0; time < times; time += 1) await limit.failed(name, address);
}

describe('MemoryLoginLimit', () => {
  it('refuses from the twentieth failure a minute, and says how long', async () => {
    const limit = new MemoryLoginLimit();
    await fail(limit, 19);
    await limit.admit('ann', HOME);
    const refusal: unknown = await limit.failed('ann', HOME).catch((error: unknown) => error);
    expect(refusal).toMatchObject(TOO_MANY);
    const { retryAfterSeconds } = (refusal as { detail: { retryAfterSeconds: number } }).detail;
    expect(Number.isInteger(retryAfterSeconds)).toBe(true);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    await expect(limit.admit('ann', HOME)).rejects.toMatchObject(TOO_MANY);
    await expect(limit.failed('ann', HOME)).rejects.toMatchObject(TOO_MANY);
  });

  it('counts each pair of a name and an address on its own', async () => {
    const limit = new MemoryLoginLimit({ failures: 2, seconds: 60, pairs: 10 });
    await fail(limit, 1);
    await expect(limit.failed('ann', HOME)).rejects.toMatchObject(TOO_MANY);
    await limit.admit('bob', HOME);
    await limit.admit('ann', '192.0.2.2');
    await fail(limit, 1, 'ann 1', '92');
    await fail(limit, 1, 'ann', '1 92');
  });

  it('starts anew after a success', async () => {
    const limit = new MemoryLoginLimit({ failures: 2, seconds: 60, pairs: 10 });
    await fail(limit, 1);
    await limit.succeeded('ann', HOME);
    await fail(limit, 1);
    await limit.admit('ann', HOME);
  });

  it('forgets the pair whose first failure lies furthest back when there are too many', async () => {
    const limit = new MemoryLoginLimit({ failures: 2, seconds: 60, pairs: 2 });
    await fail(limit, 1, 'first');
    await fail(limit, 1, 'second');
    await fail(limit, 1, 'third');
    await expect(limit.failed('second', HOME)).rejects.toMatchObject(TOO_MANY);
    await fail(limit, 1, 'first');
  });
});
