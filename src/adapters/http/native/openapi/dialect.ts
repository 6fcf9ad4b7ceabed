import type { PartDescription } from '../../shared/openapi/description.ts';
import { problemResponses, rowsOf } from '../../shared/openapi/problem-responses.ts';
import { failureRow } from '../../shared/failure-problems.ts';
import { SESSION_COOKIE } from '../../shared/session-cookie.ts';
import { ROOT } from '../operations.ts';
import { ASSIGNMENTS } from '../assignments/openapi.ts';
import { AUDIT } from '../audit/openapi.ts';
import { GROUPS } from '../groups/openapi.ts';
import { IMPORTS } from '../imports/openapi.ts';
import { JOBS } from '../jobs/openapi.ts';
import { LIBRARY } from '../library/openapi.ts';
import { LINKS } from '../links/openapi.ts';
import { MEDIA } from '../media/openapi.ts';
import { SESSION } from '../session/openapi.ts';
import { SYSTEM } from '../system/openapi.ts';
import { TOKENS } from '../tokens/openapi.ts';
import { TRASH } from '../trash/openapi.ts';
import { UPLOADS } from '../uploads/openapi.ts';
import { USAGE } from '../usage/openapi.ts';
import { USERS } from '../users/openapi.ts';
import { describeResource, tagOf, type NativeResource } from './call.ts';

const RESOURCES: readonly NativeResource[] = [
  SESSION,
  TOKENS,
  USERS,
  GROUPS,
  ASSIGNMENTS,
  TRASH,
  LINKS,
  USAGE,
  MEDIA,
  IMPORTS,
  JOBS,
  UPLOADS,
  LIBRARY,
  AUDIT,
  SYSTEM,
];

/** Platter's own dialect in the OpenAPI document. */
export const NATIVE: PartDescription = {
  tags: RESOURCES.map(({ name, description }) => ({ name: tagOf(name), description })),
  security: {
    token: { type: 'http', scheme: 'bearer', description: 'An API token, of the scope of the call.' },
    session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'The session of a browser.' },
  },
  calls: Object.assign({}, ...RESOURCES.map(describeResource)) as PartDescription['calls'],
  commonErrors: [
    {
      root: ROOT,
      description: "Platter's own dialect.",
      answers: problemResponses([
        ...rowsOf(['malformed', 'no-such-path', 'wrong-method', 'not-implemented', 'internal-error']),
        ['unavailable', failureRow('unavailable')[0]],
      ]),
    },
  ],
};
