import type { TokenId } from '../../src/domain/access/api-token.ts';
import type { User } from '../../src/application/ports/user-repository.ts';
import { ROOT_GROUP } from '../../src/domain/shared/ids.ts';
import type { KeysetTerms } from '../../src/domain/shared/keyset.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const hash = (at: number): string => at.toString(16).padStart(64, '0');
const ORDER = { name: 'a script', scope: 'read', groups: null, expiresAt: null } as const;
const FIRST: KeysetTerms<'created'> = { limit: 2, sort: 'created', isDescending: false, after: null, counts: true };

describe.each(UNITS_OF_WORK)('ApiTokenRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: User;
  beforeEach(async () => {
    depot = await open();
    ann = await depot.work.run(async (tx) => tx.users.insert('ann', 'hash'));
  });
  afterEach(async () => depot.close());

  it('stores a token, and returns its user and its terms while it is valid', async () => {
    await depot.work.run(async (tx) => {
      const { id } = await tx.apiTokens.insert(hash(1), ann.id, { ...ORDER, groups: [ROOT_GROUP] });
      const found = await tx.apiTokens.find(hash(1));
      expect(found).toMatchObject({ caller: { id: ann.id, token: { id } }, token: { scope: 'read', groups: [0] } });
      expect(await tx.apiTokens.find(hash(2))).toBeNull();
      await tx.apiTokens.insert(hash(3), ann.id, { ...ORDER, expiresAt: new Date(Date.now() - 60_000) });
      expect(await tx.apiTokens.find(hash(3))).toBeNull();
    });
  });

  it('records a use at most once a minute', async () => {
    const used = async (): Promise<unknown> => rowsOf(depot.url, 'select used_at from api_tokens');
    await depot.work.run(async (tx) => tx.apiTokens.insert(hash(1), ann.id, ORDER));
    expect(await used()).toEqual([{ used_at: null }]);
    expect(await depot.work.read(async (tx) => tx.apiTokens.find(hash(1)))).toMatchObject({ isUnused: true });
    await depot.work.run(async (tx) => tx.apiTokens.use(hash(1)));
    const first = await used();
    expect(await depot.work.read(async (tx) => tx.apiTokens.find(hash(1)))).toMatchObject({ isUnused: false });
    await depot.work.run(async (tx) => tx.apiTokens.use(hash(1)));
    expect(await used()).toEqual(first);
  });

  it('lists the tokens of one user page by page, and deletes one', async () => {
    const bob = await depot.work.run(async (tx) => tx.users.insert('bob', 'hash'));
    const ids: TokenId[] = [];
    for (const at of [1, 2, 3]) {
      ids.push((await depot.work.run(async (tx) => tx.apiTokens.insert(hash(at), ann.id, ORDER))).id);
    }
    await depot.work.run(async (tx) => tx.apiTokens.insert(hash(4), bob.id, ORDER));
    const first = await depot.work.read(async (tx) => tx.apiTokens.page(ann.id, FIRST));
    expect([first.items.map(({ id }) => id), first.total]).toEqual([ids.slice(0, 2), 3]);
    const second = await depot.work.read(async (tx) => tx.apiTokens.page(ann.id, { ...FIRST, after: first.last }));
    expect([second.items.map(({ id }) => id), second.last]).toEqual([ids.slice(2), null]);
    await depot.work.run(async (tx) => {
      expect(await tx.apiTokens.remove(bob.id, ids[0]!)).toBe(false);
      expect(await tx.apiTokens.remove(ann.id, ids[0]!)).toBe(true);
      expect(await tx.apiTokens.find(hash(1))).toBeNull();
    });
  });
});
