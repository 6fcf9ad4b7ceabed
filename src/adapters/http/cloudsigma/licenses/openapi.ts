import { z } from 'zod';
import { ok, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter, listParameters } from '../openapi/parameters.ts';
import { answeredShape, countResponse, pageOf, resourceSchemaResponse } from '../openapi/shapes.ts';

const licenseResponse = answeredShape('License', 'A license, as the operator defines it.', {
  burstable: z.boolean(),
  long_name: z.string(),
  name: z.string(),
  resource_uri: z.string(),
  type: z.string(),
  user_metric: z.string(),
});

/** A license that a drive needs. */
export const boundLicenseResponse = z
  .object({ amount: countResponse, license: licenseResponse.whole, user: z.null() })
  .meta({ id: 'NeededLicense', description: 'A license that is needed, and its number.' });

export const LICENSES: DescribedResource = {
  name: 'licenses',
  description: 'Licenses that library drives need.',
  calls: {
    'GET /licenses/': {
      summary: 'List the licenses',
      parameters: listParameters('name,long_name'),
      answers: ok('One page of them', pageOf(licenseResponse.projected)),
    },
    'GET /licenses/detail/': {
      summary: 'List the licenses, as `/licenses/` does',
      parameters: listParameters('name,long_name'),
      answers: ok('One page of them', pageOf(licenseResponse.projected)),
    },
    'GET /licenses/schema/': {
      summary: 'Describe licenses',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
  },
};
