import type { LibraryEntry, LibraryFacts } from '../../src/domain/library/library-drive.ts';
import type { LibraryRecord } from '../../src/domain/library/library-plan.ts';
import type { Licence } from '../../src/domain/library/licence.ts';
import type { MediaId, PoolId } from '../../src/domain/shared/ids.ts';

/** Everything that can be said of a library drive, with whatever a test wants otherwise. */
export function libraryFacts(wanted: Partial<LibraryFacts> = {}): LibraryFacts {
  return {
    name: 'Harbour Linux',
    description: 'What it is',
    os: 'linux',
    arch: '64',
    distribution: 'Harbour',
    version: '3.10',
    category: ['general', 'webserver'],
    imageType: 'preinst',
    installNotes: 'Clone it.\nStart it.',
    paid: false,
    favourite: true,
    url: 'https://harbour.example/',
    defaultUser: 'harbour',
    meta: { filesystem: 'ext4' },
    ...wanted,
  };
}

/** A declared library drive, with whatever a test wants otherwise. */
export function libraryEntry({
  facts,
  ...wanted
}: Partial<Omit<LibraryEntry, 'facts'>> & { readonly facts?: Partial<LibraryFacts> } = {}): LibraryEntry {
  return {
    id: null,
    pool: 1 as PoolId,
    type: 'DISK',
    sha256: 'a'.repeat(64),
    source: { kind: 'file', path: '/nowhere' },
    licences: [],
    facts: libraryFacts(facts),
    ...wanted,
  };
}

/** What is stored of an entry that was published. */
export function publishedRecord(entry: LibraryEntry, id: string): LibraryRecord {
  const { pool, type, sha256, facts, licences } = entry;
  return {
    id: id as MediaId,
    key: entry.id ?? facts.name,
    stage: 'published',
    ready: true,
    pool,
    type,
    sha256,
    facts,
    licences,
  };
}

export function licenceNamed(name: string, number: number): Licence {
  return {
    name,
    number,
    longName: `The licence ${name}`,
    type: 'instance',
    burstable: number % 2 === 0,
    userMetric: 'smp',
  };
}
