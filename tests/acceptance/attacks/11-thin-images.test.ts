import { freshName } from '../../support/http/client.ts';
import { qcow2Image } from '../../support/images/images.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Listed } from '../cloudsigma/cloud.ts';
import { mediaOf, midOf, poolOf } from '../velocity/scene.ts';
import { logIn, type Answer } from '../../support/http/client.ts';

const TIB = 2 ** 40;
/** 200 kB that a hypervisor may grow to 8 TiB in place. */
const BOMB = qcow2Image({ virtualSize: 8 * TIB, clusterBits: 16 });
const QUOTA = 4 * 1024 * 1024;

describe('A tenant with thin images', () => {
  let scene: CloudScene;
  let cloud: Cloud;
  let gid: number;
  beforeAll(async () => (scene = await openCloud()));
  afterAll(async () => scene.platter.stop());
  beforeEach(async () => ({ cloud, gid } = await createUser(scene, undefined, { quota: QUOTA })));

  async function upload(readonly: boolean, type = 'ISO'): Promise<Answer> {
    const client = await logIn(cloud.url, cloud.name, cloud.password);
    return client.upload({ group: gid, name: freshName('thin'), type, readonly }, BOMB);
  }

  function expectTooLarge(answer: Answer): void {
    expect(answer).toMatchObject({ status: 402, body: [{ error_type: 'billing', error_point: 'size' }] });
    expect(answer.text).toContain(`${8 * TIB} bytes`);
  }

  it('cannot upload a writable one beyond its quota, in either dialect', async () => {
    const refused = await upload(false, 'DISK');
    expect(refused).toMatchObject({ status: 406, body: { code: 9221 } });
    expect(refused.text).toMatch(new RegExp(`grow to its virtual size of ${8 * TIB} bytes.*read-only.*raw.*quota`));
    expectTooLarge(await cloud.send('POST /drives/upload/', BOMB));
    expect(await mediaOf(scene, gid)).toEqual([]);
    expect((await poolOf(scene, gid)).used).toBe(0);
  });

  it('cannot get one by an update to writable, a clone or a larger clone', async () => {
    const mid = midOf(await upload(true));
    expectTooLarge(await cloud.call(`PUT /drives/${mid}/`, { media: 'disk' }));
    expectTooLarge(await cloud.call(`POST /drives/${mid}/action/?do=clone`, { media: 'disk' }));
    const larger = await cloud.call(`POST /drives/${mid}/action/?do=clone`, { size: BOMB.length + 1 });
    expect(larger).toMatchObject({ status: 400, body: [{ error_point: 'size' }] });
    expect(await mediaOf(scene, gid)).toMatchObject([{ mid, readonly: true }]);
    expect((await poolOf(scene, gid)).used).toBe(BOMB.length);
  });

  it('may upload and clone read-only ones by their stored size', async () => {
    const mid = midOf(await upload(true));
    const { objects } = await cloud.ask<Listed>(`POST /drives/${mid}/action/?do=clone`, {});
    expect(objects).toMatchObject([{ media: 'cdrom', size: BOMB.length }]);
  });

  it('takes no quota from another tenant', async () => {
    const other = await createUser(scene, undefined, { quota: QUOTA });
    await upload(false, 'DISK');
    const { uuid } = await other.cloud.make({ size: QUOTA });
    expect(await other.cloud.get(uuid)).toMatchObject({ size: QUOTA });
  });
});
