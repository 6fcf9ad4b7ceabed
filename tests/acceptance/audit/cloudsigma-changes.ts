import { freshName, type Answer } from '../../support/http/client.ts';
import { drive, type Cloud } from '../cloudsigma/cloud.ts';
import { at, server } from '../cloudsigma/server-fixtures.ts';
import type { AuditedCall, EventSummary, Change } from './change.ts';
import type { AuditFixture } from './audit-fixture.ts';

const NOTHING = '00000000-0000-4000-8000-000000000000';
const ROOT = { group: 0, pool: 1 };

type Ask = (cloud: Cloud) => Promise<Answer>;

const uuidsOf = ({ body }: Answer): readonly string[] =>
  (body as { objects: { uuid: string }[] }).objects.map(({ uuid }) => uuid);

const boss = ({ boss }: AuditFixture, ask: Ask, written: AuditedCall['written']): AuditedCall => ({
  ask: async () => ask(boss),
  written,
});
const stranger = ({ stranger }: AuditFixture, ask: Ask, ...written: readonly EventSummary[]): AuditedCall => ({
  ask: async () => ask(stranger.cloud),
  written: () => written,
});

/** A change of one of root's drives, which a stranger does not see. */
function ofDrive(route: string, action: string, ask: (uuid: string) => Ask, done?: AuditedCall['written']): Change {
  return {
    route,
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await fixture.drive();
      return boss(fixture, ask(uuid), done ?? (() => [{ action, ...ROOT, media: uuid }]));
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await fixture.drive();
      return stranger(fixture, ask(uuid), { action, result: 'media-not-found', ...ROOT, media: uuid });
    },
  };
}

/** A change of a server or a tag that only its owner sees. */
function ofOwn(kind: 'server' | 'tag', action: string, ask: (uuid: string) => Ask): Partial<Change> {
  return {
    refused: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await (kind === 'server' ? fixture.host() : fixture.tag());
      return stranger(fixture, ask(uuid), { action, result: `${kind}-not-found`, [kind]: uuid });
    },
  };
}

