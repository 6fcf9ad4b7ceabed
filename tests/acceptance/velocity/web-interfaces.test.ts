import { Client, freshName, type Answer } from '../../support/http/client.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { at, makeServer } from '../cloudsigma/server-fixtures.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { until } from '../../support/waiting/until.ts';
import { expectError } from './provocation.ts';
import { assign, give, makeAssignedGroup, makeGroup, makeUser, midOf, openScene, type Scene } from './scene.ts';

const LISTS = ['media.list', 'pool.list'].map((what) => `velocity.${what}`);

describe('Requests of web interfaces in the field', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  it('list media for every group, and none for mere ancestors', async () => {
    const upper = await makeGroup(scene);
    await assign(scene, upper);
    await scene.root.upload({ group: upper, name: freshName('media') }, 'not theirs');
    const [lower, beside] = [await makeGroup(scene, upper), await makeGroup(scene, upper)];
    const { uid, client } = await makeUser(scene, lower, ...LISTS);
    const { memberships } = await client.ask<{ memberships: { gid: number }[] }>('POST /u/user');
    expect(memberships.map(({ gid }) => gid)).toEqual([0, upper, lower]);
    for (const { gid } of memberships) {
      expect((await client.call('POST /m/media/list', { gid })).body).toEqual({ media: [] });
      const { pools } = await client.ask<{ pools: unknown[] }>('POST /m/pool/list', { gid });
      expect(pools).toEqual([]);
    }
    expectError(await client.call('POST /m/media/list', { gid: beside }), 10100, 403);
    expectError(await client.call('POST /m/pool/list', { gid: beside }), 7100, 403);
    await give(scene, uid, upper, 'velocity.group.view');
    expectError(await client.call('POST /m/media/list', { gid: upper }), 10100, 403);
  });

  it('find no machines and no network interfaces', async () => {
    expect(await scene.root.ask('POST /v/vm/list')).toEqual({ vms: [] });
    expect(await scene.root.ask('POST /v/nic/list')).toEqual({ host_nics: [] });
    for (const operation of ['PUT /v/vm', 'DELETE /v/vm', 'POST /v/vm', 'PUT /v/vm/state', 'GET /v/nic']) {
      expectError(await scene.root.call(operation, {}), 200, 501);
    }
    const stranger = new Client(scene.platter.url, 'none');
    for (const operation of ['POST /v/vm/list', 'POST /v/nic/list', 'PUT /v/vm']) {
      expectError(await stranger.call(operation, {}), 100, 401);
    }
  });

  it('show whether an item is in use, and its servers to users who may remove it', async () => {
    const gid = await makeAssignedGroup(scene);
    const mid = midOf(await scene.root.upload({ group: gid, name: freshName('media') }, 'a'));
    const inUse = async (): Promise<boolean> => {
      const { media } = await scene.root.ask<{ media: { in_use: boolean }[] }>('POST /m/media/list', { gid });
      return media[0]!.in_use;
    };
    expect(await inUse()).toBe(false);
    const { uuid } = await makeServer(new Cloud(scene.platter.url, 'root', ROOT_PASSWORD), [at(mid)]);
    expect(await inUse()).toBe(true);
    const refused = await scene.root.call('DELETE /m/media', { mid });
    expectError(refused, 9320, 409);
    expect(refused.text).toContain('1 server has it');
    expect(refused.text).toContain(uuid);
    const { client } = await makeUser(scene, gid, 'velocity.media.list');
    const blind = await client.call('DELETE /m/media', { mid });
    expectError(blind, 9300, 403);
    expect(blind.text).not.toContain(uuid);
  });

  it.each(['ten', -1, 0.5, null, true, [], '', '1e3'])(
    'are told which number is expected instead of %j',
    async (wrong) => {
      const fields = { uid: wrong, gid: wrong, mpid: wrong, quota: wrong, write: true, manage: true };
      const order = { name: 'a', size: wrong, parent_gid: wrong, home_gid: wrong };
      const asked: readonly (readonly [string, readonly string[]])[] = [
        ['PUT /u/user/permission', ['uid', 'gid']],
        ['PUT /u/group', ['parent_gid']],
        ['PATCH /u/user', ['home_gid']],
        ['PUT /m/pool/assign', ['gid', 'mpid', 'quota']],
        ['PUT /m/media/create', ['gid', 'mpid', 'size']],
        ['POST /m/media/list', ['gid']],
      ];
      for (const [operation, names] of asked) {
        const answer = await scene.root.call(operation, { ...fields, ...order, permission: 'velocity.media.list' });
        expectError(answer, 110, 400);
        for (const name of names) {
          expect(answer.text).toContain(`${name}: must be a whole number from 0 to 9007199254740991`);
        }
      }
    },
  );

  it.each([
    ['PUT /u/user', { name: 1 }, ['name: must be a string', 'password: is required']],
    ['PUT /m/pool/assign', { write: 1 }, ['gid: is required', 'write: must be true or false']],
    ['POST /u/group', [], ['body: must be an object']],
  ])('are told for each field of %s what is expected', async (operation, fields, expected) => {
    const answer = await scene.root.call(operation, fields);
    expectError(answer, 110, 400);
    for (const sentence of expected) expect(answer.text).toContain(sentence);
  });

  const FORM = '--------------------------5a2b\r\nContent-Disposition: form-data; name="file"\r\n\r\nimage\r\n';

  async function expectWarning(answer: Answer, isWarned: boolean): Promise<void> {
    const request = answer.headers['x-request-id'];
    await until('the request is logged', () =>
      Promise.resolve(scene.platter.log.some((line) => line.msg === 'request' && line.request === request)),
    );
    const warnings = scene.platter.log.filter((line) => line.level === 'warn' && line.request === request);
    expect(warnings.map(({ msg }) => msg.includes('multipart form'))).toEqual(isWarned ? [true] : []);
  }

  it('store a form that is declared as bytes unchanged, with a warning in the log', async () => {
    const cloud = new Cloud(scene.platter.url, 'root', ROOT_PASSWORD);
    const upload = async (body: string | AsyncIterable<Uint8Array>, length?: number): Promise<Answer> => {
      const headers = { 'content-type': 'application/octet-stream', 'content-length': length };
      return scene.root.upload(
        { group: 0, name: freshName('media'), headers: length === undefined ? {} : headers },
        body,
      );
    };
    const whole = await upload(FORM);
    expect((await scene.root.read(midOf(whole))).text).toBe(FORM);
    await expectWarning(whole, true);
    await expectWarning(await cloud.send('POST /drives/upload/', FORM), true);
    await expectWarning(await upload('--no form\r\nat all'), false);
    await expectWarning(await upload(bytewise(FORM), FORM.length), true);
  });
});

async function* bytewise(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Promise.resolve(Uint8Array.of(byte));
}
