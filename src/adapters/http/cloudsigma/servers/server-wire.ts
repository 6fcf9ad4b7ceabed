import type { ServerView } from '../../../../application/servers/server-view.ts';
import type { Projectable } from '../fields.ts';
import { reference, uriOf } from '../wire.ts';

/**
 * Returns a server with all fields (tests/fixtures/cloudsigma/response_server_create_full.http). It
 * never runs.
 */
export function serverWire(server: ServerView): Projectable {
  return {
    ...server.otherFields,
    cpu: server.cpu,
    drives: server.attachments.map(({ media, device, controller, unit, bootOrder }) => ({
      boot_order: bootOrder,
      dev_channel: `${controller}:${unit}`,
      device,
      drive: reference('drives', media),
      runtime: null,
    })),
    grantees: [],
    jobs: [],
    mem: server.memory,
    meta: server.meta,
    permissions: [],
    tags: server.tags.map((tag) => reference('tags', tag)),
    vnc_password: server.screenPassword,
    ...briefServerWire(server),
  };
}

/** Returns the fields of a server that a list has by default. */
export function briefServerWire({ id, owner, name }: ServerView): Projectable {
  return {
    name,
    owner: reference('user', owner),
    resource_uri: uriOf('servers', id),
    runtime: null,
    status: 'stopped',
    uuid: id,
  };
}
