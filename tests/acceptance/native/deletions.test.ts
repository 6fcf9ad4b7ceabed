import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { OPERATIONS } from '../../../src/adapters/http/native/operations.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { freshName } from '../../support/http/client.ts';
import { makeGroup, makeUser, openScene, type Scene } from '../velocity/scene.ts';
import { createDisk, openMediaScene, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

let scene: Scene;
let media: MediaScene;
let root: NativeClient;
/** A source that accepts connections and never answers. */
const silent = createServer();
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const port = String((silent.address() as AddressInfo).port);
  scene = await openScene({ env: { PLATTER_IMPORT_NETWORKS: '127.0.0.1/32', PLATTER_IMPORT_PORTS: port } });
  media = await openMediaScene(scene);
  root = NativeClient.by(scene.root);
});
afterAll(() => {
  silent.close();
});

async function importing(): Promise<string> {
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/image.iso`;
  const order = { url, name: freshName('import'), group: media.group };
  return (await media.owner.ask<{ id: string }>('POST /imports', order)).id;
}

async function trashed(): Promise<string> {
  const id = await createDisk(media);
  await media.owner.ask(`DELETE /media/${id}`);
  return id;
}

/** Each creates what a call deletes, and returns the path of that. */
const SUBJECTS: Readonly<Record<string, () => Promise<string>>> = {
  'DELETE /tokens/{token}': async () => {
    const { id } = await root.ask<{ id: string }>('POST /tokens', { name: freshName('token'), scope: 'read' });
    return `/tokens/${id}`;
  },
  'DELETE /users/{user}': async () => `/users/${(await makeUser(scene)).uid}`,
  'DELETE /groups/{group}': async () => `/groups/${await makeGroup(scene)}`,
  'DELETE /groups/{group}/members/{user}': async () => {
    const { uid } = await makeUser(scene, media.group, 'velocity.media.list');
    return `/groups/${media.group}/members/${uid}`;
  },
  'DELETE /groups/{group}/grants/{user}/{permission}': async () => {
    const { uid } = await makeUser(scene, media.group, 'velocity.media.list');
    return `/groups/${media.group}/grants/${uid}/velocity.media.list`;
  },
  'DELETE /groups/{group}/assignments/{pool}': async () => {
    const group = await makeGroup(scene);
    await root.ask(`PUT /groups/${group}/assignments/1`, { write: true, manage: true });
    return `/groups/${group}/assignments/1`;
  },
  'DELETE /media/{media}': async () => `/media/${await createDisk(media)}`,
  'DELETE /media/{media}/links/{link}': async () => {
    const path = `/media/${await createDisk(media)}/links`;
    return `${path}/${(await media.owner.ask<{ id: string }>(`POST ${path}`, { expires_in: 60 })).id}`;
  },
  'DELETE /trash': async () => {
    await trashed();
    return `/trash?group=${media.group}`;
  },
  'DELETE /trash/{media}': async () => `/trash/${await trashed()}`,
  'DELETE /jobs/{job}': async () => `/jobs/${await importing()}`,
  'DELETE /uploads/{upload}': async () => {
    const tus = TusRequests.by(scene.root);
    return tus.created(10, { filename: freshName('upload'), group: '0' });
  },
};

describe('A call that deletes', () => {
  it('is each of these', () => {
    const deletions = Object.keys(OPERATIONS).filter((operation) => operation.startsWith('DELETE '));
    expect([...Object.keys(SUBJECTS), 'DELETE /session'].sort()).toEqual(deletions.sort());
  });

  it.each(Object.entries(SUBJECTS))('only checks with dry_run, and knows its query: %s', async (_call, create) => {
    const path = await create();
    const and = path.includes('?') ? '&' : '?';
    const rows = async (): Promise<string> => JSON.stringify(await stored());
    const before = await rows();
    expectProblem(await root.call(`DELETE ${path}${and}nonsense=1`), 400, 'malformed');
    expect([200, 204]).toContain((await root.call(`DELETE ${path}${and}dry_run=true`)).status);
    expect(await rows()).toBe(before);
    expect([200, 204]).toContain((await root.call(`DELETE ${path}`)).status);
    expect(await rows()).not.toBe(before);
  });

  /** What calls of this file can delete. */
  async function stored(): Promise<readonly unknown[]> {
    return rowsOf(
      scene.platter.database.url,
      `select
        (select array_agg(id order by id) from api_tokens) as tokens, (select array_agg(id order by id) from users) as users,
        (select array_agg(id order by id) from groups) as groups, (select count(*) from grants) as grants,
        (select count(*) from assignments) as assignments, (select count(*) from links) as links,
        (select array_agg(state order by id) from media where state in ('ready', 'trashed', 'uploading')) as media,
        (select array_agg(state order by id) from jobs) as jobs, (select array_agg(state order by id) from uploads) as uploads`,
    );
  }

  it.each(['DELETE /groups/{group}', 'DELETE /media/{media}'])('honours If-Match: %s', async (call) => {
    const path = await SUBJECTS[call]!();
    const { etag } = (await root.call(`GET ${path}`)).headers;
    await root.ask(`PATCH ${path}`, { name: freshName('renamed') });
    expectProblem(await root.call(`DELETE ${path}`, undefined, { 'if-match': etag }), 412, 'precondition-failed');
    const current = (await root.call(`GET ${path}`)).headers.etag;
    expect((await root.call(`DELETE ${path}`, undefined, { 'if-match': `"other", ${current}` })).status).toBe(204);
    expect((await root.call(`GET ${path}`)).status).toBe(404);
  });

  it('honours If-Match: DELETE /jobs/{job}', async () => {
    const path = `/jobs/${await importing()}`;
    const stale = await root.call(`DELETE ${path}`, undefined, { 'if-match': '"stale"' });
    expectProblem(stale, 412, 'precondition-failed');
    expect((await root.call(`DELETE ${path}`, undefined, { 'if-match': '*' })).status).toBe(204);
  });
});
