import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';

const GIB = 1024 ** 3;

describe('AppendToUpload', () => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  let id: MediaId;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startUploadReplica(fixture);
    const order = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: null };
    ({ id } = await replica.create.run(fixture.root, { ...order, name: 'image', length: bytes(2 * GIB) }));
    await append(0, patterned(100), 100);
  });
  afterEach(async () => {
    await replica.close();
    await fixture.close();
  });

  async function append(offset: number, content: Uint8Array, length: number, checksum = false): Promise<unknown> {
    const promised = checksum ? ({ algorithm: 'sha1', value: Buffer.alloc(20) } as const) : null;
    return replica.append.run(
      fixture.root,
      id,
      offset,
      { source: sourceOf(content), length, checksum: promised },
      NEVER,
    );
  }

  it.each([
    ['behind the offset', 99],
    ['beyond the offset', 101],
    ['beyond the length', 3 * GIB],
  ])('refuses a body %s for its offset, even if it is too long as well', async (_where, offset) => {
    await expect(append(offset, patterned(1), 2 * GIB)).rejects.toMatchObject({
      code: 'upload-offset-mismatch',
      detail: { offset: 100 },
    });
  });

  it('refuses a body that is too long at the offset', async () => {
    await expect(append(100, patterned(1), 2 * GIB)).rejects.toMatchObject({
      code: 'body-too-long',
      detail: { promised: 2 * GIB - 100 },
    });
  });

  it('records an offset with one statement, and gives the lease up with another one', async () => {
    const statements: string[] = [];
    await replica.close();
    replica = startUploadReplica({ ...fixture, work: fixture.depot.work });
    const stop = recordQueries(fixture.depot.pool, ({ text }) => statements.push(text));
    await append(100, patterned(1), 1);
    stop();
    const recorded = statements.findIndex((text) => text.includes('set received'));
    expect(statements.slice(recorded - 1, recorded + 2)).toEqual([
      'COMMIT',
      expect.stringContaining('set received'),
      expect.stringContaining('set lease_until = null'),
    ]);
  });

  it('takes at most 1 GiB with a checksum', async () => {
    await expect(append(100, patterned(1), GIB + 1, true)).rejects.toMatchObject({
      code: 'body-too-long',
      detail: { promised: GIB },
    });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ offset: 100 });
  });
});
