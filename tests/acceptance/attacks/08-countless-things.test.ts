import { freshName, logIn, type Client } from '../../support/client.ts';
import { ROOT_PASSWORD, startPlatter, type Platter } from '../../support/platter.ts';
import { Cloud } from '../cloudsigma/cloud.ts';

const LIMITS = {
  PLATTER_SERVERS_PER_USER: '5',
  PLATTER_TAGS_PER_USER: '5',
  PLATTER_USERS_PER_USER: '5',
  PLATTER_AUTHKEYS_PER_USER: '5',
  PLATTER_ITEMS_PER_GROUP: '5',
};

describe('Things that cost no quota', () => {
  let platter: Platter;
  let root: Client;
  let name: string;
  beforeAll(async () => {
    platter = await startPlatter({ env: LIMITS });
    root = await logIn(platter.url);
  });
  beforeEach(async () => {
    name = freshName('ann');
    await root.ask('PUT /u/user', { name, password: 'secret' });
  });

  /** How many of 20 that are asked for at once are answered so. */
  async function count(status: number, ask: () => Promise<{ status: number }>): Promise<number> {
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    return answers.filter((answer) => answer.status === status).length;
  }

  it.each([
    ['servers', { name: 'a', cpu: 1000, mem: 536_870_912, vnc_password: 'a' }],
    ['tags', { name: 'a' }],
  ])(
    'are %s up to the limit, exactly, of many asked for at once, and one more for one that goes',
    async (of, thing) => {
      const ann = new Cloud(platter.url, name, 'secret');
      const other = new Cloud(platter.url, 'root', ROOT_PASSWORD);
      expect(await count(201, async () => ann.call(`POST /${of}/`, thing))).toBe(5);
      const refused = await ann.call(`POST /${of}/`, { objects: [thing] });
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(`5 ${of}`)]);
      const { objects } = await ann.ask<{ objects: readonly { uuid: string }[] }>(`GET /${of}/`);
      expect(objects).toHaveLength(5);
      await ann.call(`DELETE /${of}/${objects[0]!.uuid}/`);
      expect((await ann.call(`POST /${of}/`, { objects: [thing, thing] })).status).toBe(403);
      expect((await ann.call(`POST /${of}/`, thing)).status).toBe(201);
      expect((await other.call(`POST /${of}/`, thing)).status).toBe(201);
    },
    60_000,
  );

  it('are users that one user makes, with those that it made, but for operators', async () => {
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: 0 });
    const { uid } = await (await logIn(platter.url, name, 'secret')).ask<{ uid: number }>('POST /u/user');
    const permission = 'velocity.user.create';
    await root.ask('PUT /u/user/permission', { uid, gid, permission });
    const ann = await logIn(platter.url, name, 'secret');
    const made = { name: freshName('made'), password: 'secret' };
    const bobs = await ann.ask<{ uid: number }>('PUT /u/user', made);
    await root.ask('PUT /u/user/permission', { uid: bobs.uid, gid, permission });
    const bob = await logIn(platter.url, made.name, 'secret');
    const make = async (client: Client) => client.call('PUT /u/user', { name: freshName('made'), password: 'a' });
    const [byAnn, byBob] = await Promise.all([ann, bob].map(async (each) => count(200, async () => make(each))));
    expect(byAnn! + byBob!).toBe(4);
    for (const each of [ann, bob]) expect((await make(each)).body).toMatchObject({ code: 2221 });
    // Those that come from a user stay its own when it is gone.
    await root.ask('DELETE /u/user', { uid });
    expect((await make(bob)).body).toMatchObject({ code: 2221 });
    for (let made = 0; made < 6; made += 1) expect((await make(root)).status).toBe(200);
  }, 60_000);

  it('are items without bytes in a group and those below it, exactly, of many asked for at once', async () => {
    const makeGroup = async (parent: number): Promise<number> => {
      const made = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: parent });
      await root.ask('PUT /m/pool/assign', { gid: made.gid, mpid: 1, quota: 0, write: true, manage: true });
      return made.gid;
    };
    const gid = await makeGroup(0);
    const below = await makeGroup(gid);
    const make = async (group: number) =>
      root.call('PUT /m/media/create', { gid: group, mpid: 1, name: freshName('nothing'), size: 0 });
    expect((await make(below)).status).toBe(200);
    const [above, lower] = await Promise.all([gid, below].map(async (group) => count(200, async () => make(group))));
    expect(above! + lower!).toBe(4);
    for (const group of [gid, below]) {
      const refused = { code: 8221, message: expect.stringContaining('number of items, 5') as unknown };
      expect(await make(group)).toMatchObject({ status: 406, body: refused });
      const uploaded = await root.upload({ group, name: freshName('nothing') }, '');
      expect(uploaded).toMatchObject({ status: 406, body: { ...refused, code: 9221 } });
    }
    await root.ask('DELETE /u/group', { gid: below });
    expect(await count(200, async () => make(gid))).toBe(1 + lower!);
    for (let made = 0; made < 6; made += 1) expect((await make(0)).status).toBe(200);
  }, 60_000);

  it('are authkeys, of which the one that was used least recently goes', async () => {
    const keys: Client[] = [];
    for (let logins = 0; logins < 6; logins += 1) keys.push(await logIn(platter.url, name, 'secret'));
    const statuses = await Promise.all(keys.map(async (key) => (await key.call('POST /u/user')).status));
    expect(statuses).toEqual([401, 200, 200, 200, 200, 200]);
  });
});
