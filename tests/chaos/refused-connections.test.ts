import { head, RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { openFiles } from '../acceptance/hostile/open-files.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';

const CONNECTIONS = 40;
const DATABASE_CONNECTIONS = 4;
const HUGE = 10 ** 12;

describe('Refused clients that keep their connections open', () => {
  let scene: Scene;
  beforeAll(
    async () => (scene = await openScene({ env: { PLATTER_DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS) } })),
  );

  it.each([
    ['upload', head('PUT /m/media/upload', { authorization: 'Bearer none', 'content-length': HUGE }), 401],
    ['upload after asking', head('PUT /m/media/upload', { expect: '100-continue', 'content-length': HUGE }), 401],
    ['upload a drive', head('POST /api/2.0/drives/upload/', { 'content-length': HUGE }), 401],
    ['request /healthz with a body', head('GET /healthz', { 'content-length': HUGE }), 200],
    ['send a malformed request', 'PUT /m/media/upload HTTP/1.1\r\ncontent-length: many\r\n\r\n', 400],
  ])('lose them if they %s', async (_what, bytes, status) => {
    const before = await openFiles(scene.platter);
    const connections = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => RawConnection.open(scene.platter.url)),
    );
    for (const connection of connections) {
      await connection.send(bytes);
      expect((await connection.answer()).status).toBe(status);
      await connection.send('a little');
    }
    await until('all are closed', async () => (await openFiles(scene.platter)) <= before + DATABASE_CONNECTIONS);
  });
});
