import type { PartDescription } from '../../shared/openapi/description.ts';
import { CAPABILITIES } from '../capabilities/openapi.ts';
import { UPLOADS } from '../drives/openapi-uploads.ts';
import { DRIVES } from '../drives/openapi.ts';
import { JOBS } from '../jobs/openapi.ts';
import { LIBDRIVES } from '../libdrives/openapi.ts';
import { NETWORKS } from '../empty-list-openapi.ts';
import { LICENSES } from '../licenses/openapi.ts';
import { PROFILE } from '../profile/openapi.ts';
import { SERVERS } from '../servers/openapi.ts';
import { TAGS } from '../tags/openapi.ts';
import { ROOT } from '../wire.ts';
import { describeResource, tagOf, type DescribedResource } from './call.ts';
import { ERRORS_OF_ALL_PATHS } from './failures.ts';

const RESOURCES: readonly DescribedResource[] = [
  LIBDRIVES,
  DRIVES,
  UPLOADS,
  SERVERS,
  TAGS,
  NETWORKS,
  JOBS,
  LICENSES,
  PROFILE,
  CAPABILITIES,
];

/** The CloudSigma dialect in the OpenAPI document. */
export const CLOUDSIGMA: PartDescription = {
  tags: RESOURCES.map(({ name, description }) => ({ name: tagOf(name), description })),
  security: {
    password: { type: 'http', scheme: 'basic', description: 'The name and the password of a user.' },
  },
  calls: Object.assign({}, ...RESOURCES.map(describeResource)) as PartDescription['calls'],
  commonErrors: [{ root: ROOT, description: 'The CloudSigma dialect.', answers: ERRORS_OF_ALL_PATHS }],
};
