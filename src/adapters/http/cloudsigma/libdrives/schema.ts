import type { Projectable } from '../fields.ts';
import { field } from '../schema-field.ts';

const NONE = 'No default provided.';

const LICENSE_FIELDS = {
  amount: field('integer', 'How many of the license are needed', { default: 1 }),
  license: field('related', 'The license that is needed', { default: NONE, required: true }),
  user: field('related', 'Always null: a library drive belongs to no user'),
};

/** The answer to `/libdrives/schema/` (tests/fixtures/cloudsigma/response_libdrive_schema.http). */
export const LIBDRIVES_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    affinities: field('list', 'Stored and returned, without effect', { choices: ['ssd'], default: [] }),
    allow_multimount: field('boolean', 'Several servers may attach the drive', { default: false }),
    arch: field('string', 'Word size of the processor, such as 64', { required: true }),
    category: field('list', 'Uses that the image is made for', { default: [] }),
    description: field('string', 'What the image holds'),
    distribution: field('string', 'Distribution of the operating system'),
    favourite: field('boolean', 'Recommended by the operator', { required: true }),
    image_type: field('string', 'Installed system or installer', { required: true }),
    install_notes: field('string', 'First steps with the image'),
    jobs: field('related', 'Jobs that work on the drive', { default: NONE, readonly: true, required: true }),
    licenses: field('related', 'Licenses that a clone needs', { default: [], fields: LICENSE_FIELDS }),
    media: field('string', 'Kind of device that a guest sees', { choices: ['cdrom', 'disk'], required: true }),
    meta: field('dict', 'Texts by name', { default: {} }),
    mounted_on: field('related', 'Servers of the caller that have the drive attached', {
      default: NONE,
      readonly: true,
    }),
    name: field('string', 'Name of the drive', { required: true }),
    os: field('string', 'Kind of operating system', { required: true }),
    owner: field('related', 'Always null: a library drive belongs to no user', { readonly: true }),
    paid: field('boolean', 'Whether the image costs something', { required: true }),
    resource_uri: field('string', 'Path of the drive', { default: NONE, readonly: true, required: true }),
    size: field('integer', 'Size in bytes', { required: true }),
    status: field('string', 'State of the drive', { default: NONE, readonly: true, required: true }),
    storage_type: field('string', 'Always null: a clone may choose its storage type', {
      default: NONE,
      required: true,
    }),
    tags: field('related', 'Tags of the drive', { default: NONE }),
    url: field('string', 'Web page about the image'),
    uuid: field('string', 'Identifier of the drive', { readonly: true, required: true }),
    version: field('string', 'Version of the operating system'),
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
