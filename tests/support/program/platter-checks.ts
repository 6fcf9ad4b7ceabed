import { expectNoDrift } from '../fixtures/usage-drift.ts';
import { rowsOf } from '../database/test-database.ts';
import type { PoolFixture } from '../fixtures/pool-fixture.ts';
import { until } from '../waiting/until.ts';

/** One line of the program's log. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly msg: string;
}

/** Resolves once every item is ready, or in the trash. */
export async function untilAllReady(databaseUrl: string): Promise<void> {
  await until('every item is ready', async () => {
    const underway = await rowsOf(databaseUrl, `select id from media where state not in ('ready', 'trashed')`);
    return underway.length === 0;
  });
}

/**
 * Fails unless no usage has drifted, every item is ready or in the trash, and each pool holds
 * exactly the blobs of its items.
 */
export async function expectPoolsMatchRows(
  databaseUrl: string,
  poolFixtures: ReadonlyMap<number, PoolFixture>,
): Promise<void> {
  await expectNoDrift(databaseUrl);
  expect(await rowsOf(databaseUrl, `select id, state from media where state not in ('ready', 'trashed')`)).toEqual([]);
  for (const [pool, poolFixture] of poolFixtures) {
    const finished = await rowsOf(
      databaseUrl,
      `select blob_id, min(size) as size from media where pool_id = ${pool} and state in ('ready', 'trashed') group by blob_id order by blob_id`,
    );
    const blobs = await rowsOf(
      databaseUrl,
      `select id, sha256, stored_bytes from blobs where pool_id = ${pool} order by id`,
    );
    expect(blobs.map(({ id }) => id)).toEqual(finished.map(({ blob_id }) => blob_id));
    const expected =
      poolFixture.folder === null
        ? // A created item without uploaded bytes needs no object.
          blobs.filter(({ sha256 }) => sha256 !== null).map(({ id, stored_bytes }) => [id, Number(stored_bytes)])
        : finished.map(({ blob_id, size }) => [blob_id, Number(size)]);
    expect(await poolFixture.stored()).toEqual(expected);
  }
}

/** Fails if the log has other errors than the `failures` that the test provoked. */
export function expectQuietLog(log: readonly LogLine[], failures: number): void {
  const complaints = log.filter(({ level }) => level === 'error' || level === 'fatal');
  const [expected, others] = [
    complaints.filter(isUnexpectedFailure),
    complaints.filter((l) => !isUnexpectedFailure(l)),
  ];
  expect(others).toEqual([]);
  if (expected.length !== failures) expect(expected).toHaveLength(failures);
}

function isUnexpectedFailure({ msg }: LogLine): boolean {
  return msg.includes('failed unexpectedly') || msg === 'an answer was cut off';
}
