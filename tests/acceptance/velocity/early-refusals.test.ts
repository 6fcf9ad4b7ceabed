import { freshName } from '../../support/http/client.ts';
import { joined, qcow2Image, vmdkDescriptor } from '../../support/images/images.ts';
import { head, RawConnection, type RawAnswer } from '../../support/http/raw-http.ts';
import { realImage } from '../../support/images/real-images.ts';
import { openCloud, createUser, type CloudScene } from '../cloudsigma/cloud.ts';
import { makeAssignedGroup, poolOf, untilNothingIsLeft } from './scene.ts';
import { beginUpload } from './raw-upload.ts';

const PROMISED = 200 * 1024 * 1024;
const SENT = 64 * 1024;

const HOSTILE: readonly (readonly [what: string, image: Uint8Array, says: RegExp])[] = [
  ['a backing file', qcow2Image({ backingFile: '/etc/passwd' }), /backing file/],
  ['a data file', qcow2Image({ incompatible: 4n }), /external file/],
  ['an obsolete encryption', realImage('qcow2-aes'), /AES/],
  ['a foreign descriptor', new TextEncoder().encode(vmdkDescriptor({ type: 'vmfs' })), /descriptor/],
];

/** The first 64 KiB of the 200 MiB; the tests send no more. */
const beginningOf = (image: Uint8Array): Uint8Array => joined(image, new Uint8Array(SENT)).subarray(0, SENT);

describe('an upload of 200 MiB whose first 64 KiB are hostile', () => {
  let scene: CloudScene;
  beforeAll(async () => (scene = await openCloud()));
  afterAll(async () => scene.platter.stop());

  it.each(HOSTILE)('is refused in the middle of its body, and leaves nothing behind: %s', async (_, image, says) => {
    const gid = await makeAssignedGroup(scene, { quota: PROMISED });
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, name }, PROMISED);
    await connection.send(beginningOf(image));
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 400, body: { code: 9224, reason: expect.stringMatching(says) as string } });
    await untilNothingIsLeft(scene, gid, name);
  });

  it.each(HOSTILE)('is refused in CloudSigma too: %s', async (_, image, says) => {
    const { cloud, gid } = await createUser(scene, undefined, { quota: PROMISED });
    const connection = await RawConnection.open(cloud.url);
    const headers = { authorization: cloud.authorization, 'content-length': PROMISED };
    await connection.send(head('POST /api/2.0/drives/upload/', headers));
    await connection.send(beginningOf(image));
    const answer: RawAnswer = await connection.answer();
    expect(answer).toMatchObject({ status: 400, body: [{ error_type: 'validation' }] });
    expect(answer.text).toMatch(says);
    expect(await cloud.ask('GET /drives/')).toMatchObject({ objects: [] });
    expect((await poolOf(scene, gid)).used).toBe(0);
  });
});
