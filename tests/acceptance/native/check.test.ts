import { sha256 } from '../../support/files/byte-sources.ts';
import { isoImage } from '../../support/images/iso-images.ts';
import { midOf, NOWHERE, openScene, type Scene } from '../velocity/scene.ts';
import { openMediaScene, type MediaScene } from './media-scene.ts';
import { expectProblem } from './native-client.ts';

const QUOTA = 1_000_000;
const IMAGE = isoImage({ label: 'HARBOUR' });
const HEAD_BYTES = 64 * 1024;

let scene: Scene;
let media: MediaScene;
let stored: string;
beforeAll(async () => {
  scene = await openScene();
  media = await openMediaScene(scene, QUOTA);
  const order = { group: media.group, pool: 1, name: 'taken.iso', type: 'ISO', readonly: true };
  stored = midOf(await media.velocity.upload(order, IMAGE));
});

const order = (): Record<string, unknown> => ({
  name: 'new.iso',
  group: media.group,
  pool: 1,
  type: 'ISO',
  size: 1000,
});

describe('POST /v1/media/check', () => {
  it('passes what would be stored, with what the head shows and who has the bytes already', async () => {
    const head = Buffer.from(IMAGE.subarray(0, HEAD_BYTES)).toString('base64');
    const { status, body } = await media.owner.call('POST /media/check', {
      ...order(),
      size: IMAGE.length,
      sha256: sha256(IMAGE),
      head,
    });
    expect([status, body]).toEqual([
      200,
      {
        ok: true,
        name: { ok: true, code: null },
        permission: { ok: true, code: null },
        quota: {
          ok: true,
          code: null,
          needed_bytes: IMAGE.length,
          available_bytes: QUOTA - IMAGE.length,
          bound_by: media.group,
        },
        pool: { ok: true, code: null, free_bytes: expect.any(Number) as number },
        format: { ok: true, code: null, format: 'iso', virtual_size: IMAGE.length, volume_label: 'HARBOUR' },
        already_here: [expect.objectContaining({ id: stored, name: 'taken.iso' })],
      },
    ]);
    const list = await media.owner.ask<{ items: readonly unknown[] }>('GET /media');
    expect(list.items).toHaveLength(1);
  });

  it('answers every bad verdict at once', async () => {
    const { status, body } = await media.member.call('POST /media/check', order());
    expect([status, (body as { code: string }).code]).toEqual([403, 'permission-missing']);
    const head = Buffer.concat([Buffer.from('QFI\u00fb', 'latin1'), Buffer.alloc(100, 0xff)]).toString('base64');
    const refused = await media.owner.call('POST /media/check', {
      ...order(),
      name: 'taken.iso',
      type: 'DISK',
      size: QUOTA,
      head,
    });
    expect([refused.status, refused.body]).toMatchObject([
      200,
      {
        ok: false,
        name: { ok: false, code: 'media-name-taken' },
        permission: { ok: true },
        quota: { ok: false, code: 'quota-exceeded', needed_bytes: QUOTA, available_bytes: QUOTA - IMAGE.length },
        pool: { ok: true },
        format: { ok: false, code: 'format-refused', format: null },
        already_here: [],
      },
    ]);
    const nowhere = await media.owner.call('POST /media/check', { ...order(), name: 'a\nb', pool: 99 });
    expect(nowhere.body).toMatchObject({
      ok: false,
      name: { code: 'name-invalid' },
      permission: { code: 'not-manager' },
      pool: { code: 'pool-not-found', free_bytes: null },
      format: null,
    });
  });

  it('does not know groups that the caller does not see', async () => {
    expectProblem(await media.stranger.call('POST /media/check', order()), 404, 'group-not-found');
    const answer = await media.owner.call('POST /media/check', { ...order(), group: NOWHERE });
    expectProblem(answer, 404, 'group-not-found');
  });

  it('takes bodies of 128 KiB, and heads of 64 KiB', async () => {
    const largest = Buffer.alloc(HEAD_BYTES, 7).toString('base64');
    const { status, body } = await media.owner.call('POST /media/check', { ...order(), size: QUOTA, head: largest });
    expect([status, body]).toMatchObject([200, { format: { format: 'raw' } }]);
    const tooLarge = Buffer.alloc(HEAD_BYTES + 1).toString('base64');
    const answer = await media.owner.call('POST /media/check', { ...order(), head: tooLarge });
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field: 'head' });
    const beyond = await media.owner.call('POST /media/check', { ...order(), head: 'A'.repeat(132_000) });
    expectProblem(beyond, 413, 'body-too-large');
  });
});
