import { freshName, type Answer, type Client } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { assign, give, makeGroup, makeUser, midOf, openScene, type Scene } from './scene.ts';

interface Family {
  readonly parent: number;
  readonly gid: number;
  readonly child: number;
}

/** A call that needs a permission on a group, and its error without it. */
interface Guarded {
  readonly operation: string;
  readonly permission: string;
  readonly code: number;
  /**
   * The list that is empty for a group that the caller sees only as an ancestor; without it the
   * call is refused.
   */
  readonly emptyAbove?: string | undefined;
  readonly ask: (client: Client, gid: number, scene: Scene) => Promise<Answer>;
}

const RIGHTS = { mpid: 1, quota: 0, write: true, manage: true };

const GUARDED: readonly Guarded[] = [
  guarded('POST /u/group', 'group.view', 5100, (gid) => ({ gid })),
  guarded('PUT /u/group', 'group.create', 5200, (gid) => ({ name: freshName('group'), parent_gid: gid })),
  {
    operation: 'DELETE /u/group',
    permission: 'velocity.group.remove',
    code: 5300,
    ask: async (client, gid, scene) => client.call('DELETE /u/group', { gid: await makeGroup(scene, gid) }),
  },
  guarded('PUT /m/pool/assign', 'pool.assign', 6200, (gid) => ({ gid, ...RIGHTS })),
  guarded('DELETE /m/pool/assign', 'pool.revoke', 6300, (gid) => ({ gid, mpid: 1 })),
  guarded('POST /m/pool/list', 'pool.list', 7100, (gid) => ({ gid }), 'pools'),
  guarded('PUT /m/media/create', 'media.create', 8200, (gid) => ({ gid, mpid: 1, name: freshName('media'), size: 1 })),
  {
    operation: 'PUT /m/media/upload',
    permission: 'velocity.media.create',
    code: 9200,
    ask: async (client, gid) => client.upload({ group: gid, name: freshName('media') }, 'bytes'),
  },
  {
    operation: 'DELETE /m/media',
    permission: 'velocity.media.remove',
    code: 9300,
    ask: async (client, gid, { root }) => {
      const made = await root.upload({ group: gid, name: freshName('media') }, 'bytes');
      return client.call('DELETE /m/media', { mid: midOf(made) });
    },
  },
  guarded('POST /m/media/list', 'media.list', 10100, (gid) => ({ gid }), 'media'),
];

function guarded(
  operation: string,
  permission: string,
  code: number,
  fields: (gid: number) => object,
  emptyAbove?: string,
): Guarded {
  return {
    emptyAbove,
    operation,
    permission: `velocity.${permission}`,
    code,
    ask: async (client, gid) => client.call(operation, fields(gid)),
  };
}

describe('A permission', () => {
  let scene: Scene;
  let family: Family;
  let beside: number;
  beforeAll(async () => (scene = await openScene()));
  beforeEach(async () => {
    const parent = await makeGroup(scene);
    const gid = await makeGroup(scene, parent);
    family = { parent, gid, child: await makeGroup(scene, gid) };
    beside = await makeGroup(scene, parent);
    for (const each of [parent, gid, family.child, beside]) await assign(scene, each);
  });

  describe.each(GUARDED)('for $operation', ({ permission, code, ask, emptyAbove }) => {
    it('is needed', async () => {
      const { uid, client } = await makeUser(scene);
      for (const { permission: other } of GUARDED) {
        if (other !== permission) await give(scene, uid, family.gid, other);
      }
      expectError(await ask(client, family.gid, scene), code, 403);
    });

    it('holds on its group and below, not above and not beside', async () => {
      const { client } = await makeUser(scene, family.gid, permission);
      for (const above of [0, family.parent]) {
        const answer = await ask(client, above, scene);
        if (emptyAbove === undefined) expectError(answer, code, 403);
        else expect([answer.status, answer.body]).toEqual([200, { [emptyAbove]: [] }]);
      }
      expectError(await ask(client, beside, scene), code, 403);
      for (const gid of [family.child, family.gid]) expect((await ask(client, gid, scene)).status).toBe(200);
    });

    it('holds everywhere when granted on the root, until it is revoked', async () => {
      const { uid, client } = await makeUser(scene, 0, permission);
      for (const gid of [family.child, beside]) expect((await ask(client, gid, scene)).status).toBe(200);
      await scene.root.ask('DELETE /u/user/permission', { uid, gid: 0, permission });
      expectError(await ask(client, family.gid, scene), code, 403);
    });
  });

  it('to view users covers members of its group and of groups below', async () => {
    const { uid } = await makeUser(scene, family.child, 'velocity.media.list');
    const { client } = await makeUser(scene, family.gid, 'velocity.user.view');
    expect((await client.call('POST /u/user', { uid })).body).toMatchObject({ uid });
    const { uid: stranger } = await makeUser(scene, beside, 'velocity.media.list');
    expectError(await client.call('POST /u/user', { uid: stranger }), 2100, 403);
  });

  it('to remove users must be held on their home group, or above', async () => {
    const { uid } = await makeUser(scene, family.child, 'velocity.media.create');
    await give(scene, uid, beside, 'velocity.media.create');
    const { client: other } = await makeUser(scene, beside, 'velocity.user.remove');
    expectError(await other.call('DELETE /u/user', { uid }), 2300, 403);
    const { client } = await makeUser(scene, family.gid, 'velocity.user.remove');
    expect((await client.call('DELETE /u/user', { uid })).status).toBe(200);
    const { uid: nowhere } = await makeUser(scene);
    expectError(await client.call('DELETE /u/user', { uid: nowhere }), 2300, 403);
  });

  it.each([
    ['POST /u/user/list', 'velocity.user.list', undefined],
    ['PUT /u/user', 'velocity.user.create', { name: freshName('user'), password: 'a' }],
  ])('for %s can be held on any group', async (operation, permission, fields) => {
    const { client } = await makeUser(scene, family.child, permission);
    expect((await client.call(operation, fields)).status).toBe(200);
  });

  it('is granted and revoked by users who hold it there, or above', async () => {
    const { uid } = await makeUser(scene);
    const { client } = await makeUser(
      scene,
      family.gid,
      'velocity.user.assign',
      'velocity.user.revoke',
      'velocity.media.list',
    );
    const grant = { uid, gid: family.child, permission: 'velocity.media.list' };
    expect((await client.call('PUT /u/user/permission', grant)).status).toBe(200);
    expectError(
      await client.call('PUT /u/user/permission', { ...grant, permission: 'velocity.media.create' }),
      4220,
      403,
    );
    expectError(await client.call('PUT /u/user/permission', { ...grant, gid: family.parent }), 4200, 403);
    await give(scene, uid, family.child, 'velocity.media.create');
    expectError(await client.call('DELETE /u/user/permission', { uid, gid: family.child }), 4300, 403);
    expect((await client.call('DELETE /u/user/permission', grant)).status).toBe(200);
  });

  it('is checked before every other failure', async () => {
    const { client } = await makeUser(scene);
    const order = { group: family.gid, name: freshName('media') };
    await scene.root.upload(order, 'bytes');
    await scene.root.ask('DELETE /m/pool/assign', { gid: family.gid, mpid: 1 });
    expectError(await client.upload({ ...order, pool: 99 }, 'bytes'), 9200, 403);
    expectError(await scene.root.upload({ ...order, pool: 99, group: 999_999_999 }, 'bytes'), 9218, 404);
    expectError(await scene.root.upload(order, 'bytes'), 9201, 403);
    await assign(scene, family.gid, { quota: 1 });
    expectError(await scene.root.upload(order, 'bytes'), 9220, 409);
  });
});
