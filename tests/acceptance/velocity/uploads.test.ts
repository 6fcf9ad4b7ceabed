import { freshName } from '../../support/client.ts';
import { filesIn } from '../../support/platter-checks.ts';
import { makeAssignedGroup, mediaOf, midOf, openScene, poolOf, type Scene } from './scene.ts';

describe('An upload', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  it('is stored as it is, listed and counted', async () => {
    const gid = await makeAssignedGroup(scene);
    const name = freshName('media');
    const answer = await scene.root.upload({ group: gid, name }, 'twelve bytes');
    expect(answer.body).toEqual({ mid: midOf(answer), size: 12 });
    expect(await mediaOf(scene, gid)).toEqual([
      { mid: midOf(answer), mpid: 1, name, type: 'ISO', size: 12, readonly: true },
    ]);
    expect((await poolOf(scene, gid)).used).toBe(12);
    expect(await filesIn(scene.platter.poolFolder)).toEqual([[midOf(answer), 12]]);
  });
});
