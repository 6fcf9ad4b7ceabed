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
  return call(async (context) => bare(context, tagWire(await view.run(context.caller, tagId(context)))));
}

/** `PUT /tags/{uuid}/` */
export function putTag(edit: EditTag): RequestHandler {
  return call(async (context) => {
    const changes = parseBody(tagUpdateRequest, context.request.body);
    return bare(context, tagWire(await edit.run(context.caller, tagId(context), changes)));
  });
}

/** `DELETE /tags/{uuid}/` */
export function deleteTag(remove: RemoveTag): RequestHandler {
  return call(async (context) => {
    await remove.run(context.caller, tagId(context));
    return NO_CONTENT;
  });
}

/**
 * Resolves with the tag in a path such as `/tags/{uuid}/drives/`, after the check that it is the
 * caller's.
 */
export function tagIn(view: ViewTag): (context: Call) => Promise<readonly string[]> {
  return async (context) => [(await view.run(context.caller, tagId(context))).id];
}

function tagId({ request }: Call): TagId | null {
  return idFrom(request.params.uuid) as TagId | null;
}
