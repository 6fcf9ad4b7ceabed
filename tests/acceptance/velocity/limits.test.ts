import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freshName, type Answer } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { assign, makeAssignedGroup, makeGroup, mediaOf, midOf, openScene, poolOf, type Scene } from './scene.ts';

const MIB = 1024 * 1024;
const TIB = 1024 ** 4;

const POOLS = `
pools:
  - { mpid: 1, name: main, path: main, default: true }
  - { mpid: 2, name: small, path: small, capacity: 1 KiB }
`;

let scene: Scene;
beforeAll(async () => (scene = await openScene({ poolsFile: POOLS })));

async function upload(group: number, bytes: number, name = freshName('media'), pool = 1): Promise<Answer> {
  return scene.root.upload({ group, name, pool }, Buffer.alloc(bytes, 'x'));
}

async function create(gid: number, size: number | string, mpid = 1): Promise<Answer> {
  return scene.root.call('PUT /m/media/create', { gid, mpid, name: freshName('media'), size });
}

describe('A limit', () => {
  it('admits an upload that fills it, and not one byte more', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 100 });
    expectError(await upload(gid, 101), 9221, 406);
    expect((await upload(gid, 60)).status).toBe(200);
    expectError(await upload(gid, 41), 9221, 406);
    expectError(await create(gid, 41), 8221, 406);
    expect((await create(gid, 40)).status).toBe(200);
    expect(await poolOf(scene, gid)).toMatchObject({ quota: 100, used: 100, available: 0 });
  });

  it('names the needed and the available bytes', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 100 });
    await upload(gid, 60);
    const { body } = await upload(gid, 41);
    expect(body).toMatchObject({ message: expect.stringMatching(/\b41 bytes\b.*\b40 bytes\b/) as unknown });
  });

  it('never refuses an empty item', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 1 });
    await upload(gid, 1);
    expect((await upload(gid, 0)).body).toMatchObject({ size: 0 });
    expect((await create(gid, 0)).body).toMatchObject({ size: 0 });
  });

  it('of an ancestor limits all groups below it, regardless of their own', async () => {
    const parent = await makeAssignedGroup(scene, { quota: 100 });
    const between = await makeGroup(scene, parent);
    const child = await makeGroup(scene, between);
    for (const quota of [0, 1000]) {
      await assign(scene, child, { quota });
      expectError(await upload(child, 101), 9221, 406);
    }
    await upload(child, 70);
    expect((await poolOf(scene, parent)).used).toBe(70);
    expect((await poolOf(scene, child)).available).toBe(30);
    expectError(await upload(parent, 31), 9221, 406);
  });

  it('of the pool limits every group', async () => {
    const [one, other] = [await makeGroup(scene), await makeGroup(scene)];
    for (const gid of [one, other]) await assign(scene, gid, { mpid: 2 });
    expect((await upload(one, 1000, freshName('media'), 2)).status).toBe(200);
    expectError(await upload(other, 25, freshName('media'), 2), 9221, 406);
    expect((await poolOf(scene, other, 2)).available).toBe(24);
    expect((await create(other, 24, 2)).status).toBe(200);
  });

  it('is filled exactly by concurrent uploads', async () => {
    const gid = await makeAssignedGroup(scene, { quota: 70 });
    const answers = await Promise.all(Array.from({ length: 20 }, async () => upload(gid, 10)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([...Array<number>(7).fill(200), ...Array<number>(13).fill(406)]);
    expect(await poolOf(scene, gid)).toMatchObject({ used: 70, available: 0 });
    expect(await mediaOf(scene, gid)).toHaveLength(7);
  });

  it('of an ancestor is filled exactly by concurrent uploads of its children', async () => {
    const parent = await makeAssignedGroup(scene, { quota: 70 });
    const children = [await makeGroup(scene, parent), await makeGroup(scene, parent), await makeGroup(scene, parent)];
    for (const gid of children) await assign(scene, gid);
    const answers = await Promise.all(Array.from({ length: 21 }, async (_, turn) => upload(children[turn % 3]!, 10)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect((await poolOf(scene, parent)).used).toBe(70);
  });
});

describe('A size', () => {
  it.each([TIB, 0, 1, TIB + 1])('of %d bytes is created at once, exact to the byte', async (size) => {
    const gid = await makeAssignedGroup(scene);
    const answer = await create(gid, size);
    expect(answer.body).toEqual({ mid: midOf(answer), size });
    const file = await stat(join(scene.platter.poolFolder, midOf(answer)));
    expect(file.size).toBe(size);
    expect(file.blocks * 512).toBeLessThan(MIB);
    expect(await mediaOf(scene, gid)).toMatchObject([{ size, readonly: false }]);
  });

  it('can be a string', async () => {
    const gid = await makeAssignedGroup(scene, { quota: String(2 * TIB) });
    const answer = await create(gid, String(TIB));
    expect(answer.body).toEqual({ mid: midOf(answer), size: TIB });
    expect(await poolOf(scene, gid)).toMatchObject({ quota: 2 * TIB, used: TIB, available: TIB });
  });

  it.each([-1, 0.5, '1e3', '', null, 2 ** 53])('cannot be %j', async (size) => {
    const gid = await makeAssignedGroup(scene);
    const order = { gid, mpid: 1, name: freshName('media'), size };
    expectError(await scene.root.call('PUT /m/media/create', order), 110, 400);
  });

  it('that the backend cannot store is refused like one over a limit', async () => {
    const gid = await makeAssignedGroup(scene);
    expectError(await create(gid, 2 ** 53 - 1), 8221, 406);
    expect((await poolOf(scene, gid)).used).toBe(0);
  });

  it('of an upload can be large, in chunks of any size', async () => {
    const gid = await makeAssignedGroup(scene);
    const chunk = Buffer.alloc(MIB - 7, 'platter');
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let turn = 0; turn < 32; turn += 1) yield Promise.resolve(chunk);
    }
    const headers = { 'content-length': 32 * chunk.length };
    const answer = await scene.root.upload({ group: gid, name: freshName('media'), headers }, chunks());
    const stored = createReadStream(join(scene.platter.poolFolder, midOf(answer)));
    const expected = createHash('sha256');
    for await (const each of chunks()) expected.update(each);
    const found = createHash('sha256');
    for await (const each of stored) found.update(each as Uint8Array);
    expect(found.digest('hex')).toBe(expected.digest('hex'));
  });
});

describe('A name', () => {
  it('goes to one of two concurrent uploads', async () => {
    const groups = [await makeAssignedGroup(scene), await makeAssignedGroup(scene)];
    const name = freshName('media');
    const answers = await Promise.all(groups.map(async (gid) => upload(gid, MIB, name)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    const listed = [...(await mediaOf(scene, groups[0]!)), ...(await mediaOf(scene, groups[1]!))];
    expect(listed.map((media) => media.name)).toEqual([name]);
  });

  it('is unique per pool', async () => {
    const gid = await makeAssignedGroup(scene);
    await assign(scene, gid, { mpid: 2 });
    const name = freshName('media');
    expect((await upload(gid, 0, name, 1)).status).toBe(200);
    expect((await upload(gid, 0, name, 2)).status).toBe(200);
  });

  it('differs from others by any letter', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    for (const each of [name, name.toUpperCase(), `${name}.`, `${name}\u00e9`, `${name}e\u0301`]) {
      expect((await upload(gid, 1, each)).status).toBe(200);
    }
  });
});
