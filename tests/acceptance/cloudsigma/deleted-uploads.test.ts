import { head, RawConnection, type RawAnswer } from '../../support/http/raw-http.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { freshName } from '../../support/http/client.ts';
import { beginUpload } from '../velocity/raw-upload.ts';
import { makeAssignedGroup, poolOf } from '../velocity/scene.ts';
import { openCloud, type CloudScene } from './cloud.ts';

const LENGTH = 1_000_000;

describe('An upload whose item is deleted meanwhile', () => {
  let scene: CloudScene;
  beforeAll(async () => (scene = await openCloud()));

  async function idOf(condition: string): Promise<string> {
    const found = async (): Promise<readonly Record<string, unknown>[]> =>
      rowsOf(scene.platter.database.url, `select id from media where state = 'uploading' and ${condition}`);
    await until('the upload is admitted', async () => (await found()).length === 1);
    return String((await found())[0]!.id);
  }

  async function answerAfterDeletion(connection: RawConnection, id: string): Promise<RawAnswer> {
    expect((await scene.boss.call(`DELETE /drives/${id}/`)).status).toBe(204);
    return connection.answer();
  }

  async function expectNothing(id: string): Promise<void> {
    await until('nothing is left of it', async () => {
      const rows = await rowsOf(scene.platter.database.url, `select id from media where id = '${id}'`);
      const files = await scene.platter.stored();
      return rows.length === 0 && !files.some(([name]) => name.includes(id));
    });
  }

  it('is answered with a final error in Velocity, without Retry-After', async () => {
    const [group, name] = [await makeAssignedGroup(scene), freshName('media')];
    const connection = await beginUpload(scene.root, { group, name }, LENGTH);
    await connection.send(new Uint8Array(1000));
    const id = await idOf(`name = '${name}'`);
    const { status, headers, body } = await answerAfterDeletion(connection, id);
    expect({ status, body }).toEqual({ status: 404, body: { code: 9219, message: expect.any(String) as string } });
    expect(headers['retry-after']).toBeUndefined();
    await expectNothing(id);
    expect((await poolOf(scene, group)).used).toBe(0);
  });

  it('is answered with a final error in CloudSigma, without Retry-After', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const { authorization } = scene.boss;
    await connection.send(head('POST /api/2.0/drives/upload/', { authorization, 'content-length': LENGTH }));
    await connection.send(new Uint8Array(1000));
    const id = await idOf(`name like 'upload-%'`);
    const { status, headers, body } = await answerAfterDeletion(connection, id);
    expect([status, body]).toEqual([404, [expect.objectContaining({ error_type: 'notexist' })]]);
    expect(headers['retry-after']).toBeUndefined();
    await expectNothing(id);
  });
});
