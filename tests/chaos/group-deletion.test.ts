import { freshName } from '../support/http/client.ts';
import { expectPoolsMatchRows } from '../support/program/platter-checks.ts';
import { until } from '../support/waiting/until.ts';
import { startReplicas, type Replicas } from './replicas.ts';
import { beginUpload } from './unfinished-upload.ts';

describe('A group that is deleted on one replica while another receives an upload into it', () => {
  let replicas: Replicas;
  beforeAll(async () => (replicas = await startReplicas({ env: { PLATTER_LEASE: '3' } })));
  afterAll(async () => replicas.stop());

  async function makeGroup(parent: number): Promise<number> {
    const [root] = replicas.roots;
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: parent });
    await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 1_000_000, write: true, manage: true });
    return gid;
  }

  it.each([
    ['keeps sending', (gid: number) => gid],
    ['stalls', (gid: number) => gid],
    ['keeps sending, with a group above it', (_gid: number, above: number) => above],
  ])('ends that upload, whose client %s', async (what, removed) => {
    const { roots, records, poolFixtures, database } = replicas;
    const above = await makeGroup(0);
    const gid = await makeGroup(above);
    const upload = await beginUpload(replicas, roots[0], { group: gid });
    await roots[1].ask('DELETE /u/group', { gid: removed(gid, above) });
    if (!what.startsWith('stalls')) upload.throttledBody.open(upload.bytes.length - 1);

    // Platter answers before the client has sent everything; the client reads the answer and then
    // hangs up.
    expect(await upload.answer).toMatchObject({ status: 404, body: { code: 9217 } });
    upload.throttledBody.open();
    await until('nothing is left', async () => (await records.rows('select id from media')).length === 0);
    await expectPoolsMatchRows(database.url, poolFixtures);
    expect(await records.rows('select used from pools')).toEqual([{ used: '0' }]);
    const again = await roots[1].upload({ group: 0, name: upload.name }, upload.bytes);
    expect(again.status).toBe(200);
    await roots[1].ask('DELETE /m/media', { mid: (again.body as { mid: string }).mid });
  });
});
