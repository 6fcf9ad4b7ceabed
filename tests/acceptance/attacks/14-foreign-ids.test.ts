import { randomUUID } from 'node:crypto';
import { freshName, type Answer } from '../../support/http/client.ts';
import { drive, type Listed } from '../cloudsigma/cloud.ts';
import { at, makeServer, makeTag, server } from '../cloudsigma/server-fixtures.ts';
import { makeGroup, NOWHERE, openScene, type Scene } from '../velocity/scene.ts';
import { createUserOf, createTenant, type Tenant } from './tenants.ts';

/** Ids of the victim, which the attacker may have guessed. */
interface Ids {
  readonly gid: number;
  readonly uid: number;
  readonly drive: string;
  readonly underway: string;
  readonly server: string;
  readonly tag: string;
  readonly job: string;
}

type Ask = (attacker: Tenant, ids: Ids) => Promise<Answer>;

const velocity =
  (operation: string, fields: (ids: Ids) => object): Ask =>
  async ({ client }, ids) =>
    client.call(operation, fields(ids));
const cloudsigma =
  (operation: string, path: (ids: Ids) => string, fields?: (ids: Ids) => object): Ask =>
  async ({ cloud }, ids) =>
    cloud.call(`${operation} ${path(ids)}`, fields?.(ids));

const RIGHTS = { mpid: 1, quota: 0, write: true, manage: true };
const media = (): object => ({ mpid: 1, name: freshName('media'), size: 1 });

/** Every call with an id that may belong to another tenant. */
const CALLS: Readonly<Record<string, Ask>> = {
  'POST /u/user': velocity('POST /u/user', ({ uid }) => ({ uid })),
  'PATCH /u/user for another user': velocity('PATCH /u/user', ({ uid }) => ({ uid, home_gid: 0 })),
  'PATCH /u/user to another group': velocity('PATCH /u/user', ({ gid }) => ({ home_gid: gid })),
  'DELETE /u/user': velocity('DELETE /u/user', ({ uid }) => ({ uid })),
  'PUT /u/user/permission': velocity('PUT /u/user/permission', ({ uid, gid }) => ({
    uid,
    gid,
    permission: 'velocity.media.list',
  })),
  'DELETE /u/user/permission': velocity('DELETE /u/user/permission', ({ uid, gid }) => ({ uid, gid })),
  'POST /u/group': velocity('POST /u/group', ({ gid }) => ({ gid })),
  'PUT /u/group': velocity('PUT /u/group', ({ gid }) => ({ name: freshName('group'), parent_gid: gid })),
  'DELETE /u/group': velocity('DELETE /u/group', ({ gid }) => ({ gid })),
  'PUT /m/pool/assign': velocity('PUT /m/pool/assign', ({ gid }) => ({ gid, ...RIGHTS })),
  'DELETE /m/pool/assign': velocity('DELETE /m/pool/assign', ({ gid }) => ({ gid, mpid: 1 })),
  'POST /m/pool/list': velocity('POST /m/pool/list', ({ gid }) => ({ gid })),
  'PUT /m/media/create': velocity('PUT /m/media/create', ({ gid }) => ({ gid, ...media() })),
  'PUT /m/media/upload': async ({ client }, { gid }) => client.upload({ group: gid, name: freshName('media') }, 'a'),
  'DELETE /m/media': velocity('DELETE /m/media', (ids) => ({ mid: ids.drive })),
  'POST /m/media/list': velocity('POST /m/media/list', ({ gid }) => ({ gid })),
  'GET /m/media/{mid}/content': async ({ client }, ids) => client.read(ids.drive),

  'GET /drives/{uuid}': cloudsigma('GET', (ids) => `/drives/${ids.drive}/`),
  'PUT /drives/{uuid}': cloudsigma('PUT', (ids) => `/drives/${ids.drive}/`, drive),
  'DELETE /drives/{uuid}': cloudsigma('DELETE', (ids) => `/drives/${ids.drive}/`),
  'DELETE /drives': cloudsigma(
    'DELETE',
    () => '/drives/',
    (ids) => ({ objects: [{ uuid: ids.drive }] }),
  ),
  'GET /drives/{uuid}/download': cloudsigma('GET', (ids) => `/drives/${ids.drive}/download/`),
  'POST /drives/{uuid}/action clone': cloudsigma('POST', (ids) => `/drives/${ids.drive}/action/?do=clone`),
  'POST /drives/{uuid}/action resize': cloudsigma(
    'POST',
    (ids) => `/drives/${ids.drive}/action/?do=resize`,
    () => ({
      size: 8192,
    }),
  ),
  'GET /libdrives/{uuid}': cloudsigma('GET', (ids) => `/libdrives/${ids.drive}/`),
  'POST /libdrives/{uuid}/action': cloudsigma('POST', (ids) => `/libdrives/${ids.drive}/action/?do=clone`),
  'POST /drives with a tag': cloudsigma(
    'POST',
    () => '/drives/',
    (ids) => ({ ...drive(), tags: [ids.tag] }),
  ),
  'GET /drives by tag': cloudsigma('GET', (ids) => `/drives/?tag=${ids.tag}`),
  'GET /drives by uuid': cloudsigma('GET', (ids) => `/drives/?uuid=${ids.drive}`),
  'GET /jobs/{uuid}': cloudsigma('GET', (ids) => `/jobs/${ids.job}/`),
  'POST /servers with a drive': cloudsigma(
    'POST',
    () => '/servers/',
    (ids) => server({ drives: [at(ids.drive)] }),
  ),
  'POST /servers with a tag': cloudsigma(
    'POST',
    () => '/servers/',
    (ids) => server({ tags: [ids.tag] }),
  ),
  'GET /servers/{uuid}': cloudsigma('GET', (ids) => `/servers/${ids.server}/`),
  'PUT /servers/{uuid}': cloudsigma(
    'PUT',
    (ids) => `/servers/${ids.server}/`,
    () => ({ name: 'mine' }),
  ),
  'DELETE /servers/{uuid}': cloudsigma('DELETE', (ids) => `/servers/${ids.server}/?recurse=all_drives`),
  'POST /servers/{uuid}/action': cloudsigma('POST', (ids) => `/servers/${ids.server}/action/?do=start`),
  'POST /tags with a drive': cloudsigma(
    'POST',
    () => '/tags/',
    (ids) => ({ name: 'tag', resources: [ids.drive] }),
  ),
  'POST /tags with a server': cloudsigma(
    'POST',
    () => '/tags/',
    (ids) => ({ name: 'tag', resources: [ids.server] }),
  ),
  'GET /tags/{uuid}': cloudsigma('GET', (ids) => `/tags/${ids.tag}/`),
  'PUT /tags/{uuid}': cloudsigma(
    'PUT',
    (ids) => `/tags/${ids.tag}/`,
    () => ({ name: 'mine' }),
  ),
  'DELETE /tags/{uuid}': cloudsigma('DELETE', (ids) => `/tags/${ids.tag}/`),
  'GET /tags/{uuid}/drives': cloudsigma('GET', (ids) => `/tags/${ids.tag}/drives/`),
  'GET /tags/{uuid}/servers': cloudsigma('GET', (ids) => `/tags/${ids.tag}/servers/`),
};

