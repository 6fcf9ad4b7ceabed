import { freshName } from '../../support/http/client.ts';
import type { Cloud } from './cloud.ts';

export interface Reference {
  readonly resource_uri: string;
  readonly uuid: string;
}

export interface Attached {
  readonly boot_order: number | null;
  readonly dev_channel: string;
  readonly device: string;
  readonly drive: Reference;
}

export interface Server {
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
  readonly drives: readonly Attached[];
  readonly meta: Readonly<Record<string, string>>;
  readonly nics: readonly Readonly<Record<string, unknown>>[];
  readonly tags: readonly Reference[];
}

export interface Tag {
  readonly uuid: string;
  readonly name: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly resources: readonly (Reference & { readonly res_type: string })[];
}

/** The fields of a drive about its servers. */
export interface Mounting {
  readonly uuid: string;
  readonly status: string;
  readonly mounted_on: readonly Reference[];
  readonly tags: readonly Reference[];
}

/** Returns the fields of a server. */
export function server(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { name: freshName('server'), cpu: 1000, mem: 536_870_912, vnc_password: 'secret', ...fields };
}

/** Returns the attachment of a drive in a slot. */
export function at(drive: unknown, dev_channel = '0:0', device = 'virtio'): Readonly<Record<string, unknown>> {
  return { drive, dev_channel, device };
}

/** Creates a server with these drives. */
export async function makeServer(
  cloud: Cloud,
  drives: readonly unknown[] = [],
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Server> {
  const { objects } = await cloud.ask<{ objects: Server[] }>('POST /servers/', server({ drives, ...fields }));
  return objects[0]!;
}

export async function makeTag(cloud: Cloud, fields: Readonly<Record<string, unknown>> = {}): Promise<Tag> {
  const { objects } = await cloud.ask<{ objects: Tag[] }>('POST /tags/', { name: freshName('tag'), ...fields });
  return objects[0]!;
}

/** Resolves with the uuids of the drives of a server, in order. */
export function uuidsOn({ drives }: Pick<Server, 'drives'>): readonly string[] {
  return drives.map(({ drive }) => drive.uuid);
}

/** Resolves with the servers of a drive, as its user sees them. */
export async function mounting(cloud: Cloud, uuid: string): Promise<readonly [status: string, on: readonly string[]]> {
  const { status, mounted_on } = await cloud.ask<Mounting>(`GET /drives/${uuid}/`);
  return [status, mounted_on.map((one) => one.uuid)];
}