const uploaded = (path: string): Change => ({
  route: path,
  done: async (fixture: AuditFixture): Promise<AuditedCall> => {
    const ask: Ask = async (cloud) => cloud.send(path.replace('{file_name}', 'image.raw'), 'bytes');
    return boss(fixture, ask, ({ text }) => [{ action: 'media.upload', ...ROOT, media: text }]);
  },
  refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
    stranger(fixture, async (cloud) => cloud.send(path.replace('{file_name}', 'image.raw'), 'bytes'), {
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
const cloned: AuditedCall['written'] = (answer) => [{ action: 'media.clone', ...ROOT, media: uuidsOf(answer)[0] }];
const renamed =
  (kind: string) =>
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.call(`PUT /${kind}/${uuid}/`, { name: freshName('renamed') });

/** Begins an upload in chunks of root, of `bytes`. */
async function begun(cloud: Cloud): Promise<string> {
  const [uuid] = uuidsOf(await cloud.call('POST /initupload/', { ...drive(), size: 5 }));
  return uuid!;
}

/** A form with the only chunk. */
const FORM = [
  ['resumableChunkNumber"', '1'],
  ['resumableChunkSize"', '5'],
  ['resumableTotalSize"', '5'],
  ['file"; filename="x"', 'bytes'],
]
  .map(([name, text]) => `--limit\r\nContent-Disposition: form-data; name="${name}\r\n\r\n${text}\r\n`)
  .join('');

const sendForm =
  (uuid: string): Ask =>
  async (cloud) =>
    cloud.send(`POST /drives/${uuid}/upload/`, `${FORM}--limit--\r\n`, {
      'content-type': 'multipart/form-data; boundary=limit',
    });

const CHUNKED_CHANGES: readonly Change[] = [
  {
    route: 'POST /initupload',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const ask: Ask = async (cloud) => cloud.call('POST /initupload/', drive());
      return boss(fixture, ask, (answer) => [{ action: 'upload.create', ...ROOT, media: uuidsOf(answer)[0] }]);
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
      stranger(fixture, async (cloud) => cloud.call('POST /initupload/', drive()), {
        action: 'upload.create',
        result: 'home-group-missing',
      }),
  },
  {
    route: 'POST /drives/{uuid}/upload',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await begun(fixture.boss);
      return boss(fixture, sendForm(uuid), () => [{ action: 'media.upload', ...ROOT, media: uuid }]);
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await begun(fixture.boss);
      const refusal = { action: 'media.upload', result: 'media-not-found', ...ROOT, media: uuid };
      return stranger(fixture, sendForm(uuid), refusal);
    },
  },
  {
    route: 'POST /chunks/{token}',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuid = await begun(fixture.boss);
      const { body } = await fixture.boss.call(`POST /drives/${uuid}/action/?do=upload_chunk`, { chunk_number: 0 });
      const path = (body as { link: string }).link.replace('/api/2.0', '');
      const ask: Ask = async (cloud) => cloud.send(`POST ${path}`, 'bytes');
      return boss(fixture, ask, () => [{ action: 'media.upload', ...ROOT, media: uuid }]);
    },
    // The link says who sends.
    refused: null,
  },
];

export const CLOUDSIGMA_CHANGES: readonly Change[] = [
  ...CHUNKED_CHANGES,
  {
    route: 'POST /drives',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const ask: Ask = async (cloud) => cloud.call('POST /drives/', { objects: [drive(), drive()] });
      return boss(fixture, ask, (answer) =>
        uuidsOf(answer).map((media) => ({ action: 'media.create', ...ROOT, media })),
      );
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
      stranger(fixture, async (cloud) => cloud.call('POST /drives/', drive()), {
        action: 'media.create',
        result: 'home-group-missing',
      }),
  },
  {
    route: 'DELETE /drives',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const uuids = [await fixture.drive(), await fixture.drive()];
      const objects = uuids.map((uuid) => ({ uuid }));
      const ask: Ask = async (cloud) => cloud.call('DELETE /drives/', { objects });
      return boss(fixture, ask, () => uuids.map((media) => ({ action: 'media.remove', ...ROOT, media })));
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const objects = [{ uuid: await fixture.drive() }];
      const ask: Ask = async (cloud) => cloud.call('DELETE /drives/', { objects });
      return stranger(fixture, ask, { action: 'media.remove', result: 'media-not-found' });
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
    done: async (fixture: AuditFixture): Promise<AuditedCall> =>
      boss(fixture, action('libdrives', 'clone', {})(await fixture.published()), cloned),
    refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
      stranger(fixture, action('libdrives', 'clone', {})(NOTHING), {
        action: 'media.clone',
        result: 'media-not-found',
        media: NOTHING,
      }),
  },
  {
    route: 'PUT /profile',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const ask: Ask = async (cloud) => cloud.call('PUT /profile/', { first_name: 'Rosa' });
      return boss(fixture, ask, () => [{ action: 'user.edit', user: 0 }]);
    },
    refused: null,
  },
  {
    route: 'POST /servers',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const media = await fixture.drive();
      const ask: Ask = async (cloud) => cloud.call('POST /servers/', server({ drives: [at(media)] }));
      return boss(fixture, ask, (answer) => [
        { action: 'server.create', server: uuidsOf(answer)[0] },
        { action: 'media.attach', server: uuidsOf(answer)[0], ...ROOT, media },
      ]);
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
      stranger(fixture, async (cloud) => cloud.call('POST /servers/', server({ drives: [at(NOTHING)] })), {
        action: 'server.create',
        result: 'attachment-not-found',
      }),
  },
  {
    route: 'PUT /servers/{uuid}',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const [before, after] = [await fixture.drive(), await fixture.drive()];
      const uuid = await fixture.host(before);
      const ask: Ask = async (cloud) => cloud.call(`PUT /servers/${uuid}/`, { drives: [at(after)] });
      return boss(fixture, ask, () => [
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
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const media = await fixture.drive();
      const uuid = await fixture.host(media);
      const ask: Ask = async (cloud) => cloud.call(`DELETE /servers/${uuid}/?recurse=all_drives`);
      return boss(fixture, ask, () => [
        { action: 'server.remove', server: uuid },
        { action: 'media.remove', ...ROOT, media },
      ]);
    },
    refused: null,
    ...ofOwn('server', 'server.remove', remove('servers')),
  },
  {
    route: 'DELETE /servers/{uuid}',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const media = await fixture.drive();
      const uuid = await fixture.host(media);
      const ask: Ask = async (cloud) => cloud.call(`DELETE /servers/${uuid}/`);
      return boss(fixture, ask, () => [
        { action: 'server.remove', server: uuid },
        { action: 'media.detach', server: uuid, ...ROOT, media },
      ]);
    },
    refused: null,
    ...ofOwn('server', 'server.remove', remove('servers')),
  },
  {
    route: 'POST /tags',
    done: async (fixture: AuditFixture): Promise<AuditedCall> => {
      const ask: Ask = async (cloud) => cloud.call('POST /tags/', { name: freshName('tag') });
      return boss(fixture, ask, (answer) => [{ action: 'tag.create', tag: uuidsOf(answer)[0] }]);
    },
    refused: async (fixture: AuditFixture): Promise<AuditedCall> =>
      stranger(fixture, async (cloud) => cloud.call('POST /tags/', { name: 'tag', resources: [NOTHING] }), {
        action: 'tag.create',
        result: 'resource-not-found',
      }),
  },
  ...(['PUT', 'DELETE'] as const).map((method): Change => {
    const [what, ask] = method === 'PUT' ? ['tag.edit', renamed('tags')] : ['tag.remove', remove('tags')];
    return {
      route: `${method} /tags/{uuid}`,
      done: async (fixture: AuditFixture): Promise<AuditedCall> => {
        const uuid = await fixture.tag();
        return boss(fixture, ask(uuid), () => [{ action: what, tag: uuid }]);
      },
      refused: null,
      ...ofOwn('tag', what, ask),
    };
  }),
];

/** Routes that change nothing despite their method. */
export const CLOUDSIGMA_READS = ['POST /servers/{uuid}/action'] as const;
