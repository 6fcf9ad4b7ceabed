import { randomUUID } from 'node:crypto';
import type { ChunkLeaseId } from '../../../src/application/ports/chunk-repository.ts';
import { ChunkRecords } from '../../../src/application/uploads/chunk-records.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import { chunkAt, type Chunk } from '../../../src/domain/uploads/chunks.ts';
import type { UploadId } from '../../../src/domain/uploads/upload.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { gate, untilBlocked } from '../../support/waiting/gate.ts';

const [LENGTH, SIZE] = [bytes(50), bytes(10)];
const TERMS = { holder: randomUUID() as InstanceId, seconds: 60 };
const chunk = (number: number): Chunk => chunkAt(LENGTH, SIZE, number)!;

describe('ChunkRecords', () => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  let records: ChunkRecords;
  let id: UploadId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startUploadReplica(fixture);
    records = new ChunkRecords({ work: fixture.depot.work, expirySeconds: 60 });
    await fixture.work.run(async (tx) => tx.users.setHome(fixture.root.id, fixture.group.id));
    const label = { text: 'a drive', meta: {}, shareable: false, affinities: [] };
    const created = await replica.chunks.initializeUploads.run(fixture.root, [{ label, size: LENGTH, optical: false }]);
    id = created[0]!.id;
  });
  afterEach(async () => {
    await replica.close();
    await fixture.close();
  });

  async function acquire(number: number): Promise<ChunkLeaseId> {
    const lease = randomUUID() as ChunkLeaseId;
    await fixture.work.run(async (tx) => tx.chunks.acquire(lease, id, chunk(number), TERMS));
    return lease;
  }

  it('records the chunks that wait for an earlier record in one transaction', async () => {
    const leases = await Promise.all([0, 1, 2, 3].map(acquire));
    const [locked, done] = [gate(), gate()];
    const blocking = fixture.work.run(async (tx) => {
      await tx.chunks.lock(id);
      await tx.chunks.find(id);
      locked.open();
      await done.opened;
    });
    await locked.opened;
    let commits = 0;
    const stop = recordQueries(fixture.depot.pool, ({ text }) => (commits += text === 'COMMIT' ? 1 : 0));
    const first = records.record(leases[0]!, id, chunk(0));
    await untilBlocked(fixture.depot.url);
    const others = Promise.all([1, 2, 3].map(async (number) => records.record(leases[number]!, id, chunk(number))));
    done.open();
    await blocking;
    expect(await first).toEqual({ state: 'open', prefix: 10 });
    expect(await others).toEqual([20, 30, 40].map((prefix) => ({ state: 'open', prefix })));
    stop();
    expect(commits).toBe(2);
  });

  it('tells each request what became of its own chunk', async () => {
    const lease = await acquire(1);
    const lost = randomUUID() as ChunkLeaseId;
    const recorded = [records.record(lost, id, chunk(0)), records.record(lease, id, chunk(1))];
    expect(await Promise.all(recorded)).toEqual([null, { state: 'open', prefix: 0 }]);
  });

  it('goes on after a record that failed', async () => {
    const lease = await acquire(0);
    const missing = randomUUID().slice(1) as ChunkLeaseId;
    await expect(records.record(missing, id, chunk(0))).rejects.toThrow('uuid');
    expect(await records.record(lease, id, chunk(0))).toEqual({ state: 'open', prefix: 10 });
  });
});
