import { freshName, type Answer } from '../../support/http/client.ts';
import { drive, type Cloud } from '../cloudsigma/cloud.ts';
import { at, server } from '../cloudsigma/server-room.ts';
import type { Asked, Brief, Change } from './change.ts';
import type { Stage } from './stage.ts';

const NOTHING = '00000000-0000-4000-8000-000000000000';
const ROOT = { group: 0, pool: 1 };

type Ask = (cloud: Cloud) => Promise<Answer>;

const uuidsOf = ({ body }: Answer): readonly string[] =>
  (body as { objects: { uuid: string }[] }).objects.map(({ uuid }) => uuid);

const boss = ({ boss }: Stage, ask: Ask, written: Asked['written']): Asked => ({ ask: async () => ask(boss), written });
const stranger = ({ stranger }: Stage, ask: Ask, ...written: readonly Brief[]): Asked => ({
  ask: async () => ask(stranger.cloud),
  written: () => written,
});

/** A change of one drive of root's, of which a stranger hears that it is not there. */
function ofDrive(route: string, action: string, ask: (uuid: string) => Ask, done?: Asked['written']): Change {
  return {
    route,
    done: async (stage: Stage): Promise<Asked> => {
      const uuid = await stage.drive();
      return boss(stage, ask(uuid), done ?? (() => [{ action, ...ROOT, media: uuid }]));
    },
    refused: async (stage: Stage): Promise<Asked> => {
      const uuid = await stage.drive();
      return stranger(stage, ask(uuid), { action, result: 'media-not-found', ...ROOT, media: uuid });
    },
  };
}

/** A change of a server or a tag that others don't see. */
function ofOwn(kind: 'server' | 'tag', action: string, ask: (uuid: string) => Ask): Partial<Change> {
  return {
    refused: async (stage: Stage): Promise<Asked> => {
      const uuid = await (kind === 'server' ? stage.host() : stage.tag());
      return stranger(stage, ask(uuid), { action, result: `${kind}-not-found`, [kind]: uuid });
    },
  };
}

const uploaded = (path: string): Change => ({
  route: path,
  done: async (stage: Stage): Promise<Asked> => {
    const ask: Ask = async (cloud) => cloud.send(path.replace('{file_name}', 'image.raw'), 'bytes');
    return boss(stage, ask, ({ text }) => [{ action: 'media.upload', ...ROOT, media: text }]);
  },
  refused: async (stage: Stage): Promise<Asked> =>
    stranger(stage, async (cloud) => cloud.send(path.replace('{file_name}', 'image.raw'), 'bytes'), {
      action: 'media.upload',
      result: 'home-group-missing',
    }),
});

const edit =
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.call(`PUT /drives/${uuid}/`, { name: freshName('renamed') });
const remove =
  (kind: string) =>
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.call(`DELETE /${kind}/${uuid}/`);
const action =
  (path: string, name: string, fields: object) =>
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.call(`POST /${path}/${uuid}/action/?do=${name}`, fields);
const cloned: Asked['written'] = (answer) => [{ action: 'media.clone', ...ROOT, media: uuidsOf(answer)[0] }];
const renamed =
  (kind: string) =>
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.call(`PUT /${kind}/${uuid}/`, { name: freshName('renamed') });

