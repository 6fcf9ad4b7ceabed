import type { PageTerms } from '../shared/page.ts';

/**
 * What library drives can be looked for by. A category matches when any of a library drive's
 * categories does.
 */
export type LibraryField = 'arch' | 'category' | 'distribution' | 'id' | 'imageType' | 'name' | 'os' | 'version';

/**
 * What a condition looks at. `exact` tells upper from lower case; `part` finds the value anywhere
 * in the name, in either case as `foldCase` has it, and no character of it means anything but
 * itself.
 */
export type LibraryFilter =
  { readonly field: LibraryField; readonly match: 'exact' } | { readonly field: 'name'; readonly match: 'part' };

/** One condition on library drives; any of the values will do. */
export type LibraryCondition = LibraryFilter & { readonly anyOf: readonly string[] };

/** Library drives that somebody looks for. */
export interface LibrarySearch extends PageTerms {
  /** All of them have to hold. */
  readonly conditions: readonly LibraryCondition[];
}
