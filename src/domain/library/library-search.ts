import type { PageTerms } from '../shared/page.ts';

/** The fields to search by. A category matches if any category of the drive does. */
export type LibraryField = 'arch' | 'category' | 'distribution' | 'id' | 'imageType' | 'name' | 'os' | 'version';

/**
 * How a value is compared: `exact` is case-sensitive; `part` finds the value anywhere in the name,
 * in either case (`foldCase`), without wildcards.
 */
export type LibraryFilter =
  { readonly field: LibraryField; readonly match: 'exact' } | { readonly field: 'name'; readonly match: 'part' };

/** A condition on a field; any of the values may match. */
export type LibraryCondition = LibraryFilter & { readonly anyOf: readonly string[] };

/** A search for library drives. */
export interface LibrarySearch extends PageTerms {
  /** All of them must hold. */
  readonly conditions: readonly LibraryCondition[];
}
