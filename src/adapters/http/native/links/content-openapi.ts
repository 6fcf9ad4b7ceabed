import { z } from 'zod';
import { problemResponses, rowsOf } from '../../shared/openapi/problem-responses.ts';
import { BYTES, type PartDescription } from '../../shared/openapi/description.ts';
import { failureRow } from '../../shared/failure-problems.ts';
import type { OpenLinkFailure } from '../../../../application/links/open-link.ts';
import { LINKS_ROOT } from './link-content.ts';

const TAG = 'Links';

const FAILURES = {
  'link-not-found': true,
  'bytes-missing': true,
  'bytes-damaged': true,
  unavailable: true,
} as const satisfies Readonly<Record<OpenLinkFailure, true>>;

const PROTOCOL = ['malformed', 'not-implemented', 'internal-error'] as const;

/** The bytes behind links in the OpenAPI document. */
export const LINK_CONTENT: PartDescription = {
  tags: [{ name: TAG, description: 'The bytes of media items, for clients that cannot log in.' }],
  security: {},
  calls: {
    [`GET ${LINKS_ROOT}/{secret}/{name}`]: {
      tag: TAG,
      security: [],
      summary: 'Read the bytes behind a link',
      description:
        'Needs no credentials. `HEAD` answers the same without the bytes. Never a redirect. ' +
        'A link that was revoked or has expired, or that the client may not use, is a 404.',
      parameters: [
        {
          name: 'secret',
          in: 'path',
          required: true,
          description: 'The secret of the link.',
          schema: z.string(),
          example: 'secret',
        },
        {
          name: 'name',
          in: 'path',
          required: true,
          description: 'The name of the file, for the client only.',
          schema: z.string(),
          example: 'debian.iso',
        },
        {
          name: 'range',
          in: 'header',
          required: false,
          description: 'A range, such as `bytes=0-3` (RFC 9110). Several ranges are answered with the whole.',
          schema: z.string(),
          example: 'bytes=0-3',
        },
      ],
      answers: {
        ...BYTES,
        ...problemResponses([
          ...(Object.keys(FAILURES) as OpenLinkFailure[]).map((code) => [code, failureRow(code)[0]] as const),
          ...rowsOf([...PROTOCOL, 'precondition-failed', 'range-refused']),
        ]),
      },
    },
  },
  commonErrors: [
    {
      root: `${LINKS_ROOT}/`,
      description: 'Of links.',
      answers: problemResponses([
        ...rowsOf([...PROTOCOL, 'no-such-path', 'wrong-method']),
        ['unavailable', failureRow('unavailable')[0]],
      ]),
    },
  ],
};
