import { z } from 'zod';
import { ok, type CloudsigmaCall, type DescribedResource } from './openapi/call.ts';
import { fieldsParameter, listParameters } from './openapi/parameters.ts';
import { pageOf, resourceSchemaResponse } from './openapi/shapes.ts';

function none(what: string): CloudsigmaCall {
  return {
    summary: `List ${what}, of which there are none here`,
    parameters: listParameters('uuid'),
    answers: ok('An empty page', pageOf(z.unknown())),
  };
}

function schema(what: string): CloudsigmaCall {
  return {
    summary: `Describe ${what}`,
    parameters: [fieldsParameter('fields')],
    answers: ok('Their fields', resourceSchemaResponse.projected),
  };
}

/** Resources that clients ask for and that Platter does not have. */
export const NETWORKS: DescribedResource = {
  name: 'networks',
  description: 'What this service does not have.',
  calls: {
    'GET /ips/': none('addresses'),
    'GET /ips/detail/': none('addresses'),
    'GET /ips/schema/': schema('addresses'),
    'GET /vlans/': none('networks'),
    'GET /vlans/detail/': none('networks'),
    'GET /vlans/schema/': schema('networks'),
  },
};
