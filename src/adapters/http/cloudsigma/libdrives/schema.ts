import type { Projectable } from '../fields.ts';
import { field } from '../schema-field.ts';

const NONE = 'No default provided.';

const LICENSE_FIELDS = {
  amount: field('integer', 'Number of licenses', { default: 1 }),
  license: field('related', 'A single related resource. Can be either a URI or set of nested resource data.', {
    default: NONE,
    required: true,
  }),
  user: field('related', 'Owner of the license'),
};

/** What `/libdrives/schema/` answers (dumps/response_libdrive_schema.http). */
export const LIBDRIVES_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    affinities: field('list', 'A list of affinities this drive should belong to', { choices: ['ssd'], default: [] }),
    allow_multimount: field(
      'boolean',
      'Allow the drive to be mounted on multiple guests. Not taken into account when drive is cdrom.',
      { default: false },
    ),
    arch: field('string', 'Operating system bit architecture the drive.', { required: true }),
    category: field('list', 'Category of the drive.', { default: [] }),
    description: field('string', 'Description of drive image.'),
    distribution: field('string', 'OS distribution of the drive.'),
    favourite: field('boolean', 'Favourite drive image for user.', { required: true }),
    image_type: field('string', 'Type of drive image.', { required: true }),
    install_notes: field('string', 'Install notes for the drive image.'),
    jobs: field('related', 'Background jobs related to this resource', {
      default: NONE,
      readonly: true,
      required: true,
    }),
    licenses: field('related', 'A list of licenses attached to this drive', { default: [], fields: LICENSE_FIELDS }),
    media: field('string', 'Media representation type', { choices: ['cdrom', 'disk'], required: true }),
    meta: field('dict', 'User defined meta information', { default: {} }),
    mounted_on: field('related', 'Servers on which this drive is mounted on', { default: NONE, readonly: true }),
    name: field('string', 'Human readable name of the drive', { required: true }),
    os: field('string', 'Operating system of the drive.', { required: true }),
    owner: field('related', 'Owner of the drive', { readonly: true }),
    paid: field('boolean', 'Paid or free.', { required: true }),
    resource_uri: field('string', 'Unicode string data. Ex: "Hello World"', {
      default: NONE,
      readonly: true,
      required: true,
    }),
    size: field('integer', 'Size of the drive in bytes', { required: true }),
    status: field('string', 'Status of the drive.', { default: NONE, readonly: true, required: true }),
    storage_type: field('string', 'Underlying storage', { default: NONE, required: true }),
    tags: field(
      'related',
      'Many related resources. Can be either a list of URIs or list of individually nested resource data.',
      { default: NONE },
    ),
    url: field('string', 'Operating system bit architecture the drive.'),
    uuid: field('string', 'UUID of the drive', { readonly: true, required: true }),
    version: field('string', 'OS version of the drive.'),
  },
  filtering: {
    arch: 'exact',
    category: 'exact',
    distribution: 'exact',
    image_type: 'exact',
    name: 'exact',
    name__icontains: 'exact',
    os: 'exact',
    uuid: 'exact',
    version: 'exact',
  },
};
