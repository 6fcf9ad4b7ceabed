import { inspect } from 'node:util';
import { MemoryVerifiedCredentials } from '../../../src/adapters/verified-credentials/memory-verified-credentials.ts';
import type { Proof } from '../../../src/application/ports/verified-credentials.ts';
import type { UserId } from '../../../src/domain/shared/ids.ts';
import { until } from '../../support/waiting/until.ts';

/** Returns the proof of a login from a network. */
function proof(name: string, password: string, network = '192.0.2.1'): Proof {
  return { name, password, network };
}

const ANN = { user: 7 as UserId, version: 3 };

describe('MemoryVerifiedCredentials', () => {
  it('recalls a proof by its name, password and network', () => {
    const memory = new MemoryVerifiedCredentials();
    memory.remember(proof('ann', 'secret'), ANN);
    expect(memory.recall(proof('ann', 'secret'))).toEqual(ANN);
    for (const [name, password] of [
      ['ann', 'secre'],
      ['ann s', 'ecret'],
      ['ben', 'secret'],
      ['ann ', 'secret'],
    ] as const) {
      expect(memory.recall(proof(name, password))).toBeNull();
    }
    expect(memory.recall(proof('ann', 'secret', '192.0.2.2'))).toBeNull();
    memory.remember(proof('ann', 'secret'), { ...ANN, version: 4 });
    expect(memory.recall(proof('ann', 'secret'))).toEqual({ ...ANN, version: 4 });
  });

  it('forgets a proof after its lifetime', async () => {
    const memory = new MemoryVerifiedCredentials({ lifetimeSeconds: 0.05, maxProofs: 10 });
    memory.remember(proof('ann', 'secret'), ANN);
    await until('it forgets', () => memory.recall(proof('ann', 'secret')) === null);
  });

  it('forgets the least recently used proof at its limit', () => {
    const memory = new MemoryVerifiedCredentials({ lifetimeSeconds: 60, maxProofs: 2 });
    for (const name of ['a', 'b', 'a', 'c']) memory.remember(proof(name, 'secret'), ANN);
    expect(['a', 'b', 'c'].map((name) => memory.recall(proof(name, 'secret')) !== null)).toEqual([true, false, true]);
  });

  it('stores neither names nor passwords', () => {
    const memory = new MemoryVerifiedCredentials();
    memory.remember(proof('ann@example.com', 'secret'), ANN);
    expect(inspect(memory, { showHidden: true, depth: null })).not.toMatch(/ann@example|secret/);
  });
});
