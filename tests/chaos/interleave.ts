import fc from 'fast-check';
import type { TestBucket } from '../support/s3/test-bucket.ts';
import { clear, eventually, expectDocumentedAnswers, expectExactLimits, expectWhatWasPromised } from './aftermath.ts';
import { hireLandlords, type Landlords } from './drives.ts';
import { path, patience, seed } from './extent.ts';
import { HOMES, plays, POOLS, TREE, type Play } from './moves.ts';
import { bringFirst, makeGroup, perform } from './perform.ts';
import { installQuotaAudit } from './quota-audit.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { Stage } from './stage.ts';

/**
 * Says what holds whatever several clients do at once, `count` times, on three replicas; `open`
 * answers the bucket that their pools lie in, or null for folders.
 */
export function promiseInterleavings(count: number, open: () => Promise<TestBucket | null>): void {
  let replicas: Replicas;
  let cloners: Landlords;
  beforeAll(async () => {
    const bucket = await open();
    replicas = await startReplicas({ more: 1, pools: POOLS, ...(bucket === null ? {} : { bucket }) });
    await installQuotaAudit(replicas.database.url);
    cloners = await hireLandlords(replicas);
  });
  afterAll(async () => replicas.stop());

  let played = 0;

  async function play(script: Play): Promise<void> {
    const { roots } = replicas;
    const token = `play ${(played += 1)}`;
    const stage = new Stage();
    await setTheStage(script, stage, token);
    await perform(script, { roots, cloners }, stage, token);
    try {
      expectDocumentedAnswers(stage.outcomes);
      await eventually(async () => {
        await expectWhatWasPromised(replicas, stage);
        await expectExactLimits(replicas, roots[0], stage, script);
      });
      await clear(replicas, roots[1]);
    } catch (fault) {
      throw new Error(`${String(fault)}\n\nThe answers, in their order:\n${told(stage)}`, { cause: fault });
    }
  }

  /** Every group of the tree, with the quotas that the play begins with. */
  async function setTheStage({ quotas }: Play, stage: Stage, token: string): Promise<void> {
    const [root] = replicas.roots;
    for (let location = 1; location < TREE.length; location += 1) await makeGroup(location, root, stage, token);
    const assign = async (location: number, pool: number, quota: number): Promise<unknown> => {
      const { mpid } = POOLS[pool]!;
      return root.ask('PUT /m/pool/assign', { gid: stage.gid(location), mpid, quota, write: true, manage: true });
    };
    for (const location of HOMES) await assign(location, 0, 0);
    await cloners.settle(stage);
    await bringFirst(root, stage, token);
    await Promise.all(
      TREE.flatMap((_group, location) =>
        POOLS.map(async (_pool, pool) => assign(location, pool, quotas[location]![pool]!)),
      ),
    );
  }

  it(
    'no charge passes a limit, and in the end there is what was promised and nothing else',
    async () => {
      await fc.assert(fc.asyncProperty(plays, play), {
        numRuns: count,
        seed: seed(),
        path: path(),
        // The same moves may interleave otherwise the next time, so that a smaller play need not
        // fail too.
        endOnFailure: true,
      });
    },
    patience(count),
  );
}

function told(stage: Stage): string {
  return stage.outcomes
    .map(({ move, answer, fault }) => `${JSON.stringify(move)} → ${answer === null ? String(fault) : answer.text}`)
    .join('\n');
}
