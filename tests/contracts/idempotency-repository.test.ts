import { randomUUID } from 'node:crypto';
import type { KeyClaim } from '../../src/application/ports/idempotency-repository.ts';
import type { User } from '../../src/application/ports/user-repository.ts';
import type { KeptAnswer } from '../../src/domain/access/idempotency-key.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const HASH = 'ab'.repeat(32);
const SAME = '01'.repeat(32);
const OTHER = '02'.repeat(32);
const ANSWER: KeptAnswer = { status: 201, headers: { Location: '/v1/media/1' }, body: { id: 1, names: ['é"'] } };

describe.each(UNITS_OF_WORK)('IdempotencyRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: User;
  beforeEach(async () => {
    depot = await open();
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
  });
  afterEach(async () => depot.close());

  const claimOf = (hash = HASH): KeyClaim => ({ id: randomUUID(), user: ann.id, hash });
  const claim = async (of: KeyClaim, fingerprint = SAME): Promise<KeptAnswer | null> =>
    depot.work.run(async (tx) => tx.idempotencyKeys.claim(of, fingerprint));
  const keep = async (of: KeyClaim, answer = ANSWER): Promise<boolean> =>
    depot.work.run(async (tx) => tx.idempotencyKeys.keep(of, answer));
  const age = async (by: string): Promise<unknown> =>
    rowsOf(depot.url, `update idempotency_keys set created_at = created_at - interval '${by}' returning 1`);
  const count = async (): Promise<unknown> =>
    (await rowsOf(depot.url, 'select count(*)::int from idempotency_keys'))[0];

  it('keeps the answer for the same request, and for no other', async () => {
    const first = claimOf();
    expect(await claim(first)).toBeNull();
    await expect(claim(claimOf())).rejects.toMatchObject({ code: 'idempotency-key-busy' });
    await expect(claim(claimOf(), OTHER)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect(await keep(first)).toBe(true);
    expect(await claim(claimOf())).toEqual(ANSWER);
    await expect(claim(claimOf(), OTHER)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    const bob = await depot.work.run(async (tx) => tx.users.insert('bob', 'hash'));
    expect(await claim({ ...claimOf(), user: bob.id }, OTHER)).toBeNull();
  });

  it('keeps the first answer', async () => {
    const first = claimOf();
    await claim(first);
    await keep(first);
    expect(await keep(first, { ...ANSWER, status: 409 })).toBe(false);
    await depot.work.run(async (tx) => tx.idempotencyKeys.release(first));
    expect(await claim(claimOf())).toEqual(ANSWER);
  });

  it('frees a released key', async () => {
    const first = claimOf();
    await claim(first);
    await depot.work.run(async (tx) => tx.idempotencyKeys.release(claimOf()));
    await expect(claim(claimOf())).rejects.toMatchObject({ code: 'idempotency-key-busy' });
    await depot.work.run(async (tx) => tx.idempotencyKeys.release(first));
    expect(await claim(claimOf(), OTHER)).toBeNull();
  });

  it('takes a claim over after 30 s, so that the first request keeps nothing any more', async () => {
    const [first, second] = [claimOf(), claimOf()];
    await claim(first);
    await age('29 seconds');
    await expect(claim(second)).rejects.toMatchObject({ code: 'idempotency-key-busy' });
    await age('1 second');
    expect(await claim(second)).toBeNull();
    expect(await keep(first)).toBe(false);
    expect(await keep(second)).toBe(true);
  });

  it('forgets an answer after 24 hours, and deletes a thousand of them at once', async () => {
    const first = claimOf();
    await claim(first);
    await keep(first);
    await age('23 hours 59 minutes');
    expect(await claim(claimOf())).toEqual(ANSWER);
    await age('1 minute');
    expect(await claim(claimOf(), OTHER)).toBeNull();
    await depot.knex.raw(
      `insert into idempotency_keys (user_id, hash, fingerprint, claim, created_at)
       select ?, sha256(n::text::bytea), sha256(''), gen_random_uuid(), now() - interval '1 day'
       from generate_series(1, 1001) as n`,
      [ann.id],
    );
    const forgotten = [];
    for (let round = 0; round < 3; round += 1) {
      forgotten.push(await depot.work.run(async (tx) => tx.idempotencyKeys.forgetExpired()));
    }
    expect([forgotten, await count()]).toEqual([[1000, 1, 0], { count: 1 }]);
  });

  it('has at most a thousand keys of a user, and deletes the oldest', async () => {
    await depot.knex.raw(
      `insert into idempotency_keys (user_id, hash, fingerprint, claim, created_at)
       select ?, sha256(n::text::bytea), sha256(''), gen_random_uuid(), now() - make_interval(mins => n)
       from generate_series(1, 1000) as n`,
      [ann.id],
    );
    await claim(claimOf());
    expect(await count()).toEqual({ count: 1000 });
    const [oldest] = await rowsOf(
      depot.url,
      `select now() - min(created_at) < interval '1000 minutes' as is_younger from idempotency_keys`,
    );
    expect(oldest).toEqual({ is_younger: true });
  });

  it('refuses an answer of more than 16 KiB, and deletes the keys with their user', async () => {
    const first = claimOf();
    await claim(first);
    await expect(keep(first, { ...ANSWER, body: { text: 'x'.repeat(17_000) } })).rejects.toThrow('too large');
    await depot.work.run(async (tx) => tx.users.remove(ann.id));
    expect(await count()).toEqual({ count: 0 });
  });
});
