import type { UserId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const NOBODY = 77 as UserId;

describe.each(UNITS_OF_WORK)('ProfileRepository in $store', ({ open }) => {
  let depot: TestDepot;
  let ann: UserId;
  let bob: UserId;
  beforeEach(async () => {
    depot = await open();
    [ann, bob] = await depot.work.run(async (tx) => [
      (await tx.users.insert('ann', 'hash')).id,
      (await tx.users.insert('bob', 'hash')).id,
    ]);
  });
  afterEach(async () => depot.close());

  it('returns a default profile for a new user', async () => {
    const before = await depot.work.run(async (tx) => tx.profiles.find(ann));
    expect(before).toEqual({ firstName: '', lastName: '', cloneNaming: 'NONE', since: expect.any(Date) as Date });
  });

  it('updates the given fields of one user, and returns the whole profile', async () => {
    await depot.work.run(async (tx) => {
      const { since } = (await tx.profiles.find(ann))!;
      const first = await tx.profiles.change(ann, { firstName: 'Ann', cloneNaming: 'DATE' });
      expect(first).toEqual({ firstName: 'Ann', lastName: '', cloneNaming: 'DATE', since });
      const second = await tx.profiles.change(ann, { firstName: '', lastName: 'Ås' });
      expect(second).toEqual({ firstName: '', lastName: 'Ås', cloneNaming: 'DATE', since });
      expect(await tx.profiles.change(ann, {})).toEqual(second);
      expect(await tx.profiles.find(ann)).toEqual(second);
      expect(await tx.profiles.find(bob)).toMatchObject({ firstName: '', lastName: '', cloneNaming: 'NONE' });
    });
  });

  it('returns null for a missing user, and changes no profile', async () => {
    await depot.work.run(async (tx) => {
      expect(await tx.profiles.find(NOBODY)).toBeNull();
      expect(await tx.profiles.change(NOBODY, { firstName: 'Nobody' })).toBeNull();
      expect(await tx.profiles.find(ann)).toMatchObject({ firstName: '' });
    });
  });
});
