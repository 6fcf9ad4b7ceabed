import { readdir, readlink } from 'node:fs/promises';
import type { UploadView } from '../../../src/application/uploads/upload-view.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { NEVER, patterned, sha256, sourceOf, stallAfter } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { gate } from '../../support/waiting/gate.ts';

const CONTENT = patterned(90_000);
const THIRD = 30_000;

describe('UploadSessions', () => {
  let fixture: DepotFixture;
  let replica: UploadReplica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startUploadReplica(fixture, { maxIdle: 1 });
  });
  afterEach(async () => {
    await replica.leases.idle();
    await replica.close();
    await fixture.close();
  });

  async function create(name: string): Promise<UploadView['id']> {
    const order = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: sha256(CONTENT) };
    return (await replica.create.run(fixture.root, { ...order, name, length: bytes(CONTENT.length) })).id;
  }

  async function send(id: UploadView['id'], from: number, to: number): Promise<UploadView> {
    const body = { source: sourceOf(CONTENT.subarray(from, to)), length: to - from, checksum: null };
    return replica.append.run(fixture.root, id, from, body, NEVER);
  }

  /** Files of this pool that this process has open. */
  async function openFiles(): Promise<readonly string[]> {
    const folder = '/proc/self/fd';
    const targets = (await readdir(folder)).map(async (fd) => readlink(`${folder}/${fd}`).catch(() => ''));
    return (await Promise.all(targets)).filter((target) => target.includes('.partial-'));
  }

  it('forget the upload that was idle for longest, and none that a request writes to', async () => {
    const [used, idle, other] = [await create('used'), await create('idle'), await create('other')];
    for (const id of [used, idle, other]) await send(id, 0, THIRD);
    expect(await openFiles()).toEqual([]);
    const [isStalled, client] = [gate(), new AbortController()];
    const source = stallAfter(isStalled, CONTENT.subarray(THIRD, 2 * THIRD));
    const body = { source, length: null, checksum: null };
    const appending = replica.append.run(fixture.root, used, THIRD, body, client.signal);
    const ended = expect(appending).rejects.toThrow('gone');
    await isStalled.opened;
    for (const id of [idle, other]) await send(id, THIRD, 2 * THIRD);
    client.abort(new Error('gone'));
    await ended;
    for (const id of [used, idle, other]) {
      expect(await send(id, 2 * THIRD, CONTENT.length)).toMatchObject({ state: 'finished' });
      expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    }
    expect(await openFiles()).toEqual([]);
  });
});
