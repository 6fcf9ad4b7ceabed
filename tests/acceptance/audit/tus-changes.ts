import { freshName, type Answer } from '../../support/http/client.ts';
import { TusRequests, type Metadata } from '../tus/tus-requests.ts';
import type { AuditedCall, Change, EventSummary } from './change.ts';
import type { AuditFixture } from './audit-fixture.ts';

const BYTES = 'the bytes of an item';
const idOf = (location: string): string => location.split('/').at(-1)!;

/** Creates an upload of root and returns a call on it with its events. */
async function onUpload(
  fixture: AuditFixture,
  ask: (location: string) => Promise<Answer>,
  written: EventSummary,
  metadata: Metadata = {},
): Promise<AuditedCall> {
  const { root, group } = fixture;
  const order = { filename: freshName('upload'), group: String(group), ...metadata };
  const location = await TusRequests.by(root).created(BYTES.length, order);
  return { ask: async () => ask(location), written: () => [{ ...written, group, pool: 1, media: idOf(location) }] };
}

const append =
  ({ root }: AuditFixture) =>
  async (location: string): Promise<Answer> =>
    TusRequests.by(root).patch(location, 0, BYTES);

/** Calls on an upload of root by a user who does not see it. */
const byStranger = (
  route: string,
  action: string,
  ask: (stranger: TusRequests, location: string) => Promise<Answer>,
): Pick<Change, 'route' | 'refused'> => ({
  route,
  refused: async (fixture) => {
    const stranger = TusRequests.by(fixture.stranger.client);
    return onUpload(fixture, async (location) => ask(stranger, location), { action, result: 'unknown-upload' });
  },
});

export const TUS_CHANGES: readonly Change[] = [
  {
    route: 'POST /',
    done: async ({ root, group }) => ({
      ask: async () => TusRequests.by(root).create(1, { filename: freshName('upload'), group: String(group) }),
      written: ({ headers }) => [{ action: 'upload.create', group, pool: 1, media: idOf(String(headers.location)) }],
    }),
    refused: async ({ stranger, group }) => ({
      ask: async () =>
        TusRequests.by(stranger.client).create(1, { filename: freshName('upload'), group: String(group), pool: '1' }),
      written: () => [{ action: 'upload.create', result: 'permission-missing', group, pool: 1 }],
    }),
  },
  {
    ...byStranger('PATCH /{id}', 'media.upload', async (stranger, location) => stranger.patch(location, 0, BYTES)),
    done: async (fixture) => onUpload(fixture, append(fixture), { action: 'media.upload' }),
  },
  {
    ...byStranger('DELETE /{id}', 'upload.abort', async (stranger, location) => stranger.remove(location)),
    done: async (fixture) =>
      onUpload(fixture, async (location) => TusRequests.by(fixture.root).remove(location), { action: 'upload.abort' }),
  },
];

/** Calls by root that fail, with all events that they record. */
export const TUS_FAILURES: Readonly<Record<string, (fixture: AuditFixture) => Promise<AuditedCall>>> = {
  'bytes of another digest': async (fixture) =>
    onUpload(
      fixture,
      append(fixture),
      { action: 'media.upload', result: 'digest-mismatch' },
      { sha256: '0'.repeat(64) },
    ),
  'more bytes than the upload has': async (fixture) =>
    onUpload(fixture, async (location) => TusRequests.by(fixture.root).patch(location, 0, `${BYTES}!`), {
      action: 'media.upload',
      result: 'body-too-long',
    }),
};
