import fc from 'fast-check';
import type { TestBucket } from '../support/s3/test-bucket.ts';
import {
  deleteEverything,
  eventually,
  expectDocumentedAnswers,
  expectExactLimits,
  expectState,
} from './expectations.ts';
import { createDriveClients, type DriveClients } from './drive-actions.ts';
import { path, timeoutMs, seed } from './repetitions.ts';
import { CLONE_GROUPS, scenarios, POOLS, TREE, type Scenario } from './scenarios.ts';
import { uploadCloneSources, createGroup, runScenario } from './run-scenario.ts';
import { installQuotaAudit } from './quota-audit.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { ExpectedState } from './expected-state.ts';

/**
 * Defines the test that runs `count` random scenarios on three replicas. `open` opens the bucket of
 * their pools, or resolves to null for folders.
 */
export function testInterleavings(count: number, open: () => Promise<TestBucket | null>): void {
  let replicas: Replicas;
  let driveClients: DriveClients;
  beforeAll(async () => {
    const bucket = await open();
    replicas = await startReplicas({ additional: 1, pools: POOLS, ...(bucket === null ? {} : { bucket }) });
    await installQuotaAudit(replicas.database.url);
    driveClients = await createDriveClients(replicas);
  });
  afterAll(async () => replicas.stop());

  let runCount = 0;

  async function run(scenario: Scenario): Promise<void> {
    const { roots } = replicas;
    const token = `run ${(runCount += 1)}`;
    const expected = new ExpectedState();
    await createTree(scenario, expected, token);
    await runScenario(scenario, { roots, driveClients }, expected, token);
    try {
      expectDocumentedAnswers(expected.outcomes);
      await eventually(async () => {
        await expectState(replicas, expected);
        await expectExactLimits(replicas, roots[0], expected, scenario);
      });
      await deleteEverything(replicas, roots[1]);
    } catch (fault) {
      throw new Error(`${String(fault)}\n\nThe answers, in order:\n${answersOf(expected)}`, { cause: fault });
    }
  }

  /** Creates every group of the tree, with the quotas of the scenario. */
  async function createTree({ quotas }: Scenario, expected: ExpectedState, token: string): Promise<void> {
    const [root] = replicas.roots;
    for (let index = 1; index < TREE.length; index += 1) await createGroup(index, root, expected, token);
    const assign = async (index: number, pool: number, quota: number): Promise<unknown> => {
      const { mpid } = POOLS[pool]!;
      return root.ask('PUT /m/pool/assign', { gid: expected.gid(index), mpid, quota, write: true, manage: true });
    };
    for (const index of CLONE_GROUPS) await assign(index, 0, 0);
    await driveClients.grantCreate(expected);
    await uploadCloneSources(root, expected, token);
    await Promise.all(
      TREE.flatMap((_group, index) => POOLS.map(async (_pool, pool) => assign(index, pool, quotas[index]![pool]!))),
    );
  }

  it(
    'pass no limit, and leave exactly the items that the answers promise',
    async () => {
      await fc.assert(fc.asyncProperty(scenarios, run), {
        numRuns: count,
        seed: seed(),
        path: path(),
        // The same actions may interleave differently in the next run, so that a shrunk scenario
        // need not fail.
        endOnFailure: true,
      });
    },
    timeoutMs(count),
  );
}

function answersOf(expected: ExpectedState): string {
  return expected.outcomes
    .map(({ action, answer, fault }) => `${JSON.stringify(action)} → ${answer === null ? String(fault) : answer.text}`)
    .join('\n');
}