describe('An id of another tenant', () => {
  let scene: Scene;
  let attacker: Tenant;
  let foreign: Ids;
  beforeAll(async () => {
    scene = await openScene();
    attacker = await createTenant(scene);
    const victim = await createTenant(scene);
    const { uid, cloud } = await createUserOf(victim);
    const { uuid } = await cloud.make();
    const { objects } = await cloud.ask<Listed<{ uuid: string; jobs: { uuid: string }[] }>>(
      `POST /drives/${uuid}/action/?do=clone`,
    );
    const [clone] = objects;
    foreign = {
      gid: await makeGroup(scene, victim.gid),
      uid,
      drive: uuid,
      underway: clone!.uuid,
      server: (await makeServer(cloud, [])).uuid,
      tag: (await makeTag(cloud, { resources: [uuid] })).uuid,
      job: clone!.jobs[0]!.uuid,
    };
  });

  const unknown = (): Ids => ({
    gid: NOWHERE,
    uid: NOWHERE,
    drive: randomUUID(),
    underway: randomUUID(),
    server: randomUUID(),
    tag: randomUUID(),
    job: randomUUID(),
  });
  /** Returns status and body with the requested UUIDs masked. */
  const shapeOf = ({ status, text }: Answer, { drive, server, tag, job }: Ids): readonly [number, string] => [
    status,
    [drive, server, tag, job].reduce((masked, uuid) => masked.replaceAll(uuid, 'UUID'), text),
  ];

  it.each(Object.entries(CALLS))('is answered like a missing one by %s', async (_name, ask) => {
    const missing = unknown();
    const answer = await ask(attacker, foreign);
    expect(shapeOf(answer, foreign)).toEqual(shapeOf(await ask(attacker, missing), missing));
  });

  it('is answered like a missing one while its drive is being cloned', async () => {
    const missing = unknown();
    for (const name of ['DELETE /m/media', 'GET /m/media/{mid}/content', 'GET /drives/{uuid}']) {
      const ids = { ...foreign, drive: foreign.underway };
      expect(shapeOf(await CALLS[name]!(attacker, ids), ids)).toEqual(
        shapeOf(await CALLS[name]!(attacker, missing), missing),
      );
    }
  });
});
