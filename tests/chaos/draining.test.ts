import { freshName } from '../support/http/client.ts';
import { head, RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { expectError } from '../acceptance/velocity/provocation.ts';
import { beginUpload } from '../acceptance/velocity/raw-upload.ts';
import { openScene, untilAdmitted, type Scene } from '../acceptance/velocity/scene.ts';

const SIZE_BYTES = 1024 * 1024;

/**
 * The clients keep their connections open, and the shutdown grace is longer than any test waits.
 */
describe('Platter after SIGTERM', () => {
  let scene: Scene;
  let upload: RawConnection;
  beforeEach(async () => {
    scene = await openScene();
    const name = freshName('media');
    upload = await beginUpload(scene.root, { group: 0, name }, SIZE_BYTES);
    await upload.send(Buffer.alloc(SIZE_BYTES / 2));
    await untilAdmitted(scene, name);
  });

  function stop(): { ended: Promise<void>; begun: Promise<unknown> } {
    const ended = scene.platter.kill('SIGTERM');
    const begun = until('it is stopping', () => scene.platter.log.some(({ msg }) => msg === 'Platter is stopping'));
    return { ended, begun };
  }

  async function finishUpload(): Promise<void> {
    await upload.send(Buffer.alloc(SIZE_BYTES / 2));
    const { status, headers } = await upload.answer();
    expect([status, headers.connection]).toEqual([200, 'close']);
    await upload.ended();
  }

  it('finishes requests in flight, and does not wait for kept-alive connections', async () => {
    const { ended, begun } = stop();
    await begun;
    await finishUpload();
    await ended;
  });

  it('closes connections that are silent or idle', async () => {
    const silent = await RawConnection.open(scene.platter.url);
    const idle = await RawConnection.open(scene.platter.url);
    await idle.send(head('POST /u/user', { authorization: `Bearer ${scene.root.authkey}` }));
    expect((await idle.answer()).status).toBe(200);
    const { ended } = stop();
    await silent.ended();
    await idle.ended();
    await finishUpload();
    await ended;
  });

  it('answers late requests with 503 and CORS headers', async () => {
    const late = await RawConnection.open(scene.platter.url);
    const whole = head('POST /u/user', { authorization: `Bearer ${scene.root.authkey}` });
    await late.send(whole.slice(0, 20));
    const continuing = await RawConnection.open(scene.platter.url);
    const asked = head('HEAD /uploads/6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e', { 'tus-resumable': '1.0.0' });
    await continuing.send(asked.slice(0, -2));
    // The server reads connections in order: once it has answered this call, it has read the
    // beginning of the late request, and that connection is not idle.
    await scene.root.ask('POST /u/user');
    const { ended, begun } = stop();
    await begun;
    await late.send(whole.slice(20));
    const answer = await late.answer();
    expectError(answer, 301, 503);
    expect(answer.headers.connection).toBe('close');
    // A client of an upload would begin another one after a 503.
    await continuing.send('\r\n');
    await until('the answer of the upload', () => continuing.unread.startsWith('HTTP/1.1 423 '));
    await finishUpload();
    await ended;
  });
});
