import type { Projectable } from '../fields.ts';
import { field, NEEDED, VISIBLE } from '../schema-field.ts';

const ATTACHMENT = {
  boot_order: field('integer', 'When it is tried at the start, lowest first; null for never'),
  dev_channel: field('string', 'Controller and unit: ide has 0:0 to 1:1, virtio has units 0 to 5', NEEDED),
  device: field('string', 'What a guest takes its controller for', { ...NEEDED, choices: ['ide', 'virtio'] }),
  drive: field('related', 'The drive, as a uuid or as an object with one', NEEDED),
  runtime: field('related', 'What it is like while the server runs, which it never does here', VISIBLE),
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
    cpu: field('integer', 'The processor, in MHz', NEEDED),
    cpu_model: field('string', 'Kept and answered'),
    cpu_type: field('string', 'Kept and answered', { default: 'amd' }),
    cpus_instead_of_cores: field('boolean', 'Kept and answered', { default: false }),
    drives: field('related', 'What is attached to it', { default: [], fields: ATTACHMENT }),
    enable_numa: field('boolean', 'Kept and answered', { default: false }),
    epcs: field('list', 'Kept and answered'),
    gpus: field('list', 'Kept and answered'),
    grantees: field('list', 'Who else may use it', VISIBLE),
    hv_relaxed: field('boolean', 'Kept and answered', { default: false }),
    hv_tsc: field('boolean', 'Kept and answered', { default: false }),
    hypervisor: field('string', 'Kept and answered', { default: 'kvm' }),
    jobs: field('related', 'What is going on with it in the background', VISIBLE),
    mem: field('integer', 'The memory, in bytes', NEEDED),
    meta: field('dict', 'Texts of your own, by name', { default: {} }),
    name: field('string', 'What it is called', NEEDED),
    nics: field('related', 'Its network interfaces, kept and answered', { default: [] }),
    owner: field('related', 'Who made it', VISIBLE),
    permissions: field('list', 'What others may do with it', VISIBLE),
    pubkeys: field('related', 'Kept and answered', { default: [] }),
    requirements: field('list', 'Kept and answered', { default: [] }),
    resource_uri: field('string', 'Its address', VISIBLE),
    runtime: field('related', 'What it is like while it runs, which it never does here', VISIBLE),
    smp: field('integer', 'Kept and answered', { default: 1 }),
    status: field('string', 'Always stopped', VISIBLE),
    tags: field('related', 'The tags that it has', { default: [] }),
    uuid: field('string', 'What it is known by', VISIBLE),
    vnc_password: field('string', 'The password of its screen', NEEDED),
  },
  filtering: { name: 'exact', tag: 'exact', uuid: 'exact' },
};
