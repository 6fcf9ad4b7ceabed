import { assign, poolOf, type Terms } from '../velocity/scene.ts';
import {
  createColleague,
  drive,
  EVERYTHING,
  expectFault,
  openCloud,
  createUser,
  type Cloud,
  type CloudScene,
  type Listed,
} from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';
import { PUBLISHED } from './provocations.ts';

const [LIST, CREATE, REMOVE] = EVERYTHING;

/** Calls on a drive of the group, by name. Deletions come last. */
const VERBS: Readonly<Record<string, (by: Cloud, uuid: string) => Promise<{ readonly status: number }>>> = {
  get: async (by, uuid) => by.call(`GET /drives/${uuid}/`),
  download: async (by, uuid) => by.call(`GET /drives/${uuid}/download/`),
  create: async (by) => by.call('POST /drives/', drive()),
  upload: async (by) => by.send('POST /drives/upload/', 'bytes'),
  'clone the library': async (by) => by.call(`POST /libdrives/${PUBLISHED}/action/?do=clone`),
  rename: async (by, uuid) => by.call(`PUT /drives/${uuid}/`, { name: 'renamed' }),
  turn: async (by, uuid) => by.call(`PUT /drives/${uuid}/`, { media: 'cdrom' }),
  resize: async (by, uuid) => by.call(`POST /drives/${uuid}/action/?do=resize`, { size: 9000 }),
  enlarge: async (by, uuid) => by.call(`PUT /drives/${uuid}/`, { size: 9001 }),
  clone: async (by, uuid) => by.call(`POST /drives/${uuid}/action/?do=clone`),
  'delete several': async (by, uuid) => by.call('DELETE /drives/', { objects: [{ uuid }, { uuid }] }),
  delete: async (by, uuid) => by.call(`DELETE /drives/${uuid}/`),
};

const HIDDEN = { get: 404, download: 404, rename: 404, turn: 404, resize: 404, enlarge: 404, clone: 404 };
const GONE = { 'delete several': 404, delete: 404 };
const KEPT = { 'delete several': 403, delete: 403 };
const DELETED = { 'delete several': 204, delete: 404 };
const SEEN = { get: 200, download: 200 };
const UNCHANGED = { rename: 403, turn: 403, resize: 403, enlarge: 403 };
const CHANGED = { rename: 200, turn: 200, resize: 202, enlarge: 200 };
const MADE = { create: 201, upload: 201, 'clone the library': 202 };
const NOT_MADE = { create: 403, upload: 403, 'clone the library': 403 };

describe('The rights on drives', () => {
  let scene: CloudScene;
  beforeAll(async () => {
    const library = await libraryFile([{ name: 'Harbour', uuid: PUBLISHED }]);
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: library } });
    await untilReady(scene.platter);
  });

  it.each<[what: string, permissions: readonly string[], terms: Terms | null, expected: Record<string, number>]>([
    ['nothing', [], {}, { ...HIDDEN, ...GONE, ...NOT_MADE }],
    ['list', [LIST], {}, { ...SEEN, ...UNCHANGED, ...KEPT, ...NOT_MADE, clone: 403 }],
    ['create', [CREATE], {}, { ...HIDDEN, ...GONE, ...MADE }],
    ['list and create', [LIST, CREATE], {}, { ...SEEN, ...CHANGED, ...KEPT, ...MADE, clone: 202 }],
    ['list and remove', [LIST, REMOVE], {}, { ...SEEN, ...UNCHANGED, ...DELETED, ...NOT_MADE, clone: 403 }],
    ['create and remove', [CREATE, REMOVE], {}, { ...HIDDEN, ...GONE, ...MADE }],
    ['everything', EVERYTHING, {}, { ...SEEN, ...CHANGED, ...DELETED, ...MADE, clone: 202 }],
    [
      'everything, in a group with write only',
      EVERYTHING,
      { manage: false },
      { ...SEEN, ...UNCHANGED, ...KEPT, ...NOT_MADE, clone: 403 },
    ],
    [
      'everything, in a group with manage only',
      EVERYTHING,
      { write: false },
      { ...SEEN, ...CHANGED, resize: 403, enlarge: 403, ...DELETED, ...MADE, clone: 202 },
    ],
    ['everything, in a group without the pool', EVERYTHING, null, { ...HIDDEN, ...GONE, ...NOT_MADE }],
  ])('of %s', async (_what, permissions, terms, expected) => {
    const { cloud: owner, gid } = await createUser(scene);
    const { uuid } = await owner.make();
    const { cloud } = await createColleague(scene, gid, permissions);
    if (terms === null) await scene.root.ask('DELETE /m/pool/assign', { gid, mpid: 1 });
    else await assign(scene, gid, terms);
    const met: Record<string, number> = {};
    for (const [name, attempt] of Object.entries(VERBS)) met[name] = (await attempt(cloud, uuid)).status;
    expect(met).toEqual(expected);
  });

  it('delete nothing when one of the named drives may not be deleted', async () => {
    const { cloud: ann, gid } = await createUser(scene);
    const { cloud: ben } = await createUser(scene);
    const { objects } = await ann.ask<Listed>('POST /drives/', [drive(), drive()]);
    const foreign = await ben.make();
    const { used } = await poolOf(scene, gid);
    for (const [uuid, status, type] of [
      [foreign.uuid, 404, 'notexist'],
      [PUBLISHED, 403, 'permission'],
    ] as const) {
      const named = [...objects, { uuid }].map((one) => ({ uuid: one.uuid }));
      expectFault(await ann.call('DELETE /drives/', { objects: named }), status, type);
    }
    expect((await ann.ask<Listed>('GET /drives/')).meta.total_count).toBe(2);
    expect((await poolOf(scene, gid)).used).toBe(used);
  });

  it('never include changes of the library', async () => {
    for (const operation of [
      `PUT /drives/${PUBLISHED}/`,
      `DELETE /drives/${PUBLISHED}/`,
      `POST /drives/${PUBLISHED}/action/?do=resize`,
    ]) {
      expectFault(await scene.boss.call(operation, { size: 100 }), 403, 'permission');
    }
    const { cloud: stranger } = await createUser(scene, [], null);
    expectFault(await stranger.send(`GET /drives/${PUBLISHED}/download/`), 403, 'permission');
    expect((await scene.boss.send(`GET /drives/${PUBLISHED}/download/`)).text).toBe('the disk number 0');
  });
});
