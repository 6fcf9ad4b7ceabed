import type { RequestHandler } from 'express';
import type { EditTag } from '../../../../application/tags/edit-tag.ts';
import type { RemoveTag } from '../../../../application/tags/remove-tag.ts';
import type { ViewTag } from '../../../../application/tags/view-tag.ts';
import type { TagId } from '../../../../domain/shared/ids.ts';
import { bare, call, NO_CONTENT, type Call } from '../call.ts';
import { idFrom } from '../sent-reference.ts';
import { parseBody } from '../wire.ts';
import { tagUpdateRequest } from './tag-fields.ts';
import { tagWire } from './tag-wire.ts';

/** `GET /tags/{uuid}/` */
export function getTag(view: ViewTag): RequestHandler {
  return call(async (asked) => bare(asked, tagWire(await view.run(asked.caller, tagId(asked)))));
}

/** `PUT /tags/{uuid}/` */
export function putTag(edit: EditTag): RequestHandler {
  return call(async (asked) => {
    const changes = parseBody(tagUpdateRequest, asked.request.body);
    return bare(asked, tagWire(await edit.run(asked.caller, tagId(asked), changes)));
  });
}

/** `DELETE /tags/{uuid}/` */
export function deleteTag(remove: RemoveTag): RequestHandler {
  return call(async (asked) => {
    await remove.run(asked.caller, tagId(asked));
    return NO_CONTENT;
  });
}

/**
 * Resolves with the tag in a path such as `/tags/{uuid}/drives/`, after the check that it is the
 * caller's.
 */
export function tagIn(view: ViewTag): (asked: Call) => Promise<readonly string[]> {
  return async (asked) => [(await view.run(asked.caller, tagId(asked))).id];
}

function tagId({ request }: Call): TagId | null {
  return idFrom(request.params.uuid) as TagId | null;
}
