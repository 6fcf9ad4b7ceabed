import { freshName, logIn, type Client } from '../../support/http/client.ts';
import { ROOT_PASSWORD, startPlatter, type Platter } from '../../support/program/platter.ts';
import { Cloud, type Listed } from '../cloudsigma/cloud.ts';

const DEFINITION_BYTES = 4096;

const LIMITS = {
  PLATTER_SERVERS_PER_USER: '5',
  PLATTER_TAGS_PER_USER: '5',
  PLATTER_USERS_PER_USER: '5',
  PLATTER_AUTHKEYS_PER_USER: '5',
  PLATTER_DEFINITION_BYTES_PER_USER: '4KiB',
  PLATTER_ITEMS_PER_GROUP: '5',
};

describe('Objects without quota', () => {
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

  /** Sends 20 concurrent calls and returns how many got this status. */
  async function count(status: number, ask: () => Promise<{ status: number }>): Promise<number> {
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    return answers.filter((answer) => answer.status === status).length;
  }

  it.each([
    ['servers', { name: 'a', cpu: 1000, mem: 536_870_912, vnc_password: 'a' }],
    ['tags', { name: 'a' }],
  ])(
    'are limited exactly under concurrent calls, and a deletion allows one more: %s',
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

  describe('such as definitions', () => {
    const KIB = 'k'.repeat(1024);
    const note = { meta: { note: KIB } };
    const refused = { status: 403, text: expect.stringContaining(`${DEFINITION_BYTES} bytes of JSON`) as unknown };
    let ann: Cloud;
    let gid: number;
    beforeEach(async () => {
      ({ gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: 0 }));
      await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
      await allow(name);
      ann = new Cloud(platter.url, name, 'secret');
    });

    /** Grants a user all media permissions in the group, which becomes its home. */
    async function allow(user: string): Promise<void> {
      const { uid } = await (await logIn(platter.url, user, 'secret')).ask<{ uid: number }>('POST /u/user');
      for (const permission of ['velocity.media.create', 'velocity.media.list', 'velocity.media.remove']) {
        await root.ask('PUT /u/user/permission', { uid, gid, permission });
      }
      await root.ask('PATCH /u/user', { uid, home_gid: gid });
    }

    const server = (fields: object): object => ({
      name: 'a',
      cpu: 1000,
      mem: 536_870_912,
      vnc_password: 'a',
      ...fields,
    });
    const drive = (fields: object): object => ({ name: freshName('drive'), size: 4096, media: 'disk', ...fields });

    it('are limited in bytes together, exactly, under concurrent calls', async () => {
      const makes = Array.from({ length: 20 }, async (_none, at) =>
        [
          async () => ann.call('POST /servers/', server(note)),
          async () => ann.call('POST /tags/', { name: 'a', ...note }),
          async () => ann.call('POST /drives/', drive(note)),
        ][at % 3]!(),
      );
      const statuses = (await Promise.all(makes)).map(({ status }) => status);
      // Three need more than 3 KiB, four more than the limit.
      expect(statuses.toSorted((one, other) => one - other)).toEqual([
        201,
        201,
        201,
        ...Array.from({ length: 17 }, () => 403),
      ]);
    }, 60_000);

    it('are refused in every call that writes them, without effect', async () => {
      const { objects: servers } = await ann.ask<Listed<{ uuid: string }>>('POST /servers/', server(note));
      const { objects: tags } = await ann.ask<Listed<{ uuid: string }>>('POST /tags/', { name: 'a', ...note });
      const made = await ann.make({ size: 4096, ...note });
      const large = { meta: { note: KIB + KIB } };
      const [host, tag] = [servers[0]!.uuid, tags[0]!.uuid];
      // Leaves less than each of the calls below needs.
      let filling = '';
      for (const size of [512, 256, 128, 64]) {
        const more = filling + 'f'.repeat(size);
        const { status } = await ann.call(`PUT /servers/${host}/`, { meta: { ...note.meta, filling: more } });
        if (status === 200) filling = more;
      }
      const calls: readonly (readonly [string, object])[] = [
        ['POST /servers/', server(large)],
        ['POST /tags/', { name: 'b', ...large }],
        ['POST /drives/', drive(large)],
        [`POST /drives/${made.uuid}/action/?do=clone`, { name: freshName('clone') }],
        [`PUT /servers/${host}/`, large],
        [`PUT /tags/${tag}/`, { name: 'a', ...large }],
        [`PUT /drives/${made.uuid}/`, large],
        [`PUT /drives/${made.uuid}/`, { size: 8192, ...large }],
        [`POST /drives/${made.uuid}/action/?do=resize`, { size: 8192, ...large }],
        ['PUT /profile/', { last_name: 'k'.repeat(255) }],
      ];
      for (const [call, body] of calls)
        expect([call, await ann.call(call, body)]).toEqual([call, expect.objectContaining(refused)]);
      expect(await ann.get(made.uuid)).toMatchObject({ size: 4096, ...note });
      const { meta } = await ann.ask<Listed>('GET /drives/');
      expect(meta.total_count).toBe(1);
      // Shorter definitions free bytes.
      await ann.ask(`PUT /servers/${host}/`, { meta: {} });
      await ann.ask('PUT /profile/', { last_name: 'short' });
      await ann.ask(`DELETE /tags/${tag}/`);
      await ann.ask('POST /tags/', { name: 'b', ...note });
    }, 60_000);

    it('count for the user who wrote them last, so that no user fills the limit of another', async () => {
      const made = await ann.make({ size: 4096 });
      const other = freshName('ben');
      await root.ask('PUT /u/user', { name: other, password: 'secret' });
      await allow(other);
      const ben = new Cloud(platter.url, other, 'secret');
      await ben.ask(`PUT /drives/${made.uuid}/`, { meta: { note: 'k'.repeat(DEFINITION_BYTES - 200) } });
      expect(await ben.call('POST /tags/', { name: 'a', ...note })).toMatchObject(refused);
      await ann.ask('POST /tags/', { name: 'a', ...note });
    }, 60_000);

    it('can be written concurrently to the same drives without a server error', async () => {
      const made = await ann.make({ size: 4096 });
      const edits = Array.from({ length: 20 }, async (_none, at) =>
        [
          async () => ann.call(`PUT /drives/${made.uuid}/`, { name: freshName('drive') }),
          async () => ann.call('POST /drives/', drive({})),
          async () => ann.send('POST /drives/upload/', 'bytes', { 'content-type': 'application/octet-stream' }),
          async () => ann.call('PUT /profile/', { first_name: freshName('Ann') }),
          async () => ann.call('POST /tags/', { name: 'a', resources: [made.uuid] }),
        ][at % 5]!(),
      );
      const statuses = (await Promise.all(edits)).map(({ status }) => status);
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    }, 60_000);
  });

  it('include users: a user and the users that it created share a limit, except for operators', async () => {
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
    const refused = { code: 2221, message: expect.stringContaining('create at most 5 users together') as unknown };
    for (const each of [ann, bob]) expect((await make(each)).body).toMatchObject(refused);
    // Created users keep counting after their creator is deleted.
    await root.ask('DELETE /u/user', { uid });
    expect((await make(bob)).body).toMatchObject({ code: 2221 });
    for (let made = 0; made < 6; made += 1) expect((await make(root)).status).toBe(200);
  }, 60_000);

  it('include empty items: a group and its subgroups share a limit, exactly, under concurrent calls', async () => {
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
      const refused = { code: 8221, message: expect.stringContaining('maximum of 5 items') as unknown };
      expect(await make(group)).toMatchObject({ status: 406, body: refused });
      const uploaded = await root.upload({ group, name: freshName('nothing') }, '');
      expect(uploaded).toMatchObject({ status: 406, body: { ...refused, code: 9221 } });
    }
    await root.ask('DELETE /u/group', { gid: below });
    expect(await count(200, async () => make(gid))).toBe(1 + lower!);
    for (let made = 0; made < 6; made += 1) expect((await make(0)).status).toBe(200);
  }, 60_000);

  it('include authkeys: a new one replaces the least recently used', async () => {
    const keys: Client[] = [];
    for (let logins = 0; logins < 6; logins += 1) keys.push(await logIn(platter.url, name, 'secret'));
    const statuses = await Promise.all(keys.map(async (key) => (await key.call('POST /u/user')).status));
    expect(statuses).toEqual([401, 200, 200, 200, 200, 200]);
  });
});
