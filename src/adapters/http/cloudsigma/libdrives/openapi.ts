import { z } from 'zod';
import type { ViewLibraryDriveFailure } from '../../../../application/library/view-library-drive.ts';
import { cloneCall } from '../drives/openapi.ts';
import { boundLicenseResponse } from '../licenses/openapi.ts';
import { allOf, ok, type CloudsigmaCall, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter, filter, listParameters, UUID } from '../openapi/parameters.ts';
import { answeredShape, countResponse, pageOf, referenceResponse, resourceSchemaResponse } from '../openapi/shapes.ts';
import { FILTERS } from './libdrives.ts';

const libdriveResponse = answeredShape('LibraryDrive', 'A drive that the operator publishes for all users.', {
  affinities: z.array(z.string()),
  allow_multimount: z.boolean(),
  arch: z.string().meta({ description: 'Word size of the processor, such as 64.' }),
  category: z.array(z.string()),
  description: z.string().nullable(),
  distribution: z.string().nullable(),
  favourite: z.boolean(),
  image_type: z.string().meta({ description: '`preinst` for an installed system, `install` for an installer.' }),
  install_notes: z.string().nullable(),
  jobs: z.array(referenceResponse),
  licenses: z.array(boundLicenseResponse),
  media: z.enum(['cdrom', 'disk']).meta({ description: 'A `cdrom` can be attached, a `disk` can be cloned.' }),
  meta: z.record(z.string(), z.string()),
  mounted_on: z.array(referenceResponse),
  name: z.string(),
  os: z.string(),
  owner: z.null(),
  paid: z.boolean(),
  resource_uri: z.string(),
  size: countResponse.meta({ description: 'In bytes.' }),
  status: z.enum(['unmounted', 'mounted']),
  storage_type: z.null(),
  tags: z.array(referenceResponse),
  url: z.string(),
  uuid: z.uuid(),
  version: z.string().nullable(),
});

const list: CloudsigmaCall = {
  summary: 'List the library',
  parameters: [...listParameters('name,uuid'), ...Object.keys(FILTERS).map(filter)],
  answers: ok('One page of the library', pageOf(libdriveResponse.projected)),
};

export const LIBDRIVES: DescribedResource = {
  name: 'library drives',
  description: 'Drives that the operator publishes for all users, to attach or to clone.',
  calls: {
    'GET /libdrives/': list,
    'GET /libdrives/detail/': { ...list, summary: 'List the library, as `/libdrives/` does' },
    'GET /libdrives/schema/': {
      summary: 'Describe library drives',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
    'GET /libdrives/{uuid}/': {
      summary: 'View a library drive',
      parameters: [UUID, fieldsParameter('name,size')],
      answers: ok('The library drive', libdriveResponse.projected),
      failures: allOf<ViewLibraryDriveFailure>({ 'media-not-found': true }),
    },
    'POST /libdrives/{uuid}/action/': cloneCall,
  },
};
