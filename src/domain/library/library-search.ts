import type { PageTerms } from '../shared/page.ts';

/** What library drives can be looked for by. A category matches when any of a library drive's categories does. */
export type LibraryField = 'arch' | 'category' | 'distribution' | 'id' | 'imageType' | 'name' | 'os' | 'version';

/** One condition on library drives; any of the values will do. */
export interface LibraryCondition {
  readonly field: LibraryField;
  /** `exact` minds upper and lower case; `part` finds the value anywhere in it, in either case, and no character of it means anything but itself. */
  readonly match: 'exact' | 'part';
  readonly anyOf: readonly string[];
}

/** Library drives that somebody looks for. */
export interface LibrarySearch extends PageTerms {
  /** All of them have to hold. */
  readonly conditions: readonly LibraryCondition[];
}
