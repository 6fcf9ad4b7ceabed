import fc from 'fast-check';
import { eventually } from './expectations.ts';
import { path, timeoutMs, seed, times } from './repetitions.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { serverScenarios, type ServerAction } from './server-scenarios.ts';
import { ExpectedServers } from './expected-servers.ts';

const ATTACHINGS = times('PLATTER_ATTACHINGS', 12, 3_000);

describe('Users who attach, detach and delete concurrently on two replicas', () => {
  let replicas: Replicas;
  beforeAll(async () => (replicas = await startReplicas()));
  afterAll(async () => replicas.stop());

  async function run(clients: readonly (readonly ServerAction[])[]): Promise<void> {
    const expected = new ExpectedServers(replicas);
    await expected.create(clients.length);
    await Promise.all(
      clients.map(async (actions, client) => {
        for (const action of actions) await expected.perform(client, action);
      }),
    );
    await eventually(async () => expected.expectConsistent());
    await expected.clear();
  }

  it(
    'find on each server the drives of the last answer, and no drive on two servers unless it is shareable',
    async () => {
      await fc.assert(fc.asyncProperty(serverScenarios, run), {
        numRuns: ATTACHINGS,
        seed: seed(),
        path: path(),
        // The same actions may interleave differently in the next run, so that a shrunk scenario
        // need not fail.
        endOnFailure: true,
      });
    },
    timeoutMs(ATTACHINGS),
  );
});
