import type { TagView } from '../../../../application/tags/tag-view.ts';
import type { Projectable } from '../fields.ts';
import { reference, uriOf } from '../wire.ts';

type Resource = TagView['resources'][number];

/** The wire name of each kind of resource. */
const RESOURCES: Readonly<Record<Resource['kind'], string>> = { media: 'drives', server: 'servers' };

/** Returns a tag as the wire has it (tests/fixtures/cloudsigma/response_tags_get.http). */
export function tagWire({ id, owner, name, meta, resources }: TagView): Projectable {
  return {
    meta,
    name,
    owner: reference('user', owner),
    resource_uri: uriOf('tags', id),
    resources: resources.map(resourceWire),
    uuid: id,
  };
}

function resourceWire({ kind, id, owner }: Resource): Projectable {
  const type = RESOURCES[kind];
  return { owner: reference('user', owner), res_type: type, ...reference(type, id) };
}
