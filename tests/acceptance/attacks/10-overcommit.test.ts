import { statfs } from 'node:fs/promises';
import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { createTestDatabase } from '../../support/database/test-database.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { createUser, openCloud, type CloudScene } from '../cloudsigma/cloud.ts';
import { Installation } from '../start-up/installation.ts';
import { makeAssignedGroup, poolOf } from '../velocity/scene.ts';

const TIMES = 3;

describe('A tenant without a quota, with sparse drives', () => {
  let scene: CloudScene;
  let limit: number;
  beforeAll(async () => {
    scene = await openCloud({ env: { PLATTER_OVERCOMMIT: String(TIMES) } });
    const { blocks, bsize } = await statfs(scene.platter.poolFolder);
    limit = blocks * bsize * TIMES;
  });
  afterAll(async () => scene.platter.stop());

  it('is limited to a multiple of the filesystem, in both dialects', async () => {
    const attacker = await createUser(scene);
    const gid = await makeAssignedGroup(scene);
    const { available } = await poolOf(scene, gid);
    expect(available).toBeLessThanOrEqual(limit);
    const create = async (size: number): Promise<{ status: number; body: unknown }> =>
      scene.root.call('PUT /m/media/create', { gid, mpid: 1, name: freshName('sparse'), size });
    expect(await create(Number.MAX_SAFE_INTEGER)).toMatchObject({ status: 406, body: { code: 8221 } });
    expect(await create(limit + 1)).toMatchObject({ status: 406, body: { code: 8221 } });
    const large = { name: 'sparse', size: limit + 1, media: 'disk' };
    expect(await attacker.cloud.call('POST /drives/', large)).toMatchObject({
      status: 402,
      body: [{ error_type: 'billing' }],
    });
    expect((await poolOf(scene, gid)).used).toBe(0);
    expect(await create(0)).toMatchObject({ status: 200 });
  });

  it('is reported at startup and by doctor until it has a quota', async () => {
    const installation = await Installation.beside((await createTestDatabase({ migrated: false })).url);
    const settings = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD, PLATTER_LEASE: '1' };
    const warning = /may create media in pool 1, where neither it nor any group above it has a quota/;
    const first = installation.start(settings);
    const root: Client = await logIn(await first.ready());
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: 'tenant', parent_gid: 0 });
    const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name: 'tenant', password: 'tenant' });
    await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
    await root.ask('PUT /u/user/permission', { uid, gid, permission: 'velocity.media.create' });
    await first.stop();
    const doctor = await installation.run(['doctor'], settings);
    expect([doctor.code, doctor.complaints]).toEqual([0, expect.stringMatching(warning)]);
    const second = installation.start(settings);
    const again = await logIn(await second.ready());
    expect(JSON.stringify(second.log)).toMatch(warning);
    await again.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 1000, write: true, manage: true });
    await second.stop();
    expect((await installation.run(['doctor'], settings)).complaints).not.toMatch(warning);
  });
});
