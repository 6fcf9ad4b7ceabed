import { z } from 'zod';
import { answeredShape, count, referenceResponse, reference } from '../openapi/shapes.ts';

const addressing = z.object({ conf: z.string(), ip: referenceResponse.nullable() }).nullable();

const nic = z
  .object({
    boot_order: count.nullable(),
    firewall_policy: referenceResponse.optional(),
    ip_v4_conf: addressing,
    ip_v6_conf: addressing,
    mac: z.string(),
    model: z.string(),
    runtime: z.null(),
    vlan: referenceResponse.nullable(),
  })
  .meta({ id: 'NetworkInterface', description: 'Kept and answered.' });

const attachment = z
  .object({
    boot_order: count.nullable(),
    dev_channel: z.string().meta({ description: 'Controller and unit.' }),
    device: z.enum(['ide', 'virtio']),
    drive: reference,
    runtime: z.null(),
  })
  .meta({ id: 'Attachment', description: 'A drive that is attached.' });

const brief = {
  name: z.string(),
  owner: reference,
  resource_uri: z.string(),
  runtime: z.null(),
  status: z.literal('stopped'),
  uuid: z.uuid(),
};

export const server = answeredShape('Server', 'What drives are attached to. It never runs here.', {
  ...brief,
  allocation_pool: z.string().optional(),
  auto_start: z.boolean().optional(),
  context: z.boolean(),
  cpu: count.meta({ description: 'In MHz.' }),
  cpu_model: z.string().nullable(),
  cpu_type: z.string(),
  cpus_instead_of_cores: z.boolean(),
  drives: z.array(attachment),
  enable_numa: z.boolean(),
  epcs: z.array(z.record(z.string(), z.unknown())).optional(),
  gpus: z.array(z.record(z.string(), z.unknown())).optional(),
  grantees: z.array(z.unknown()).max(0),
  hv_relaxed: z.boolean(),
  hv_tsc: z.boolean(),
  hypervisor: z.string(),
  jobs: z.array(reference).max(0),
  mem: count.meta({ description: 'In bytes.' }),
  meta: z.record(z.string(), z.string()),
  nics: z.array(nic),
  permissions: z.array(z.unknown()).max(0),
  pubkeys: z.array(referenceResponse),
  requirements: z.array(z.string()),
  smp: count,
  tags: z.array(reference),
  vnc_password: z.string(),
});

export const briefServer = answeredShape(
  'BriefServer',
  'What a list says of a server where nobody asks for more.',
  brief,
);
