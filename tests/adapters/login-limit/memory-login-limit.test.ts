import type { LoginPair } from '../../../src/application/ports/login-limit.ts';
import { MemoryLoginLimit } from '../../../src/adapters/login-limit/memory-login-limit.ts';

const HOME = '192.0.2.1';
const TOO_MANY = { code: 'too-many-logins' };

const at = (name: string, network = HOME): LoginPair => ({ name, network });

async function fail(limit: MemoryLoginLimit, times: number, name = 'ann', network = HOME): Promise<void> {
  for (let time = 0; time < times; time += 1) await limit.failed(at(name, network));
}

describe('MemoryLoginLimit', () => {
  it('refuses after twenty failures within a minute, and says how long', async () => {
    const limit = new MemoryLoginLimit();
    await fail(limit, 19);
    await limit.admit(at('ann'));
    const refusal: unknown = await limit.failed(at('ann')).catch((error: unknown) => error);
    expect(refusal).toMatchObject(TOO_MANY);
    const { retryAfterSeconds } = (refusal as { detail: { retryAfterSeconds: number } }).detail;
    expect(Number.isInteger(retryAfterSeconds)).toBe(true);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    await expect(limit.admit(at('ann'))).rejects.toMatchObject(TOO_MANY);
    await expect(limit.failed(at('ann'))).rejects.toMatchObject(TOO_MANY);
  });

  it('counts each pair of a name and a network separately', async () => {
    const limit = new MemoryLoginLimit({ ofPair: { maxFailures: 2, windowSeconds: 60, maxKeys: 10 } });
    await fail(limit, 1);
    await expect(limit.failed(at('ann'))).rejects.toMatchObject(TOO_MANY);
    await limit.admit(at('bob'));
    await limit.admit(at('ann', '192.0.2.2'));
    await fail(limit, 1, 'ann 1', '92');
    await fail(limit, 1, 'ann', '1 92');
  });

  it('resets the count after a success', async () => {
    const limit = new MemoryLoginLimit({ ofPair: { maxFailures: 2, windowSeconds: 60, maxKeys: 10 } });
    await fail(limit, 1);
    await limit.succeeded(at('ann'));
    await fail(limit, 1);
    await limit.admit(at('ann'));
  });

  it('forgets the pair with the oldest first failure when there are too many', async () => {
    const limit = new MemoryLoginLimit({ ofPair: { maxFailures: 2, windowSeconds: 60, maxKeys: 2 } });
    await fail(limit, 1, 'first');
    await fail(limit, 1, 'second');
    await fail(limit, 1, 'third');
    await expect(limit.failed(at('second'))).rejects.toMatchObject(TOO_MANY);
    await fail(limit, 1, 'first');
  });

  it('refuses a network after a hundred failures within a minute over all names, but no name that logged in from there', async () => {
    const limit = new MemoryLoginLimit();
    await limit.succeeded(at('ann'));
    for (let failure = 1; failure < 100; failure += 1) await limit.failed(at(`name ${failure}`));
    await limit.admit(at('bob'));
    await expect(limit.failed(at('bob'))).rejects.toMatchObject(TOO_MANY);
    await expect(limit.admit(at('cid'))).rejects.toMatchObject(TOO_MANY);
    await limit.admit(at('ann'));
    await limit.admit(at('cid', '192.0.2.2'));
    await fail(limit, 19, 'ann');
    await expect(limit.failed(at('ann'))).rejects.toMatchObject(TOO_MANY);
  });

  it('remembers a bounded number of networks per name and of names, the most recently used ones', async () => {
    const limit = new MemoryLoginLimit({ recent: { lifetimeSeconds: 60, maxNames: 2, maxNetworksPerName: 2 } });
    for (const network of ['1', '2', '1', '3']) await limit.succeeded(at('ann', network));
    await limit.succeeded(at('bob', '1'));
    const knows = async (): Promise<readonly boolean[]> =>
      Promise.all(['1', '2', '3'].map(async (network) => limit.knows(at('ann', network))));
    expect(await knows()).toEqual([true, false, true]);
    await limit.succeeded(at('cid', '1'));
    expect(await knows()).toEqual([false, false, false]);
    expect(await limit.knows(at('bob', '1'))).toBe(true);
  });
});
