import type { Projectable } from '../fields.ts';
import { field, REQUIRED, READ_ONLY } from '../schema-field.ts';

const ATTACHMENT = {
  boot_order: field('integer', 'Position in the boot order, lowest first; null for never'),
  dev_channel: field('string', 'Controller and unit: ide has 0:0 to 1:1, virtio has units 0 to 5', REQUIRED),
  device: field('string', 'Kind of controller that a guest sees', { ...REQUIRED, choices: ['ide', 'virtio'] }),
  drive: field('related', 'The drive: a uuid, or an object with a uuid', REQUIRED),
  runtime: field('related', 'Always null: servers never run here', READ_ONLY),
};

/** The answer to `/servers/schema/`. */
export const SERVERS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get', 'put', 'delete'],
  allowed_list_http_methods: ['get', 'post'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    allocation_pool: field('string', 'Stored and returned, without effect'),
    auto_start: field('boolean', 'Stored and returned, without effect'),
    context: field('boolean', 'Stored and returned, without effect', { default: true }),
    cpu: field('integer', 'Processor speed in MHz', REQUIRED),
    cpu_model: field('string', 'Stored and returned, without effect'),
    cpu_type: field('string', 'Stored and returned, without effect', { default: 'amd' }),
    cpus_instead_of_cores: field('boolean', 'Stored and returned, without effect', { default: false }),
    drives: field('related', 'Attached drives', { default: [], fields: ATTACHMENT }),
    enable_numa: field('boolean', 'Stored and returned, without effect', { default: false }),
    epcs: field('list', 'Stored and returned, without effect'),
    gpus: field('list', 'Stored and returned, without effect'),
    grantees: field('list', 'Not used here', READ_ONLY),
    hv_relaxed: field('boolean', 'Stored and returned, without effect', { default: false }),
    hv_tsc: field('boolean', 'Stored and returned, without effect', { default: false }),
    hypervisor: field('string', 'Stored and returned, without effect', { default: 'kvm' }),
    jobs: field('related', 'Not used here', READ_ONLY),
    mem: field('integer', 'Memory in bytes', REQUIRED),
    meta: field('dict', 'Texts by key', { default: {} }),
    name: field('string', 'Name of the server', REQUIRED),
    nics: field('related', 'Network interfaces, stored and returned, without effect', { default: [] }),
    owner: field('related', 'Creator of the server', READ_ONLY),
    permissions: field('list', 'Not used here', READ_ONLY),
    pubkeys: field('related', 'Stored and returned, without effect', { default: [] }),
    requirements: field('list', 'Stored and returned, without effect', { default: [] }),
    resource_uri: field('string', 'URI of the server', READ_ONLY),
    runtime: field('related', 'Always null: servers never run here', READ_ONLY),
    smp: field('integer', 'Stored and returned, without effect', { default: 1 }),
    status: field('string', 'Always stopped', READ_ONLY),
    tags: field('related', 'Tags of the server', { default: [] }),
    uuid: field('string', 'Identifier of the server', READ_ONLY),
    vnc_password: field('string', 'Password of the VNC console', REQUIRED),
  },
  filtering: { name: 'exact', tag: 'exact', uuid: 'exact' },
};
