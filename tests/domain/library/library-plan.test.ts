import { planLibrary, type LibraryRecord } from '../../../src/domain/library/library-plan.ts';
import type { MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { libraryEntry, publishedRecord } from '../../support/fixtures/library-drives.ts';

const [ONE, TWO] = ['1c5f5c1e-0000-4000-8000-000000000001', '1c5f5c1e-0000-4000-8000-000000000002'] as [
  MediaId,
  MediaId,
];
const NOTHING = { unchanged: [], settle: [], publish: [], withdraw: [], refused: [] };

const plain = libraryEntry();
const withId = libraryEntry({ id: ONE });
const record = (wanted: Partial<LibraryRecord> = {}): LibraryRecord => ({ ...publishedRecord(plain, ONE), ...wanted });

describe('The plan for a library', () => {
  it('is empty for nothing', () => {
    expect(planLibrary([], [])).toEqual(NOTHING);
  });

  it('brings what is not there', () => {
    expect(planLibrary([plain], [])).toEqual({ ...NOTHING, publish: [plain] });
  });

  it('leaves alone what is as declared', () => {
    expect(planLibrary([plain], [record()])).toEqual({ ...NOTHING, unchanged: [plain] });
    expect(planLibrary([withId], [publishedRecord(withId, ONE)])).toEqual({ ...NOTHING, unchanged: [withId] });
  });

  it('withdraws what is not declared, whether published or only brought, and nothing twice', () => {
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
    ['a fact more', { facts: { meta: { filesystem: 'ext4', kernel: '6' } } }],
    ['another fact', { facts: { meta: { filesystem: 'xfs' } } }],
    ['a licence', { licences: [{ licence: 'core', amount: 1 }] }],
  ])('brings no bytes for %s that changed', (_what, wanted) => {
    const entry = libraryEntry(wanted);
    expect(planLibrary([entry], [record()])).toEqual({ ...NOTHING, settle: [{ entry, id: ONE }] });
  });

  it('brings no bytes for an amount that changed', () => {
    const entry = libraryEntry({ licences: [{ licence: 'core', amount: 2 }] });
    const before = record({ licences: [{ licence: 'core', amount: 1 }] });
    expect(planLibrary([entry], [before])).toEqual({ ...NOTHING, settle: [{ entry, id: ONE }] });
  });

  it.each<[string, Partial<LibraryRecord>]>([
    ['bytes', { sha256: 'b'.repeat(64) }],
    ['pool', { pool: 2 as PoolId }],
    ['medium', { type: 'ISO' }],
  ])('brings another %s under a new id, and keeps what was there until then', (_what, before) => {
    expect(planLibrary([plain], [record(before)])).toEqual({ ...NOTHING, publish: [plain] });
  });

  it('refuses other bytes for an id that is taken, and keeps what was there', () => {
    const before = { ...publishedRecord(withId, ONE), sha256: 'b'.repeat(64) };
    expect(planLibrary([withId], [before])).toEqual({ ...NOTHING, refused: [withId] });
  });

  it('tries again where the bytes for an id never arrived', () => {
    const before = record({ key: ONE, stage: 'arriving', ready: false, sha256: null });
    expect(planLibrary([withId], [before])).toEqual({ ...NOTHING, publish: [withId] });
  });

  it.each<LibraryRecord['stage']>(['arriving', 'withdrawn'])('publishes bytes that are there, if only %s', (stage) => {
    expect(planLibrary([plain], [record({ stage })])).toEqual({ ...NOTHING, settle: [{ entry: plain, id: ONE }] });
  });

  it('takes what is published before what only arrived, and withdraws the rest', () => {
    const records = [record({ id: TWO, stage: 'arriving' }), record()];
    expect(planLibrary([plain], records)).toEqual({ ...NOTHING, unchanged: [plain], withdraw: [TWO] });
  });

  it('knows a library drive again that is given the id that it has', () => {
    expect(planLibrary([withId], [record()])).toEqual({ ...NOTHING, settle: [{ entry: withId, id: ONE }] });
  });

  it('tells two of one name apart by the id of one', () => {
    const records = [record(), publishedRecord(libraryEntry({ id: TWO }), TWO)];
    const entries = [plain, libraryEntry({ id: TWO })];
    expect(planLibrary(entries, records)).toEqual({ ...NOTHING, unchanged: entries });
  });
});
