import type { OutgoingHttpHeaders } from 'node:http';
import { freshName, send, type Answer } from '../../support/http/client.ts';
import { openTestBucket } from '../../support/s3/test-bucket.ts';
import { midOf, openScene, type Scene } from '../velocity/scene.ts';

const BYTES = Buffer.from('the bytes of media');

/** On a redirect to another host clients drop `Authorization`, but send every other header. */
describe('A download from S3 whose authkey a redirect would leak', () => {
  let scene: Scene;
  let mid: string;
  beforeAll(async () => {
    scene = await openScene({ bucket: await openTestBucket(), env: { PLATTER_S3_REDIRECTS: 'true' } });
    mid = midOf(await scene.root.upload({ group: 0, name: freshName('media') }, BYTES));
  });

  async function read(headers: OutgoingHttpHeaders, id = mid): Promise<Answer> {
    return send(scene.platter.url, { method: 'GET', path: `/m/media/${id}/content`, headers });
  }

  it('is not redirected', async () => {
    const { authkey } = scene.root;
    for (const headers of [
      { 'x-velocity-authkey': authkey },
      { 'x-velocity-authkey': authkey, authorization: 'Basic abc' },
      { 'x-velocity-authkey': authkey, authorization: `Bearer ${authkey}` },
    ]) {
      const { status, bytes } = await read(headers);
      expect([headers, status, bytes]).toEqual([headers, 200, BYTES]);
    }
    expect((await read({ authorization: `Bearer ${authkey}` })).status).toBe(307);
  });

  it('is not redirected with conditions that only Platter can evaluate, or without bytes', async () => {
    const authorization = `Bearer ${scene.root.authkey}`;
    const { etag } = (await read({ 'x-velocity-authkey': scene.root.authkey })).headers;
    expect((await read({ authorization, 'if-match': etag, range: 'bytes=0-2' })).status).toBe(206);
    expect((await read({ authorization, 'if-range': etag, range: 'bytes=0-2' })).status).toBe(206);
    expect((await read({ authorization, 'if-match': '"other"' })).status).toBe(412);
    const empty = midOf(await scene.root.upload({ group: 0, name: freshName('media') }, ''));
    expect((await read({ authorization, range: 'bytes=0-' }, empty)).status).toBe(200);
  });
});
