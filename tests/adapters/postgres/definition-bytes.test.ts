import { randomUUID } from 'node:crypto';
import { definitionBytes } from '../../../src/adapters/postgres/migrations/0031-definition-bytes.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { insertReady, makePools } from '../../contracts/media-depot.ts';
import { openTestDepot, type TestDepot } from '../../support/fixtures/test-depot.ts';
import { makeUser } from '../../support/fixtures/users.ts';

describe('The migration that counts the bytes of definitions', () => {
  let depot: TestDepot;
  let ann: Caller;
  let ben: Caller;
  let media: MediaId;
  beforeEach(async () => {
    depot = await openTestDepot();
    await makePools(depot);
    [ann, ben] = [await makeUser(depot, 'ann'), await makeUser(depot, 'ben')];
    media = await depot.work.run(async (tx) => insertReady(tx, { createdBy: ben.uuid }));
  });
  afterEach(async () => depot.close());

  const run = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await depot.knex.raw(statement);
  };
  const bytesOf = async (user: Caller): Promise<number> =>
    depot.work.run(async (tx) => tx.definitions.bytesOf(user.uuid));

  it('counts existing definitions, and labels for the users that created the items', async () => {
    await run(definitionBytes.down);
    const server = { id: randomUUID(), owner: ann.uuid, name: 'web', cpu: 1, memory: 1, screen_password: 'pw' };
    await depot.knex('servers').insert({ ...server, meta: '{"a":"b"}', kept: '{}' });
    await depot.knex('tags').insert({ id: randomUUID(), owner: ann.uuid, name: 'tag', meta: '{"c":"\u00e9"}' });
    await depot.knex('media_labels').insert({ media_id: media, label: 'label', meta: '{"d":"e"}' });
    await run(definitionBytes.up);
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([3 + 2 + 10 + 2 + (3 + 11), 5 + 10 + 2]);
    await run(definitionBytes.down);
    await run(definitionBytes.up);
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([31, 17]);
  });

  it('counts servers and tags of an older version at once, and its labels once they are written again', async () => {
    await depot.knex('tags').insert({ id: randomUUID(), owner: ann.uuid, name: 'tag', meta: '{}' });
    await depot.knex('media_labels').insert({ media_id: media, label: 'label' });
    expect([await bytesOf(ann), await bytesOf(ben)]).toEqual([5, 0]);
    const label = { text: 'label', meta: {}, shareable: false, affinities: [] };
    await depot.work.run(async (tx) => tx.labels.store(media, label, ben.uuid));
    expect(await bytesOf(ben)).toBe(9);
  });
});
