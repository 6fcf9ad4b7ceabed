import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { LibrarySort, ListLibraryByPage } from '../../../../application/library/list-library-by-page.ts';
import type { LibraryDrive } from '../../../../domain/library/library-drive.ts';
import type { LibraryCondition, LibraryFilter } from '../../../../domain/library/library-search.ts';
import { call } from '../call.ts';
import { parseQuery, searchText } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';

const ORDERS: ListOrders<LibrarySort> = {
  sorts: { created: 'time', name: 'text', size: 'number' },
  id: 'uuid',
  defaultSort: 'name',
};

const FILTERS = {
  os: { field: 'os', match: 'exact' },
  arch: { field: 'arch', match: 'exact' },
  distribution: { field: 'distribution', match: 'exact' },
  version: { field: 'version', match: 'exact' },
  category: { field: 'category', match: 'exact' },
  image_type: { field: 'imageType', match: 'exact' },
  q: { field: 'name', match: 'part' },
} as const satisfies Readonly<Record<string, LibraryFilter>>;

const filter = (description: string): z.ZodOptional<typeof searchText> => searchText.optional().meta({ description });

export const libraryQuery = z.strictObject({
  ...listFields(ORDERS),
  os: filter('The operating system.'),
  arch: filter('The word size of the processor, in bits.'),
  distribution: filter('The distribution of the operating system.'),
  version: filter('Its version.'),
  category: filter('One of the purposes.'),
  image_type: filter('The use, such as `preinst` or `install`.'),
  q: filter('A part of the name, in either case.'),
});

export const libraryResponse = z.object({
  id: z.guid(),
  name: z.string(),
  description: z.string().nullable(),
  pool: z.int(),
  type: z.enum(['ISO', 'DISK']).meta({ description: 'An ISO is attached, a disk is cloned.' }),
  size: z.int(),
  published_at: z.iso.datetime({ precision: 6 }).meta({ description: 'When it was published first.' }),
  os: z.string(),
  arch: z.string(),
  distribution: z.string().nullable(),
  version: z.string().nullable(),
  category: z.array(z.string()),
  image_type: z.string(),
  install_notes: z.string().nullable(),
  default_user: z.string().nullable(),
  url: z.string().meta({ description: 'Empty if there is none.' }),
  paid: z.boolean(),
  favourite: z.boolean(),
  licences: z.array(z.object({ name: z.string(), amount: z.int() })),
});

/** `GET /v1/library` */
export function getLibrary(listLibrary: ListLibraryByPage): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(libraryQuery, request);
    const conditions = Object.entries(FILTERS).flatMap(([name, condition]): readonly LibraryCondition[] => {
      const value = query[name as keyof typeof FILTERS];
      return value === undefined ? [] : [{ ...condition, anyOf: [value] }];
    });
    return listed(
      { request },
      query,
      await listLibrary.run(caller, conditions, keysetTerms(ORDERS, query)),
      libraryWire,
    );
  });
}

function libraryWire({
  id,
  pool,
  type,
  size,
  published,
  facts,
  licences,
}: LibraryDrive): z.input<typeof libraryResponse> {
  return {
    id,
    name: facts.name,
    description: facts.description,
    pool,
    type,
    size,
    published_at: published,
    os: facts.os,
    arch: facts.arch,
    distribution: facts.distribution,
    version: facts.version,
    category: [...facts.category],
    image_type: facts.imageType,
    install_notes: facts.installNotes,
    default_user: facts.defaultUser,
    url: facts.url,
    paid: facts.paid,
    favourite: facts.favourite,
    licences: licences.map(({ licence, amount }) => ({ name: licence.name, amount })),
  };
}
