import { planLibrary, type LibraryRecord } from '../../../src/domain/library/library-plan.ts';
import type { MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { libraryEntry, publishedRecord } from '../../support/fixtures/library-drives.ts';

const [ONE, TWO] = ['1c5f5c1e-0000-4000-8000-000000000001', '1c5f5c1e-0000-4000-8000-000000000002'] as [
  MediaId,
  MediaId,
];
const NOTHING = { unchanged: [], update: [], publish: [], withdraw: [], refused: [] };

const plain = libraryEntry();
const withId = libraryEntry({ id: ONE });
const record = (wanted: Partial<LibraryRecord> = {}): LibraryRecord => ({ ...publishedRecord(plain, ONE), ...wanted });

describe('planLibrary', () => {
  it('is empty for nothing', () => {
    expect(planLibrary([], [])).toEqual(NOTHING);
  });

  it('publishes an entry that is not stored', () => {
    expect(planLibrary([plain], [])).toEqual({ ...NOTHING, publish: [plain] });
  });

  it('leaves an entry that is published as declared', () => {
    expect(planLibrary([plain], [record()])).toEqual({ ...NOTHING, unchanged: [plain] });
    expect(planLibrary([withId], [publishedRecord(withId, ONE)])).toEqual({ ...NOTHING, unchanged: [withId] });
  });

  it('withdraws drives that are not declared, published or arriving, and withdrawn ones no more', () => {
    const records = [
      record(),
      record({ id: TWO, stage: 'arriving', key: 'other' }),
      record({ id: 'three' as MediaId, stage: 'withdrawn' }),
      record({ id: 'four' as MediaId, stage: 'arriving', ready: false }),
    ];
    expect(planLibrary([], records)).toEqual({ ...NOTHING, withdraw: [ONE, TWO] });
  });

  it.each<[string, Parameters<typeof libraryEntry>[0]]>([
    ['a name', { facts: { name: 'Harbour Linux', description: null } }],
    ['a category', { facts: { category: ['webserver', 'general'] } }],
    ['an additional fact', { facts: { meta: { filesystem: 'ext4', kernel: '6' } } }],
    ['another fact', { facts: { meta: { filesystem: 'xfs' } } }],
    ['a licence', { licences: [{ licence: 'core', amount: 1 }] }],
  ])('updates the drive without its bytes for %s that changed', (_what, wanted) => {
    const entry = libraryEntry(wanted);
    expect(planLibrary([entry], [record()])).toEqual({ ...NOTHING, update: [{ entry, id: ONE }] });
  });

  it('updates the drive without its bytes for an amount that changed', () => {
    const entry = libraryEntry({ licences: [{ licence: 'core', amount: 2 }] });
    const before = record({ licences: [{ licence: 'core', amount: 1 }] });
    expect(planLibrary([entry], [before])).toEqual({ ...NOTHING, update: [{ entry, id: ONE }] });
  });

  it.each<[string, Partial<LibraryRecord>]>([
    ['bytes', { sha256: 'b'.repeat(64) }],
    ['pool', { pool: 2 as PoolId }],
    ['medium', { type: 'ISO' }],
  ])('publishes another %s under a new id, and keeps the old drive until then', (_what, before) => {
    expect(planLibrary([plain], [record(before)])).toEqual({ ...NOTHING, publish: [plain] });
  });

  it('refuses other bytes for an id that is taken, and keeps the old drive', () => {
    const before = { ...publishedRecord(withId, ONE), sha256: 'b'.repeat(64) };
    expect(planLibrary([withId], [before])).toEqual({ ...NOTHING, refused: [withId] });
  });

  it('publishes an entry again if the bytes for its id never arrived', () => {
    const before = record({ key: ONE, stage: 'arriving', ready: false, sha256: null });
    expect(planLibrary([withId], [before])).toEqual({ ...NOTHING, publish: [withId] });
  });

  it.each<LibraryRecord['stage']>(['arriving', 'withdrawn'])(
    'updates a drive that is only %s, if its bytes are stored',
    (stage) => {
      expect(planLibrary([plain], [record({ stage })])).toEqual({ ...NOTHING, update: [{ entry: plain, id: ONE }] });
    },
  );

  it('prefers a published drive to one that is arriving, and withdraws the rest', () => {
    const records = [record({ id: TWO, stage: 'arriving' }), record()];
    expect(planLibrary([plain], records)).toEqual({ ...NOTHING, unchanged: [plain], withdraw: [TWO] });
  });

  it('recognises a drive whose entry now declares its id', () => {
    expect(planLibrary([withId], [record()])).toEqual({ ...NOTHING, update: [{ entry: withId, id: ONE }] });
  });

  it('tells two entries of one name apart by the id of one', () => {
    const records = [record(), publishedRecord(libraryEntry({ id: TWO }), TWO)];
    const entries = [plain, libraryEntry({ id: TWO })];
    expect(planLibrary(entries, records)).toEqual({ ...NOTHING, unchanged: entries });
  });
});
