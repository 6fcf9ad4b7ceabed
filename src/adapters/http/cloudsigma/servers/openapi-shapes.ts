import { z } from 'zod';
import { answeredShape, countResponse, keptReferenceResponse, referenceResponse } from '../openapi/shapes.ts';

const addressingResponse = z.object({ conf: z.string(), ip: keptReferenceResponse.nullable() }).nullable();

const nicResponse = z
  .object({
    boot_order: countResponse.nullable(),
    firewall_policy: keptReferenceResponse.optional(),
    ip_v4_conf: addressingResponse,
    ip_v6_conf: addressingResponse,
    mac: z.string(),
    model: z.string(),
    runtime: z.null(),
    vlan: keptReferenceResponse.nullable(),
  })
  .meta({ id: 'NetworkInterface', description: 'Stored and returned, without effect.' });

const attachmentResponse = z
  .object({
    boot_order: countResponse.nullable(),
    dev_channel: z.string().meta({ description: 'Controller and unit, such as `0:1`.' }),
    device: z.enum(['ide', 'virtio']),
    drive: referenceResponse,
    runtime: z.null(),
  })
  .meta({ id: 'Attachment', description: 'An attached drive.' });

const brief = {
  name: z.string(),
  owner: referenceResponse,
  resource_uri: z.string(),
  runtime: z.null(),
  status: z.literal('stopped'),
  uuid: z.uuid(),
};

export const serverResponse = answeredShape('Server', 'A server that drives are attached to. It never runs.', {
  ...brief,
  allocation_pool: z.string().optional(),
  auto_start: z.boolean().optional(),
  context: z.boolean(),
  cpu: countResponse.meta({ description: 'In MHz.' }),
  cpu_model: z.string().nullable(),
  cpu_type: z.string(),
  cpus_instead_of_cores: z.boolean(),
  drives: z.array(attachmentResponse),
  enable_numa: z.boolean(),
  epcs: z.array(z.record(z.string(), z.unknown())).optional(),
  gpus: z.array(z.record(z.string(), z.unknown())).optional(),
  grantees: z.array(z.unknown()).max(0),
  hv_relaxed: z.boolean(),
  hv_tsc: z.boolean(),
  hypervisor: z.string(),
  jobs: z.array(referenceResponse).max(0),
  mem: countResponse.meta({ description: 'In bytes.' }),
  meta: z.record(z.string(), z.string()),
  nics: z.array(nicResponse),
  permissions: z.array(z.unknown()).max(0),
  pubkeys: z.array(keptReferenceResponse),
  requirements: z.array(z.string()),
  smp: countResponse,
  tags: z.array(referenceResponse),
  vnc_password: z.string(),
});

export const briefServerResponse = answeredShape(
  'BriefServer',
  'The fields of a server that a list has by default.',
  brief,
);
