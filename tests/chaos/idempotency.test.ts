import { randomUUID } from 'node:crypto';
import { freshName, type Answer } from '../support/http/client.ts';
import { withConnection } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { expectProblem, NativeClient } from '../acceptance/native/native-client.ts';
import { startReplicas, type Replicas } from './replicas.ts';

const AT_ONCE = 20;

describe('An idempotency key on two replicas', () => {
  let replicas: Replicas;
  let clients: readonly [NativeClient, NativeClient];
  beforeAll(async () => {
    replicas = await startReplicas();
    const [one, other] = replicas.roots;
    clients = [NativeClient.by(one), NativeClient.by(other)];
  });
  afterAll(async () => replicas.stop());

  const count = async (table: string, name: string): Promise<unknown> =>
    (await replicas.records.rows(`select count(*)::int from ${table} where name = '${name}'`))[0]!.count;

  it.each([
    ['media', 'POST /media', (name: string) => ({ name, group: 0, pool: 1, size: 100 })],
    ['groups', 'POST /groups', (name: string) => ({ name, parent: 0 })],
  ])('creates one of %s for 20 requests at once', async (table, call, orderOf) => {
    const [name, key] = [freshName('one'), randomUUID()];
    const send = async (at: number): Promise<Answer> =>
      clients[at % 2]!.call(call, orderOf(name), { 'idempotency-key': key });
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, async (_, at) => send(at)));
    const created = answers.filter(({ status }) => status === 201);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 409, 'idempotency-key-busy');
    }
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    for (const at of [0, 1]) expect((await send(at)).text).toBe(created[0]!.text);
    expect(await count(table, name)).toBe(1);
  });

  it('is free again after the replica with the first request was killed', async () => {
    const parent = await clients[0].ask<{ id: number }>('POST /groups', { name: freshName('parent'), parent: 0 });
    const [name, key] = [freshName('one'), randomUUID()];
    const send = async (client: NativeClient): Promise<Answer> =>
      client.call('POST /groups', { name, parent: parent.id }, { 'idempotency-key': key });
    await withConnection(replicas.database.url, async (ask) => {
      await ask('begin');
      await ask(`select from groups where id = ${parent.id} for update`);
      const first = send(clients[0]).catch(() => null);
      await until('the first request has the key', async () => {
        const claims = await replicas.records.rows('select from idempotency_keys where status is null');
        return claims.length === 1;
      });
      expectProblem(await send(clients[1]), 409, 'idempotency-key-busy');
      await replicas.platters[0].kill('SIGKILL');
      expect(await first).toBeNull();
      await ask('rollback');
    });
    expectProblem(await send(clients[1]), 409, 'idempotency-key-busy');
    // The time of the claim passes.
    await replicas.records.rows(`update idempotency_keys set created_at = created_at - interval '30 seconds'`);
    const created = await send(clients[1]);
    expect([created.status, await count('groups', name)]).toEqual([201, 1]);
    expect((await send(clients[1])).text).toBe(created.text);
    await replicas.platters[0].restart();
  });

  it('rolls a change back whose key was taken over meanwhile', async () => {
    const parent = await clients[1].ask<{ id: number }>('POST /groups', { name: freshName('parent'), parent: 0 });
    const [name, key] = [freshName('one'), randomUUID()];
    const send = async (): Promise<Answer> =>
      clients[1].call('POST /groups', { name, parent: parent.id }, { 'idempotency-key': key });
    const first = await withConnection(replicas.database.url, async (ask) => {
      await ask('begin');
      await ask(`select from groups where id = ${parent.id} for update`);
      const sent = send();
      await until('the first request has the key', async () => {
        const claims = await replicas.records.rows('select from idempotency_keys where status is null');
        return claims.length === 1;
      });
      await replicas.records.rows(`delete from idempotency_keys where status is null`);
      await ask('rollback');
      return sent;
    });
    expectProblem(first, 409, 'idempotency-key-busy');
    expect(await count('groups', name)).toBe(0);
    expect([(await send()).status, await count('groups', name)]).toEqual([201, 1]);
  });
});
