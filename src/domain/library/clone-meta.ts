import type { LibraryFacts } from './library-drive.ts';

/**
 * Returns the `meta` of a clone of a library drive: its own, and the facts that are not empty
 * (docs/cloudsigma.md#drives).
 */
export function metaOfClone(facts: LibraryFacts): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string | null>> = {
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
  const present = Object.entries(all).filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
  return { ...facts.meta, ...Object.fromEntries(present) };
}
