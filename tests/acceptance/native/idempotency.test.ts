import { randomUUID } from 'node:crypto';
import { OPERATIONS, termsOf, type Operation } from '../../../src/adapters/http/native/operations.ts';
import { freshName, type Answer } from '../../support/http/client.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { NO_MEDIA, openScene, type Scene } from '../velocity/scene.ts';
import { createDisk, openMediaScene, type ItemPage, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

let scene: Scene;
let media: MediaScene;
let root: NativeClient;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene, 10_000);
  root = NativeClient.by(scene.root);
});

const keyed = async (client: NativeClient, key: string, call: string, body: object): Promise<Answer> =>
  client.call(call, body, { 'idempotency-key': key });

/** The parts of an answer that a repetition has too. */
const repeatable = ({ status, text, headers }: Answer): unknown => [status, text, headers.location];

const operations = (key: 'kept' | 'refused'): readonly Operation[] =>
  (Object.keys(OPERATIONS) as Operation[]).filter((operation) => termsOf(operation).key === key);

describe('Idempotency-Key', () => {
  it('answers a repeated request as the first time, and changes nothing', async () => {
    const name = freshName('disk');
    const order = { name, group: media.group, pool: 1, size: 100 };
    const source = await createDisk(media, 10);
    const calls: readonly (readonly [NativeClient, string, object, number])[] = [
      [media.owner, 'POST /media', order, 201],
      [media.owner, `POST /media/${source}/clone`, { name: freshName('clone') }, 202],
      [root, 'POST /groups', { name: freshName('group'), parent: media.group }, 201],
      [root, 'POST /users', { name: freshName('user'), password: 'correct horse' }, 201],
    ];
    for (const [client, call, body, status] of calls) {
      const key = randomUUID();
      const first = await keyed(client, key, call, body);
      expect([call, first.status]).toEqual([call, status]);
      // The draft quotes keys.
      for (const sent of [key, `"${key}"`]) {
        expect(repeatable(await keyed(client, sent, call, body))).toEqual(repeatable(first));
      }
    }
    const { items } = await media.owner.ask<ItemPage>(`GET /media?q=${encodeURIComponent(name)}`);
    expect(items).toHaveLength(1);
  });

  it('queues an import once', async () => {
    const [key, name] = [randomUUID(), freshName('import')];
    const order = { name, group: media.group, url: 'https://images.example/image.iso?token=secret' };
    const first = await keyed(media.owner, key, 'POST /imports', order);
    expect(first.status).toBe(202);
    expect(repeatable(await keyed(media.owner, key, 'POST /imports', order))).toEqual(repeatable(first));
    const rows = async (sql: string): Promise<readonly object[]> => rowsOf(scene.platter.database.url, sql);
    expect(await rows(`select id from jobs where operation = 'import'`)).toHaveLength(1);
    const kept = await rows('select answer from idempotency_keys');
    expect(JSON.stringify(kept)).not.toContain('secret');
    await media.owner.call(`DELETE ${first.headers.location!.replace('/v1', '')}`);
  });

  it('is refused for another body, path or token, and belongs to one user', async () => {
    const key = randomUUID();
    const order = { name: freshName('disk'), group: media.group, pool: 1, size: 100 };
    expect((await keyed(media.owner, key, 'POST /media', order)).status).toBe(201);
    const larger = { ...order, name: freshName('disk'), size: 101 };
    expectProblem(await keyed(media.owner, key, 'POST /media', larger), 422, 'idempotency-key-reused');
    expectProblem(
      await keyed(media.owner, key, 'POST /groups', { name: freshName('group'), parent: media.group }),
      422,
      'idempotency-key-reused',
    );
    const { token } = await media.owner.ask<{ token: string }>('POST /tokens', { name: 'x', scope: 'write' });
    const script = NativeClient.withBearer(scene.platter.url, token);
    expectProblem(await keyed(script, key, 'POST /media', order), 422, 'idempotency-key-reused');
    expect((await keyed(root, key, 'POST /media', larger)).status).toBe(201);
  });

  it('repeats a refusal, which has the id of the request that it answers', async () => {
    const key = randomUUID();
    const order = { name: freshName('disk'), group: media.group, pool: 1, size: 1_000_000 };
    const refused = await keyed(media.owner, key, 'POST /media', order);
    expectProblem(refused, 403, 'quota-exceeded');
    await root.ask(`PUT /groups/${media.group}/assignments/1`, { write: true, manage: true, quota: 2_000_000 });
    const again = await keyed(media.owner, key, 'POST /media', order);
    expectProblem(again, 403, 'quota-exceeded');
    const withoutId = ({ body }: Answer): unknown => ({ ...(body as object), request_id: null });
    expect(withoutId(again)).toEqual(withoutId(refused));
    expect((await keyed(media.owner, randomUUID(), 'POST /media', order)).status).toBe(201);
  });

  it('is free again after a request that was malformed', async () => {
    const key = randomUUID();
    const order = { name: freshName('disk'), group: media.group, pool: 1, size: 1 };
    expectProblem(await keyed(media.owner, key, 'POST /media', { ...order, colour: 'red' }), 400, 'malformed');
    expect((await keyed(media.owner, key, 'POST /media', order)).status).toBe(201);
  });

  it.each(operations('kept'))('%s takes it', async (operation) => {
    for (const key of ['', 'two words', 'x'.repeat(256), '"half', 'ä']) {
      const path = operation.replace('{media}', NO_MEDIA);
      const sent = Buffer.from(key).toString('latin1');
      const answer = await keyed(root, sent, path, {});
      expectProblem(answer, 400, 'malformed');
      expect(answer.body).toMatchObject({ field: 'idempotency-key' });
    }
  });

  it.each(operations('refused'))('%s refuses it, since its answer has a secret', async (operation) => {
    const answer = await keyed(root, randomUUID(), operation.replace('{media}', NO_MEDIA), {});
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field: 'idempotency-key' });
  });

  it('stores neither the key nor a password', async () => {
    const key = randomUUID();
    const password = freshName('secret');
    expect((await keyed(root, key, 'POST /users', { name: freshName('user'), password })).status).toBe(201);
    const rows = await rowsOf(scene.platter.database.url, 'select to_jsonb(k)::text as row from idempotency_keys as k');
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain(password);
      expect(row).not.toContain(key);
    }
  });
});
