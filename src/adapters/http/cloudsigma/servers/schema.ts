import type { Projectable } from '../fields.ts';
import { field, REQUIRED, READ_ONLY } from '../schema-field.ts';

const ATTACHMENT = {
  boot_order: field('integer', 'When it is tried at the start, lowest first; null for never'),
  dev_channel: field('string', 'Controller and unit: ide has 0:0 to 1:1, virtio has units 0 to 5', REQUIRED),
  device: field('string', 'What a guest takes its controller for', { ...REQUIRED, choices: ['ide', 'virtio'] }),
  drive: field('related', 'The drive, as a uuid or as an object with one', REQUIRED),
  runtime: field('related', 'What it is like while the server runs, which it never does here', READ_ONLY),
};

/** What `/servers/schema/` answers. */
export const SERVERS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get', 'put', 'delete'],
  allowed_list_http_methods: ['get', 'post'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    allocation_pool: field('string', 'Kept and answered'),
    auto_start: field('boolean', 'Kept and answered'),
    context: field('boolean', 'Kept and answered', { default: true }),
    cpu: field('integer', 'The processor, in MHz', REQUIRED),
    cpu_model: field('string', 'Kept and answered'),
    cpu_type: field('string', 'Kept and answered', { default: 'amd' }),
    cpus_instead_of_cores: field('boolean', 'Kept and answered', { default: false }),
    drives: field('related', 'What is attached to it', { default: [], fields: ATTACHMENT }),
    enable_numa: field('boolean', 'Kept and answered', { default: false }),
    epcs: field('list', 'Kept and answered'),
    gpus: field('list', 'Kept and answered'),
    grantees: field('list', 'Who else may use it', READ_ONLY),
    hv_relaxed: field('boolean', 'Kept and answered', { default: false }),
    hv_tsc: field('boolean', 'Kept and answered', { default: false }),
    hypervisor: field('string', 'Kept and answered', { default: 'kvm' }),
    jobs: field('related', 'What is going on with it in the background', READ_ONLY),
    mem: field('integer', 'The memory, in bytes', REQUIRED),
    meta: field('dict', 'Texts of your own, by name', { default: {} }),
    name: field('string', 'What it is called', REQUIRED),
    nics: field('related', 'Its network interfaces, kept and answered', { default: [] }),
    owner: field('related', 'Who made it', READ_ONLY),
    permissions: field('list', 'What others may do with it', READ_ONLY),
    pubkeys: field('related', 'Kept and answered', { default: [] }),
    requirements: field('list', 'Kept and answered', { default: [] }),
    resource_uri: field('string', 'Its address', READ_ONLY),
    runtime: field('related', 'What it is like while it runs, which it never does here', READ_ONLY),
    smp: field('integer', 'Kept and answered', { default: 1 }),
    status: field('string', 'Always stopped', READ_ONLY),
    tags: field('related', 'The tags that it has', { default: [] }),
    uuid: field('string', 'What it is known by', READ_ONLY),
    vnc_password: field('string', 'The password of its screen', REQUIRED),
  },
  filtering: { name: 'exact', tag: 'exact', uuid: 'exact' },
};
