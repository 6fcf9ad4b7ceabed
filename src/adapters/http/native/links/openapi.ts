import type { CreateLinkFailure } from '../../../../application/links/create-link.ts';
import type { ListLinksFailure } from '../../../../application/links/list-links.ts';
import type { RevokeLinkFailure } from '../../../../application/links/revoke-link.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { dryRunQuery } from '../dry-run.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { linkRequest, linkResponse, linksQuery, newLinkResponse } from './links.ts';

const MEDIA = pathId('media', 'A media item, by its id.', '9a1f0e44-0000-4000-8000-000000000001');
const LINK = pathId('link', 'A link, by its id.', '9a1f0e44-0000-4000-8000-000000000002');
const LINKABLE = {
  'media-not-found': true,
  'media-published': true,
  'permission-missing': true,
  'not-manager': true,
  'not-writer': true,
  'media-busy': true,
} as const satisfies FailureSet<ListLinksFailure>;

/** The links of items in the document. */
export const LINKS: NativeResource = {
  name: 'links',
  description: 'Links to the bytes of media items, for clients that cannot log in.',
  calls: {
    'GET /media/{media}/links': {
      summary: 'List the links of a media item',
      description: 'With their last use and the bytes that they have served; without their secrets.',
      parameters: [MEDIA, ...queryParameters(linksQuery.shape)],
      answers: taggedAnswers('A page of the valid links', pageResponse(linkResponse)),
      failures: LINKABLE,
      problems: ['precondition-failed'],
    },
    'POST /media/{media}/links': {
      summary: 'Create a link to a media item',
      description:
        'Needs `velocity.media.create` on the group of the item, which manages the pool. The rights of the creator count at each use.',
      parameters: [MEDIA],
      body: jsonBody(linkRequest, {
        usual: { summary: 'For an hour', value: { expires_in: 3600 } },
        limited: {
          summary: 'For the controllers of one network',
          value: { expires_in: 86_400, networks: ['10.20.0.0/16'], note: 'installation of rack 7' },
        },
      }),
      answers: { 201: jsonAnswer('The link, with its secret', newLinkResponse, ['Cache-Control']) },
      failures: { ...LINKABLE, 'too-many-possessions': true } satisfies FailureSet<CreateLinkFailure>,
    },
    'DELETE /media/{media}/links/{link}': {
      summary: 'Revoke a link',
      description: 'Bodies that it serves end within 10 s, on all replicas.',
      parameters: [MEDIA, LINK, ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('It is revoked') },
      failures: { ...LINKABLE, 'link-not-found': true } satisfies FailureSet<RevokeLinkFailure>,
    },
  },
};
