import { freshName } from '../../support/http/client.ts';
import { NO_MEDIA, poolOf } from '../velocity/scene.ts';
import {
  createColleague,
  drive,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
  type Drive,
  type Listed,
} from './cloud.ts';

const MAX_SIZE = Number.MAX_SAFE_INTEGER;

interface VelocityMedia {
  readonly mid: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly readonly: boolean;
}

describe('Drives', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let gid: number;
  beforeAll(async () => {
    scene = await openCloud();
    ({ cloud: ann, gid } = await createUser(scene));
  });

  async function inVelocity(group = gid): Promise<readonly VelocityMedia[]> {
    return (await scene.root.ask<{ media: VelocityMedia[] }>('POST /m/media/list', { gid: group })).media;
  }

  async function mediaNamed(uuid: string): Promise<VelocityMedia> {
    return (await inVelocity()).find(({ mid }) => mid === uuid)!;
  }

  describe('are created', () => {
    it.each([
      ['an object', (one: object) => one],
      ['a list', (one: object) => [one, { ...one, name: 'the other' }]],
      ['a wrapped list', (one: object) => ({ objects: [one], meta: { ignored: true } })],
    ])('of %s', async (_shape, wrap) => {
      const answer = await ann.call('POST /drives/', wrap(drive()));
      expect(answer.status).toBe(201);
      const { objects } = answer.body as Listed;
      for (const { uuid } of objects) expect((await ann.get(uuid)).status).toBe('unmounted');
    });

    it('to the byte, with sizes as numbers or digits, and are media items in Velocity', async () => {
      for (const [size, media] of [
        ['1073741825', 'disk'],
        [7, 'cdrom'],
        [0, 'disk'],
      ] as const) {
        const made = await ann.make({ name: freshName('exact'), size, media });
        expect(made).toMatchObject({ size: Number(size), media, storage_type: 'dssd' });
        expect(await mediaNamed(made.uuid)).toMatchObject({
          name: made.name,
          size: Number(size),
          type: media === 'cdrom' ? 'ISO' : 'DISK',
          readonly: media === 'cdrom',
        });
      }
    });

    it('with labels that need not be unique, and unique names in the pool', async () => {
      const name = freshName('twice');
      const [first, second] = [await ann.make({ name }), await ann.make({ name })];
      expect([first.name, second.name]).toEqual([name, name]);
      expect((await mediaNamed(first.uuid)).name).toBe(name);
      expect((await mediaNamed(second.uuid)).name).toBe(`${name}-${second.uuid.slice(0, 8)}`);
      const { objects } = await ann.ask<Listed>('POST /drives/', [
        { ...drive(), name: 'ü'.repeat(127) },
        { ...drive(), name: 'ü'.repeat(127) },
      ]);
      const long = await mediaNamed(objects[1]!.uuid);
      expect(long.name).toBe(`${'ü'.repeat(123)}-${objects[1]!.uuid.slice(0, 8)}`);
      await ann.ask(`PUT /drives/${first.uuid}/`, { name: 'renamed' });
      expect((await mediaNamed(first.uuid)).name).toBe(name);
      expect((await ann.get(first.uuid)).name).toBe('renamed');
    });

    it('all of them or none, and over quota with 402', async () => {
      const { cloud, gid } = await createUser(scene, undefined, { quota: 10_000 });
      const answer = await cloud.call('POST /drives/', [drive(), drive(), drive()]);
      expect(expectFault(answer, 402, 'billing')).toEqual(['size']);
      expect((await cloud.ask<Listed>('GET /drives/')).meta.total_count).toBe(0);
      expect((await poolOf(scene, gid)).used).toBe(0);
      expect((await cloud.call('POST /drives/', [drive(), drive()])).status).toBe(201);
      expect((await poolOf(scene, gid)).used).toBe(8192);
    });

    it('with the labels of the user', async () => {
      const said = { meta: { a: 'b\nc' }, allow_multimount: true, affinities: ['ssd'] };
      const { uuid } = await ann.make({ ...said, tags: [], unknown: 7, uuid: NO_MEDIA });
      expect(uuid).not.toBe(NO_MEDIA);
      expect(await ann.get(uuid)).toMatchObject(said);
    });

    it('with short keys of meta and strings as values', async () => {
      const key = 'k'.repeat(32);
      const meta = { [key]: '', ['\u{1f600}'.repeat(32)]: '' };
      expect((await ann.make({ meta })).meta).toEqual(meta);
      expectFault(
        await ann.call('POST /drives/', { ...drive(), meta: { ['\u{1f600}'.repeat(33)]: '' } }),
        400,
        'validation',
      );
      for (const meta of [{ [`${key}k`]: '' }, { a: 1 }, { a: null }, { a: '\0' }, { a: '\ud800' }, [], 'text']) {
        expect(expectFault(await ann.call('POST /drives/', { ...drive(), meta }), 400, 'validation')).toEqual(['meta']);
      }
    });

    it.each([
      [{ size: MAX_SIZE + 1 }, 'size'],
      [{ size: 1.5 }, 'size'],
      [{ size: '1e3' }, 'size'],
      [{ name: 'a\nb' }, 'name'],
      [{ name: 'a'.repeat(256) }, 'name'],
      [{ name: 7 }, 'name'],
      [{ media: 'floppy' }, 'media'],
    ])('not of %j', async (fields, point) => {
      const answer = await ann.call('POST /drives/', { ...drive(), ...fields });
      expect(expectFault(answer, 400, 'validation')).toEqual([point]);
    });
  });

  describe('are updated', () => {
    it('by a changed answer, and absent fields stay', async () => {
      const { uuid } = await ann.make({ meta: { kept: 'yes' } });
      const before = await ann.get(uuid);
      const after = await ann.ask<Drive>(`PUT /drives/${uuid}/`, {
        ...before,
        uuid: NO_MEDIA,
        status: 'mounted',
        owner: null,
        name: 'new',
      });
      expect(after).toEqual({ ...before, name: 'new' });
      expect(await ann.ask(`PUT /drives/${uuid}/`, { meta: { other: '' } })).toEqual({ ...after, meta: { other: '' } });
      expect(await ann.ask(`PUT /drives/${uuid}/`, {})).toEqual({ ...after, meta: { other: '' } });
    });

    it('between disk and cdrom, visible in Velocity too', async () => {
      const { uuid } = await ann.make();
      expect(await ann.ask(`PUT /drives/${uuid}/`, { media: 'cdrom' })).toMatchObject({ media: 'cdrom' });
      expect(await mediaNamed(uuid)).toMatchObject({ type: 'ISO', readonly: true });
      expect(await ann.ask(`PUT /drives/${uuid}/`, { media: 'disk' })).toMatchObject({ media: 'disk' });
      expect(await mediaNamed(uuid)).toMatchObject({ type: 'DISK', readonly: false });
    });

    it('never partly', async () => {
      const { uuid } = await ann.make();
      const before = await ann.get(uuid);
      const wrong = await ann.call(`PUT /drives/${uuid}/`, { name: '', size: 'x', meta: 7, media: 'cdrom' });
      expect(new Set(expectFault(wrong, 400, 'validation'))).toEqual(new Set(['meta', 'name', 'size']));
      expect(await ann.get(uuid)).toEqual(before);
    });
  });

  describe('are resized', () => {
    it('by an update or an action', async () => {
      const { uuid } = await ann.make({ size: 1000 });
      const before = (await poolOf(scene, gid)).used;
      await ann.ask(`PUT /drives/${uuid}/`, { size: '3000' });
      const answer = await ann.call(`POST /drives/${uuid}/action/?do=resize`, { size: 5001 });
      expect(answer.status).toBe(202);
      expect((answer.body as Listed).objects[0]).toMatchObject({ status: 'resizing', size: 5001 });
      expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted', size: 5001 });
      expect((await mediaNamed(uuid)).size).toBe(5001);
      expect((await poolOf(scene, gid)).used).toBe(before + 4001);
    });

    it('to less only without uploaded bytes', async () => {
      const { uuid } = await ann.make({ size: 1000 });
      const before = (await poolOf(scene, gid)).used;
      expect(await ann.ask(`PUT /drives/${uuid}/`, { size: 2000 })).toMatchObject({ size: 2000 });
      expect(await ann.ask(`PUT /drives/${uuid}/`, { size: 500 })).toMatchObject({ size: 500 });
      expect((await poolOf(scene, gid)).used).toBe(before - 500);
      const { text: uploaded } = await ann.send('POST /drives/upload/', 'bytes');
      const refused = await ann.call(`PUT /drives/${uploaded}/`, { name: 'smaller', size: 4 });
      expect(expectFault(refused, 400, 'validation')).toEqual(['size']);
      expect(await ann.get(uploaded)).toMatchObject({ size: 5 });
      expect((await ann.get(uploaded)).name).not.toBe('smaller');
    });

    it('over quota with 402, without effect', async () => {
      const { cloud, gid } = await createUser(scene, undefined, { quota: 5000 });
      const { uuid } = await cloud.make();
      for (const operation of [`PUT /drives/${uuid}/`, `POST /drives/${uuid}/action/?do=resize`]) {
        expect(expectFault(await cloud.call(operation, { size: 5001 }), 402, 'billing')).toEqual(['size']);
      }
      expect(await cloud.get(uuid)).toMatchObject({ size: 4096, status: 'unmounted' });
      expect((await poolOf(scene, gid)).used).toBe(4096);
    });

    it('by no invalid size, and by no other action', async () => {
      const { uuid } = await ann.make();
      expect(expectFault(await ann.call(`POST /drives/${uuid}/action/?do=resize`), 400, 'validation')).toEqual([
        'size',
      ]);
      for (const name of ['?do=explode', '', '?do=toString', '?do=resize&do=resize']) {
        const answer = await ann.call(`POST /drives/${uuid}/action/${name}`, { size: 1 });
        expect(expectFault(answer, 400, 'validation')).toEqual(['do']);
      }
    });
  });

  describe('are deleted', () => {
    it('with their usage, also through Velocity', async () => {
      const { cloud, gid } = await createUser(scene);
      const [first, second] = [await cloud.make(), await cloud.make()];
      expect((await cloud.call(`DELETE /drives/${first.uuid}/`)).status).toBe(204);
      await scene.root.ask('DELETE /m/media', { mid: second.uuid });
      expect(await cloud.ask<Listed>('GET /drives/')).toMatchObject({ objects: [] });
      expect((await poolOf(scene, gid)).used).toBe(0);
    });

    it('several at once, all of them or none', async () => {
      const made = [await ann.make(), await ann.make(), await ann.make()].map(({ uuid }) => ({ uuid }));
      expectFault(await ann.call('DELETE /drives/', { objects: [...made, { uuid: NO_MEDIA }] }), 404, 'notexist');
      expectFault(await ann.call('DELETE /drives/', { objects: [...made, { uuid: 'no uuid' }] }), 404, 'notexist');
      expectFault(await ann.call('DELETE /drives/', { objects: [{}] }), 400, 'validation');
      expectFault(await ann.call('DELETE /drives/'), 400, 'validation');
      for (const { uuid } of made) await ann.get(uuid);
      expect((await ann.call('DELETE /drives/', { objects: [...made, made[0]] })).status).toBe(204);
      for (const { uuid } of made) expectFault(await ann.call(`GET /drives/${uuid}/`), 404, 'notexist');
    });
  });

  it('belong to their creator, and are visible to the whole group', async () => {
    const made = await ann.make();
    const { cloud: ben } = await createColleague(scene, gid, ['velocity.media.list']);
    const { uuid } = await ann.ask<{ uuid: string }>('GET /profile/');
    expect((await ben.get(made.uuid)).owner).toEqual({ uuid, resource_uri: `/api/2.0/user/${uuid}/` });
    const mid = (await scene.root.upload({ group: gid, name: freshName('other dialect') }, 'bytes')).body as {
      mid: string;
    };
    expect(await ben.get(mid.mid)).toMatchObject({ media: 'cdrom', size: 5, meta: {}, status: 'unmounted' });
  });
});
