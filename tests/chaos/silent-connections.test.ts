import { randomBytes } from 'node:crypto';
import { RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { TusScene } from '../acceptance/tus/tus-scene.ts';
import { Wire } from '../acceptance/tus/wire.ts';

describe('An upload whose connection falls silent, and is closed by neither side', () => {
  let test: TusScene;
  beforeAll(async () => (test = await TusScene.open()));
  beforeEach(async () => test.refresh());

  it('is continued by a new connection', async () => {
    const bytes = randomBytes(500_000);
    const sent = 300_000;
    const wire = await Wire.open(() => test.scene.platter.port);
    const location = await test.root.created(bytes.length, test.metadata());
    const silent = await RawConnection.open(wire.url);
    await silent.send(test.patchHead(location, 0, bytes.length));
    await silent.send(bytes.subarray(0, sent));
    await until('it was forwarded', async () => (await test.root.offset(location)) === sent);
    wire.silence();
    await silent.send(bytes.subarray(sent, sent + 1000));
    expect(await test.root.offset(location)).toBe(sent);
    const answer = await until('the new connection has the upload', async () => {
      const found = await test.root.patch(location, sent, bytes.subarray(sent));
      return found.status === 423 ? null : found;
    });
    await test.expectFinished(answer, bytes);
    silent.hangUp();
    await wire.close();
  });
});
