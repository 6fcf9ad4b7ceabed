import { freshName } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { makeAssignedGroup, openScene, untilNothingIsLeft, type Scene } from './scene.ts';

const LIMIT = 2 * 1024 * 1024;
/** The unit of `ulimit -f`, in bytes. */
const BLOCK = 512;

describe('A host with a file size limit', () => {
  let scene: Scene;
  beforeAll(async () => {
    const wrapper = ['sh', '-c', `ulimit -f ${LIMIT / BLOCK} && exec "$0" "$@"`];
    scene = await openScene({ wrapper: () => wrapper });
  });

  it('refuses a larger upload, leaves nothing of it behind, and continues to serve', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    expectError(await scene.root.upload({ group: gid, name }, Buffer.alloc(LIMIT + 1)), 9221, 406);
    await untilNothingIsLeft(scene, gid, name);
    const create = { gid, mpid: 1, name, size: LIMIT + 1 };
    expectError(await scene.root.call('PUT /m/media/create', create), 8221, 406);
    expect((await scene.root.upload({ group: gid, name }, Buffer.alloc(LIMIT))).status).toBe(200);
  });
});
