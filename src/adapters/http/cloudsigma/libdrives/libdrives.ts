import type { Request, RequestHandler } from 'express';
import type { ListLibrary } from '../../../../application/library/list-library.ts';
import type { ViewLibraryDrive } from '../../../../application/library/view-library-drive.ts';
import type { LibraryCondition, LibraryFilter } from '../../../../domain/library/library-search.ts';
import type { MediaId } from '../../../../domain/shared/ids.ts';
import { bare, call } from '../call.ts';
import { filtersOf, listed, pageOf } from '../listing.ts';
import { idFrom } from '../sent-reference.ts';
import { libdriveWire } from './libdrive-wire.ts';

/** The filters of the schema, with their fields. */
export const FILTERS: Readonly<Record<string, LibraryFilter>> = {
  arch: { field: 'arch', match: 'exact' },
  category: { field: 'category', match: 'exact' },
  distribution: { field: 'distribution', match: 'exact' },
  image_type: { field: 'imageType', match: 'exact' },
  name: { field: 'name', match: 'exact' },
  name__icontains: { field: 'name', match: 'part' },
  os: { field: 'os', match: 'exact' },
  uuid: { field: 'id', match: 'exact' },
  version: { field: 'version', match: 'exact' },
};

/** `GET /libdrives/` and `GET /libdrives/detail/`, with the same answer. */
export function getLibdrives(listLibrary: ListLibrary): RequestHandler {
  return call(async ({ caller, request }) => {
    const page = pageOf(request);
    const { total, items } = await listLibrary.run(caller, {
      conditions: conditionsOf(request),
      offset: page.offset,
      limit: page.limit === 0 ? null : page.limit,
    });
    return listed(request, page, total, items.map(libdriveWire));
  });
}

/** `GET /libdrives/{uuid}/` */
export function getLibdrive(viewLibraryDrive: ViewLibraryDrive): RequestHandler {
  return call(async (context) => {
    const id = idFrom(context.request.params.uuid) as MediaId | null;
    return bare(context, libdriveWire(await viewLibraryDrive.run(context.caller, id)));
  });
}

function conditionsOf(request: Request): readonly LibraryCondition[] {
  const filters = filtersOf(request, Object.keys(FILTERS));
  return Object.entries(FILTERS).flatMap(([name, condition]) =>
    (filters[name] ?? []).map((anyOf) => ({ ...condition, anyOf })),
  );
}
