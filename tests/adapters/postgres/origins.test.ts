import { randomUUID } from 'node:crypto';
import { origins } from '../../../src/adapters/postgres/migrations/0030-origins.ts';
import { ROOT_GROUP, type UserId } from '../../../src/domain/shared/ids.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeRoot } from '../../support/fixtures/users.ts';

describe('The migration to origins', () => {
  let depot: TestDepot;
  let root: string;
  beforeEach(async () => {
    depot = await openTestDepot();
    root = (await makeRoot(depot)).uuid;
    for (const statement of origins.down) await depot.knex.raw(statement);
  });
  afterEach(async () => depot.close());

  async function make(name: string, createdBy: string | null): Promise<string> {
    const uuid = randomUUID();
    await depot.knex('users').insert({ uuid, name, password_hash: 'no hash', created_by: createdBy });
    return uuid;
  }

  /** Returns the origin of each user after the migration. */
  async function migrated(): Promise<Readonly<Record<string, string | null>>> {
    for (const statement of origins.up) await depot.knex.raw(statement);
    const rows = await depot.knex<{ name: string; origin: string | null }>('users').select('name', 'origin');
    return Object.fromEntries(rows.map(({ name, origin }) => [name, origin]));
  }

  it('finds the user that an operator created, through any number of users in between', async () => {
    const ann = await make('ann', root);
    const bob = await make('bob', ann);
    await make('cat', bob);
    const dan = await make('dan', null);
    await make('eve', dan);
    expect(await migrated()).toEqual({ root: null, ann: null, bob: ann, cat: ann, dan: null, eve: dan });
  });

  it('starts anew below a deleted creator', async () => {
    const ann = await make('ann', randomUUID());
    await make('bob', ann);
    expect(await migrated()).toEqual({ root: null, ann: null, bob: ann });
  });

  it('starts anew below an operator that a user created, which still comes from that user', async () => {
    const ann = await make('ann', root);
    const operator = await make('operator', ann);
    const { id } = (await depot.knex<{ uuid: string; id: UserId }>('users').where({ uuid: operator }).first('id'))!;
    const permission = 'velocity.user.assign';
    await depot.work.run(async (tx) => tx.grants.grant({ user: id, group: ROOT_GROUP, permission }));
    const bob = await make('bob', operator);
    await make('cat', bob);
    expect(await migrated()).toEqual({ root: null, ann: null, operator: ann, bob: null, cat: bob });
  });
});
