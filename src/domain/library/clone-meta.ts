import type { LibraryFacts } from './library-drive.ts';

/**
 * What a clone of a library drive keeps of its facts, in its own texts: those that there are
 * (docs/cloudsigma.md#drives).
 */
export function metaOfClone(facts: LibraryFacts): Readonly<Record<string, string>> {
  const known: Readonly<Record<string, string | null>> = {
    os: facts.os,
    arch: facts.arch,
    distribution: facts.distribution,
    version: facts.version,
    default_user: facts.defaultUser,
    'install notes': facts.installNotes,
    url: facts.url,
    description: facts.description,
    image_type: facts.imageType,
    category: facts.category.join(','),
    paid: String(facts.paid),
    favorite: String(facts.favourite),
  };
  const there = Object.entries(known).filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
  return { ...facts.meta, ...Object.fromEntries(there) };
}
