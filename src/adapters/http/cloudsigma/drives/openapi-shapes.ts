import { z } from 'zod';
import { boundLicenseResponse } from '../licenses/openapi.ts';
import { answeredShape, countResponse, referenceResponse } from '../openapi/shapes.ts';

const brief = {
  owner: referenceResponse.nullable().meta({ description: 'The creator; null for library drives.' }),
  resource_uri: z.string(),
  status: z
    .enum(['creating', 'uploading', 'cloning_dst', 'cloning_src', 'resizing', 'unmounted', 'mounted', 'deleting'])
    .meta({ description: 'The state of the drive.' }),
  uuid: z.uuid(),
};

export const driveResponse = answeredShape('Drive', 'A drive: a media item.', {
  ...brief,
  affinities: z.array(z.string()),
  allow_multimount: z.boolean().meta({ description: 'Whether several servers may attach it at once.' }),
  grantees: z.array(z.unknown()).max(0),
  jobs: z.array(referenceResponse),
  licenses: z.array(boundLicenseResponse),
  media: z.enum(['cdrom', 'disk']),
  meta: z.record(z.string(), z.string()),
  mounted_on: z.array(referenceResponse),
  name: z.string(),
  permissions: z.array(z.unknown()).max(0),
  runtime: z.object({
    is_downloadable: z.boolean(),
    is_ephemeral: z.boolean(),
    is_snapshotable: z.boolean().nullable(),
    snapshots_allocated_size: countResponse,
    storage_type: z.string().nullable(),
  }),
  size: countResponse.meta({ description: 'In bytes.' }),
  snapshots: z.array(z.unknown()).max(0),
  storage_type: z.string().nullable().meta({ description: 'The storage type.' }),
  tags: z.array(referenceResponse),
});

export const briefDriveResponse = answeredShape(
  'BriefDrive',
  'The fields of a drive that a list has by default.',
  brief,
);
