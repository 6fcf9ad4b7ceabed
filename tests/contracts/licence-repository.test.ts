import type { Licence, LicenceNeed } from '../../src/domain/library/licence.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';
import { licenceNamed } from '../support/fixtures/library-drives.ts';
import { insertReady, makePools } from './media-depot.ts';
import { UNITS_OF_WORK } from './units-of-work.ts';

const [CORE, SITE, WEB] = [licenceNamed('core', 12), licenceNamed('site', 13), licenceNamed('web', 14)];
const EVERYTHING = { limit: null, offset: 0 };

describe.each(UNITS_OF_WORK)('LicenceRepository in $store', ({ open }) => {
  let depot: TestDepot;
  beforeEach(async () => {
    depot = await open();
    await makePools(depot);
  });
  afterEach(async () => depot.close());

  const declare = async (
    ...licences: readonly (Omit<Licence, 'number'> & { number: number | null })[]
  ): Promise<void> => depot.work.run(async (tx) => tx.licences.declare(licences));
  const numbers = async (): Promise<readonly [string, number][]> =>
    depot.work.run(async (tx) => (await tx.licences.all()).map(({ name, number }) => [name, number]));
  const mediaThatNeed = async (...needs: readonly LicenceNeed[]): Promise<MediaId> =>
    depot.work.run(async (tx) => {
      const id = await insertReady(tx);
      await tx.licences.bind(id, needs);
      return id;
    });

  it('lists declared licences by name, as last declared', async () => {
    await declare(SITE, { ...CORE, longName: 'old', burstable: false, type: 'old', userMetric: 'old' });
    await declare(CORE, SITE);
    await depot.work.run(async (tx) => {
      expect(await tx.licences.list(EVERYTHING)).toEqual({ total: 2, items: [CORE, SITE] });
      expect(await tx.licences.all()).toEqual([CORE, SITE]);
    });
  });

  it('lists a page, with the total', async () => {
    await declare(CORE, SITE, WEB);
    await depot.work.run(async (tx) => {
      expect(await tx.licences.list({ limit: 1, offset: 1 })).toEqual({ total: 3, items: [SITE] });
      expect(await tx.licences.list({ limit: 5, offset: 2 })).toEqual({ total: 3, items: [WEB] });
      expect(await tx.licences.list({ limit: 5, offset: 9 })).toEqual({ total: 3, items: [] });
      expect(await tx.licences.list({ limit: null, offset: 1 })).toEqual({ total: 3, items: [SITE, WEB] });
    });
  });

  it('assigns the next number to licences without one, permanently', async () => {
    await declare({ ...CORE, number: null }, SITE, { ...WEB, number: null });
    expect(await numbers()).toEqual([
      ['core', 14],
      ['site', 13],
      ['web', 15],
    ]);
    await declare({ ...WEB, number: null }, { ...CORE, number: null }, { ...SITE, number: null });
    expect(await numbers()).toEqual([
      ['core', 14],
      ['site', 13],
      ['web', 15],
    ]);
  });

  it('lets two licences exchange their numbers', async () => {
    await declare(CORE, SITE);
    await declare({ ...CORE, number: 13 }, { ...SITE, number: 12 });
    expect(await numbers()).toEqual([
      ['core', 13],
      ['site', 12],
    ]);
  });

  it('keeps withdrawn licences while items need them', async () => {
    await declare(CORE, SITE);
    const media = await mediaThatNeed({ licence: 'core', amount: 3 });
    await declare();
    await depot.work.run(async (tx) => {
      await tx.licences.forgetUnneeded();
      expect(await tx.licences.list(EVERYTHING)).toEqual({ total: 0, items: [] });
      expect(await tx.licences.all()).toEqual([CORE]);
      expect(await tx.licences.neededBy([media])).toEqual(new Map([[media, [{ licence: CORE, amount: 3 }]]]));
      await tx.media.beginRemoval(media);
      await tx.media.forget(media);
      await tx.licences.forgetUnneeded();
      expect(await tx.licences.all()).toEqual([]);
    });
  });

  it('replaces the licences of an item, and returns those of many items', async () => {
    await declare(CORE, SITE, WEB);
    const first = await mediaThatNeed({ licence: 'web', amount: 1 }, { licence: 'core', amount: 2 });
    const second = await mediaThatNeed({ licence: 'site', amount: 1 });
    const third = await mediaThatNeed();
    await depot.work.run(async (tx) => {
      await tx.licences.bind(second, [{ licence: 'web', amount: 7 }]);
      expect(await tx.licences.neededBy([first, second, third])).toEqual(
        new Map([
          [
            first,
            [
              { licence: CORE, amount: 2 },
              { licence: WEB, amount: 1 },
            ],
          ],
          [second, [{ licence: WEB, amount: 7 }]],
        ]),
      );
      expect(await tx.licences.neededBy([])).toEqual(new Map());
    });
  });

  it('adds the licences of the source to those of a clone', async () => {
    await declare(CORE, SITE, WEB);
    const source = await mediaThatNeed({ licence: 'core', amount: 2 }, { licence: 'web', amount: 1 });
    const clone = await mediaThatNeed({ licence: 'site', amount: 1 }, { licence: 'web', amount: 4 });
    await depot.work.run(async (tx) => {
      await tx.licences.inherit(clone, source);
      expect((await tx.licences.neededBy([clone])).get(clone)).toEqual([
        { licence: CORE, amount: 2 },
        { licence: SITE, amount: 1 },
        { licence: WEB, amount: 4 },
      ]);
    });
  });
});
