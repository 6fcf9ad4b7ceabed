const FIELDS = ['q', 'os', 'distribution', 'image_type'] as const;

/** The filters of the library page, as they stand in its address. */
export type LibrarySearch = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

/** Reads the search part of an address; leaves out everything that is not a filter. */
export function readLibrarySearch(search: Readonly<Record<string, unknown>>): LibrarySearch {
  const known = FIELDS.map((field) => [field, search[field]] as const);
  // A version of digits is read from an address as a number.
  const texts = known.filter(([, value]) => typeof value === 'number' || (typeof value === 'string' && value !== ''));
  return Object.fromEntries(texts.map(([field, value]) => [field, String(value)]));
}
