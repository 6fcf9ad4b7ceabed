import fc from 'fast-check';
import { eventually } from './aftermath.ts';
import { path, patience, seed, times } from './extent.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { serverPlays, type ServerMove } from './server-moves.ts';
import { ServerStage } from './server-stage.ts';

const ATTACHINGS = times('PLATTER_ATTACHINGS', 12, 3_000);

describe('Whatever several users attach, detach and delete at once, on two replicas', () => {
  let replicas: Replicas;
  beforeAll(async () => (replicas = await startReplicas()));
  afterAll(async () => replicas.stop());

  async function play(clients: readonly (readonly ServerMove[])[]): Promise<void> {
    const stage = new ServerStage(replicas);
    await stage.set(clients.length);
    await Promise.all(
      clients.map(async (moves, client) => {
        for (const move of moves) await stage.make(client, move);
      }),
    );
    await eventually(async () => stage.expectWhatWasTold());
    await stage.clear();
  }

  it(
    'each server has what its user was last told, and no drive is where it may not be',
    async () => {
      await fc.assert(fc.asyncProperty(serverPlays, play), {
        numRuns: ATTACHINGS,
        seed: seed(),
        path: path(),
        // The same moves may interleave otherwise the next time, so that a smaller play need not
        // fail too.
        endOnFailure: true,
      });
    },
    patience(ATTACHINGS),
  );
});
