import { randomUUID } from 'node:crypto';
import { ProcessClock } from '../../../src/adapters/clock/process-clock.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { UploadLeases } from '../../../src/application/uploads/upload-leases.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { InstanceId } from '../../../src/domain/shared/ids.ts';
import type { UploadId } from '../../../src/domain/uploads/upload.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { gate } from '../../support/waiting/gate.ts';

describe('The lease of an upload', () => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  let id: UploadId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startUploadReplica(fixture);
    const order = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: null };
    ({ id } = await replica.create.run(fixture.root, { ...order, name: 'image', length: bytes(10) }));
  });
  afterEach(async () => {
    await replica.leases.idle();
    await replica.close();
    await fixture.close();
  });

  /** Runs units of work as `run` says. */
  function workBy(run: UnitOfWork['run']): UnitOfWork {
    const { work } = fixture;
    return {
      run,
      runStatement: run,
      read: async (asked) => work.read(asked),
      snapshot: async (asked) => work.snapshot(asked),
      search: async (asked) => work.search(asked),
      onBehalfOf: () => work,
    };
  }

  it('is not lost when a renewal of others ends after it was acquired', async () => {
    const { work } = fixture;
    const [isReserved, mayAcquire, isAcquired] = [gate(), gate(), gate()];
    const leases = new UploadLeases({
      work: workBy(async (asked) => {
        isReserved.open();
        await mayAcquire.opened;
        return work.run(asked);
      }),
      upkeepWork: workBy(async (asked) => {
        const renewed = await work.run(asked);
        mayAcquire.open();
        await isAcquired.opened;
        return renewed;
      }),
      clock: new ProcessClock(),
      terms: { holder: randomUUID() as InstanceId, seconds: 60 },
    });
    const acquiring = leases.acquire(id).finally(() => isAcquired.open());
    await isReserved.opened;
    await leases.renew();
    mayAcquire.open();
    const lease = await acquiring;
    expect(lease.signal.aborted).toBe(false);
    await lease.release();
  });

  it('is released once: a later lease of the same process stays', async () => {
    const first = await replica.leases.acquire(id);
    await first.release();
    const second = await replica.leases.acquire(id);
    await first.release();
    const [row] = await fixture.depot.rows(`select lease_until is not null as leased from uploads where id = '${id}'`);
    expect(row).toEqual({ leased: true });
    await second.release();
  });

  it('ends before the next chunk when the process was stopped, though its timers had no turn yet', async () => {
    const stopped = startUploadReplica(fixture, { leaseSeconds: 1.2 });
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('abc');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      yield Buffer.from('def');
      yield Buffer.from('ghij');
    }
    const body = { source: source(), length: 10, checksum: null };
    await expect(stopped.append.run(fixture.root, id, 0, body, NEVER)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await replica.view.run(fixture.root, id)).offset).toBeLessThanOrEqual(3);
    await stopped.close();
  });

  it('that was lost to another process is no end of the upload', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('abc');
      await fixture.depot.rows(
        `update uploads set holder = gen_random_uuid(), lease_until = clock_timestamp() + interval '1 h'`,
      );
    }
    const body = { source: source(), length: null, checksum: null };
    await expect(replica.append.run(fixture.root, id, 0, body, NEVER)).rejects.toMatchObject({ code: 'upload-locked' });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 0, state: 'open' });
  });

  it('lets its upload be shown while the disk of the request that has it hangs', async () => {
    const lease = await replica.leases.acquire(id);
    lease.onCheckpoint(async () => new Promise(() => undefined));
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 0, state: 'open' });
    await lease.release();
  });
});