export const CLOUDSIGMA_CHANGES: readonly Change[] = [
  {
    route: 'POST /drives',
    done: async (stage: Stage): Promise<Asked> => {
      const ask: Ask = async (cloud) => cloud.call('POST /drives/', { objects: [drive(), drive()] });
      return boss(stage, ask, (answer) => uuidsOf(answer).map((media) => ({ action: 'media.create', ...ROOT, media })));
    },
    refused: async (stage: Stage): Promise<Asked> =>
      stranger(stage, async (cloud) => cloud.call('POST /drives/', drive()), {
        action: 'media.create',
        result: 'home-group-missing',
      }),
  },
  {
    route: 'DELETE /drives',
    done: async (stage: Stage): Promise<Asked> => {
      const uuids = [await stage.drive(), await stage.drive()];
      const objects = uuids.map((uuid) => ({ uuid }));
      const ask: Ask = async (cloud) => cloud.call('DELETE /drives/', { objects });
      return boss(stage, ask, () => uuids.map((media) => ({ action: 'media.remove', ...ROOT, media })));
    },
    refused: async (stage: Stage): Promise<Asked> => {
      const objects = [{ uuid: await stage.drive() }];
      const ask: Ask = async (cloud) => cloud.call('DELETE /drives/', { objects });
      return stranger(stage, ask, { action: 'media.remove', result: 'media-not-found' });
    },
  },
  uploaded('POST /drives/upload'),
  uploaded('POST /drives/upload/{file_name}'),
  ofDrive('PUT /drives/{uuid}', 'media.edit', edit),
  ofDrive('DELETE /drives/{uuid}', 'media.remove', remove('drives')),
  ofDrive('POST /drives/{uuid}/action', 'media.clone', action('drives', 'clone', {}), cloned),
  ofDrive('POST /drives/{uuid}/action', 'media.resize', action('drives', 'resize', { size: 8192 })),
  {
    route: 'POST /libdrives/{uuid}/action',
    done: async (stage: Stage): Promise<Asked> =>
      boss(stage, action('libdrives', 'clone', {})(await stage.published()), cloned),
    refused: async (stage: Stage): Promise<Asked> =>
      stranger(stage, action('libdrives', 'clone', {})(NOTHING), {
        action: 'media.clone',
        result: 'media-not-found',
        media: NOTHING,
      }),
  },
  {
    route: 'PUT /profile',
    done: async (stage: Stage): Promise<Asked> => {
      const ask: Ask = async (cloud) => cloud.call('PUT /profile/', { first_name: 'Rosa' });
      return boss(stage, ask, () => [{ action: 'user.edit', user: 0 }]);
    },
    refused: null,
  },
  {
    route: 'POST /servers',
    done: async (stage: Stage): Promise<Asked> => {
      const media = await stage.drive();
      const ask: Ask = async (cloud) => cloud.call('POST /servers/', server({ drives: [at(media)] }));
      return boss(stage, ask, (answer) => [
        { action: 'server.create', server: uuidsOf(answer)[0] },
        { action: 'media.attach', server: uuidsOf(answer)[0], ...ROOT, media },
      ]);
    },
    refused: async (stage: Stage): Promise<Asked> =>
      stranger(stage, async (cloud) => cloud.call('POST /servers/', server({ drives: [at(NOTHING)] })), {
        action: 'server.create',
        result: 'attachment-not-found',
      }),
  },
  {
    route: 'PUT /servers/{uuid}',
    done: async (stage: Stage): Promise<Asked> => {
      const [before, after] = [await stage.drive(), await stage.drive()];
      const uuid = await stage.host(before);
      const ask: Ask = async (cloud) => cloud.call(`PUT /servers/${uuid}/`, { drives: [at(after)] });
      return boss(stage, ask, () => [
        { action: 'server.edit', server: uuid },
        { action: 'media.attach', server: uuid, ...ROOT, media: after },
        { action: 'media.detach', server: uuid, ...ROOT, media: before },
      ]);
    },
    refused: null,
    ...ofOwn('server', 'server.edit', renamed('servers')),
  },
  {
    route: 'DELETE /servers/{uuid}',
    done: async (stage: Stage): Promise<Asked> => {
      const media = await stage.drive();
      const uuid = await stage.host(media);
      const ask: Ask = async (cloud) => cloud.call(`DELETE /servers/${uuid}/?recurse=all_drives`);
      return boss(stage, ask, () => [
        { action: 'server.remove', server: uuid },
        { action: 'media.remove', ...ROOT, media },
      ]);
    },
    refused: null,
    ...ofOwn('server', 'server.remove', remove('servers')),
  },
  {
    route: 'DELETE /servers/{uuid}',
    done: async (stage: Stage): Promise<Asked> => {
      const media = await stage.drive();
      const uuid = await stage.host(media);
      const ask: Ask = async (cloud) => cloud.call(`DELETE /servers/${uuid}/`);
      return boss(stage, ask, () => [
        { action: 'server.remove', server: uuid },
        { action: 'media.detach', server: uuid, ...ROOT, media },
      ]);
    },
    refused: null,
    ...ofOwn('server', 'server.remove', remove('servers')),
  },
  {
    route: 'POST /tags',
    done: async (stage: Stage): Promise<Asked> => {
      const ask: Ask = async (cloud) => cloud.call('POST /tags/', { name: freshName('tag') });
      return boss(stage, ask, (answer) => [{ action: 'tag.create', tag: uuidsOf(answer)[0] }]);
    },
    refused: async (stage: Stage): Promise<Asked> =>
      stranger(stage, async (cloud) => cloud.call('POST /tags/', { name: 'tag', resources: [NOTHING] }), {
        action: 'tag.create',
        result: 'resource-not-found',
      }),
  },
  ...(['PUT', 'DELETE'] as const).map((method): Change => {
    const [what, ask] = method === 'PUT' ? ['tag.edit', renamed('tags')] : ['tag.remove', remove('tags')];
    return {
      route: `${method} /tags/{uuid}`,
      done: async (stage: Stage): Promise<Asked> => {
        const uuid = await stage.tag();
        return boss(stage, ask(uuid), () => [{ action: what, tag: uuid }]);
      },
      refused: null,
      ...ofOwn('tag', what, ask),
    };
  }),
];

/** Routes that look like changes, and are none. */
export const CLOUDSIGMA_READS = ['POST /servers/{uuid}/action'] as const;
