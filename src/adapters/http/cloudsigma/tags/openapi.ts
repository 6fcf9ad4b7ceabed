import { z } from 'zod';
import type { CreateTagsFailure } from '../../../../application/tags/create-tags.ts';
import type { EditTagFailure } from '../../../../application/tags/edit-tag.ts';
import type { RemoveTagFailure } from '../../../../application/tags/remove-tag.ts';
import type { ViewTagFailure } from '../../../../application/tags/view-tag.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { BRIEF_LIST as BRIEF_DRIVES, FULL_LIST as FULL_DRIVES } from '../drives/openapi.ts';
import { allOf, NO_CONTENT, jsonBody, ok, type CloudsigmaCall, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter, listParameters, UUID } from '../openapi/parameters.ts';
import {
  answeredShape,
  objectsOf,
  oneOrMany,
  pageOf,
  referenceResponse,
  resourceSchemaResponse,
} from '../openapi/shapes.ts';
import { BRIEF_LIST as BRIEF_SERVERS, FULL_LIST as FULL_SERVERS } from '../servers/openapi.ts';
import { tagCreateRequest, tagUpdateRequest } from './tag-fields.ts';

const tagResponse = answeredShape('Tag', 'A label of a user for drives and servers.', {
  meta: z.record(z.string(), z.string()),
  name: z.string(),
  owner: referenceResponse,
  resource_uri: z.string(),
  resources: z
    .array(
      z
        .object({
          owner: referenceResponse,
          res_type: z.enum(['drives', 'servers']),
          resource_uri: z.string(),
          uuid: z.uuid(),
        })
        .meta({ id: 'TaggedResource' }),
    )
    .meta({ description: 'The drives and servers with this tag.' }),
  uuid: z.uuid(),
});

const VIEWING = allOf<ViewTagFailure>({ 'tag-not-found': true });

const list: CloudsigmaCall = {
  summary: 'List tags',
  parameters: listParameters('name,uuid'),
  answers: ok('One page of them', pageOf(tagResponse.projected)),
};

/** Returns a list call, restricted to the resources with a tag. */
function tagged(call: CloudsigmaCall, resources: string): CloudsigmaCall {
  return {
    ...call,
    summary: `List the ${resources} with a tag`,
    parameters: [UUID, ...(call.parameters ?? [])],
    failures: VIEWING,
  };
}

export const TAGS: DescribedResource = {
  name: 'tags',
  description: 'Labels of a user for drives and servers. Each is visible only to its creator.',
  calls: {
    'GET /tags/': list,
    'POST /tags/': {
      summary: 'Create tags',
      description: 'Creates one or several, all of them or none.',
      body: jsonBody(oneOrMany(tagCreateRequest), {
        one: { summary: 'One', value: { name: 'scratch' } },
        many: {
          summary: 'Several, one of them on a drive',
          value: {
            objects: [
              { name: 'production', meta: { colour: 'red' } },
              { name: 'disks', resources: [{ uuid: UUID.example }] },
            ],
          },
        },
      }),
      answers: { 201: jsonAnswer('The tags', objectsOf(tagResponse)) },
      failures: allOf<CreateTagsFailure>({
        'too-many-possessions': true,
        'definitions-too-large': true,
        'name-invalid': true,
        'user-not-found': true,
        'resource-not-found': true,
      }),
    },
    'GET /tags/detail/': { ...list, summary: 'List tags, as `/tags/` does' },
    'GET /tags/schema/': {
      summary: 'Describe tags',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
    'GET /tags/{uuid}/': {
      summary: 'View a tag',
      parameters: [UUID, fieldsParameter('name,resources')],
      answers: ok('The tag', tagResponse.projected),
      failures: VIEWING,
    },
    'PUT /tags/{uuid}/': {
      summary: 'Change a tag',
      description: 'Absent fields stay as they are.',
      parameters: [UUID, fieldsParameter('name')],
      body: jsonBody(tagUpdateRequest, {
        name: { summary: 'Another name', value: { name: 'old' } },
        resources: { summary: 'On one drive', value: { resources: [{ uuid: UUID.example }] } },
      }),
      answers: ok('The tag', tagResponse.projected),
      failures: allOf<EditTagFailure>({
        'tag-not-found': true,
        'name-invalid': true,
        'definitions-too-large': true,
        'resource-not-found': true,
      }),
    },
    'DELETE /tags/{uuid}/': {
      summary: 'Delete a tag',
      description: 'The drives and servers with the tag stay.',
      parameters: [UUID],
      answers: NO_CONTENT,
      failures: allOf<RemoveTagFailure>({ 'tag-not-found': true }),
    },
    'GET /tags/{uuid}/drives/': tagged(BRIEF_DRIVES, 'drives'),
    'GET /tags/{uuid}/drives/detail/': tagged(FULL_DRIVES, 'drives'),
    'GET /tags/{uuid}/servers/': tagged(BRIEF_SERVERS, 'servers'),
    'GET /tags/{uuid}/servers/detail/': tagged(FULL_SERVERS, 'servers'),
  },
};
