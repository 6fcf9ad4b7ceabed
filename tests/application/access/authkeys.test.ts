import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { Authenticate } from '../../../src/application/access/authenticate.ts';
import { RevokeAuthkey } from '../../../src/application/access/revoke-authkey.ts';
import { DeleteExpiredAuthkeys } from '../../../src/application/access/delete-expired-authkeys.ts';
import { RotateAuthkey } from '../../../src/application/access/rotate-authkey.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeUser } from '../../support/fixtures/users.ts';

const random = new NodeRandom();
let depot: TestDepot;
let ann: Caller;
beforeEach(async () => {
  depot = await openTestDepot();
  const { id, uuid, name } = await makeUser(depot, 'ann');
  ann = { id, uuid, name, tenant: WITHOUT_HOME };
});
afterEach(async () => depot.close());

async function keyFor(seconds: number): Promise<string> {
  const authkey = random.authkey();
  await depot.work.run(async (tx) =>
    tx.authkeys.insert(
      random.hashOf(authkey),
      ann.id,
      { lifetimeSeconds: seconds, maxSecondsSinceLogin: 86_400, maxPerUser: 10 },
      null,
    ),
  );
  return authkey;
}

async function whoIs(authkey: string | null): Promise<Caller> {
  return new Authenticate(depot.work, random).run(authkey);
}

describe('Authenticate', () => {
  it('returns the user of an authkey', async () => {
    expect(await whoIs(await keyFor(600))).toEqual(ann);
  });

  it('fails alike for a missing, an unknown and an expired authkey', async () => {
    for (const authkey of [null, '', 'unknown', '\0', await keyFor(-2)]) {
      await expect(whoIs(authkey)).rejects.toMatchObject({ code: 'not-authenticated' });
    }
  });
});

describe('RotateAuthkey', () => {
  async function swap(authkey: string): Promise<string> {
    return (await new RotateAuthkey(depot.work, random, { lifetimeSeconds: 600, maxPerUser: 10 }).run(authkey)).authkey;
  }

  it('replaces a valid authkey by a new one of the same user and revokes the old one at once', async () => {
    const old = await keyFor(600);
    const fresh = await swap(old);
    expect(await whoIs(fresh)).toEqual(ann);
    await expect(whoIs(old)).rejects.toMatchObject({ code: 'not-authenticated' });
  });

  it('rotates an authkey for one of several concurrent requests; for the others it is unknown', async () => {
    const old = await keyFor(600);
    const answers = await Promise.allSettled(Array.from({ length: 8 }, async () => swap(old)));
    const won = answers.filter((answer) => answer.status === 'fulfilled');
    const lost = answers.filter((answer) => answer.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(await whoIs(won[0]!.value)).toEqual(ann);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'authkey-unknown' });
    expect(await depot.knex('authkeys').select()).toHaveLength(1);
  });

  it('distinguishes an expired authkey from an unknown one', async () => {
    await expect(swap(await keyFor(-2))).rejects.toMatchObject({ code: 'authkey-expired' });
    await expect(swap('unknown')).rejects.toMatchObject({ code: 'authkey-unknown' });
  });
});

describe('RevokeAuthkey', () => {
  it('revokes an authkey, and ignores one that does not exist', async () => {
    const drop = new RevokeAuthkey(depot.work, random);
    const authkey = await keyFor(600);
    await drop.run(authkey);
    await drop.run(authkey);
    await expect(whoIs(authkey)).rejects.toMatchObject({ code: 'not-authenticated' });
  });
});

describe('DeleteExpiredAuthkeys', () => {
  it('keeps an expired authkey for a day', async () => {
    await keyFor(600);
    await keyFor(-86_000);
    for (let key = 0; key < 3; key += 1) await keyFor(-86_500);
    expect(await new DeleteExpiredAuthkeys(depot.work).run()).toBe(3);
    expect(await depot.knex('authkeys').select()).toHaveLength(2);
  });
});
