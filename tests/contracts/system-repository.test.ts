import { randomUUID } from 'node:crypto';
import type { InstanceId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

describe.each(UNITS_OF_WORK)('SystemRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => (depot = await open()));
  afterEach(async () => depot.close());

  const see = async (id: InstanceId): Promise<void> => depot.work.run(async (tx) => tx.system.see(id, '1.2.3'));
  const seen = async (): Promise<readonly InstanceId[]> =>
    (await depot.work.read(async (tx) => tx.system.replicas())).map(({ id }) => id);
  const age = async (by: string): Promise<unknown> =>
    rowsOf(depot.url, `update replicas set seen_at = seen_at - interval '${by}' returning 1`);

  it('returns the replicas of the last minute, and forgets them after a day', async () => {
    const [first, second] = [randomUUID() as InstanceId, randomUUID() as InstanceId];
    await see(first);
    await see(second);
    expect(await seen()).toEqual([first, second]);
    await age('61 seconds');
    expect(await seen()).toEqual([]);
    await see(first);
    const [replica] = await depot.work.read(async (tx) => tx.system.replicas());
    expect(replica).toMatchObject({ id: first, version: '1.2.3' });
    await age('1 day');
    await see(first);
    expect(await rowsOf(depot.url, 'select id from replicas')).toEqual([{ id: first }]);
  });

  it('keeps the last examination of each kind', async () => {
    const record = async (findings: number): Promise<void> =>
      depot.work.run(async (tx) => tx.system.recordExamination('doctor', { result: 'findings', findings }));
    expect(await depot.work.read(async (tx) => tx.system.examinations())).toEqual({});
    await record(2);
    await record(3);
    await depot.work.run(async (tx) => tx.system.recordExamination('scrub', { result: 'healthy', findings: 0 }));
    expect(await depot.work.read(async (tx) => tx.system.examinations())).toEqual({
      doctor: { endedAt: expect.any(Date) as Date, result: 'findings', findings: 3 },
      scrub: { endedAt: expect.any(Date) as Date, result: 'healthy', findings: 0 },
    });
  });

  it('returns the version and the size of the database', async () => {
    const { version, sizeBytes } = await depot.work.read(async (tx) => tx.system.database());
    expect(version).toMatch(/^\d+/);
    expect(sizeBytes).toBeGreaterThan(1_000_000);
  });
});
