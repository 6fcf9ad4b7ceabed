import { createHash, randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openMediaScene, type ItemPage, type MediaScene } from '../acceptance/native/media-scene.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { fixedPort } from '../support/http/fixed-port.ts';
import { freshName } from '../support/http/client.ts';
import { until } from '../support/waiting/until.ts';
import { accessibilityFaults, openPage, signIn, startBrowser, takePicture } from './browser.ts';

const MIB = 1024 ** 2;
const QUOTA = 300 * MIB;
const LARGE = 200 * MIB;
/** Slow enough that an upload can be interrupted at any part of it. */
const SENT_PER_SECOND = 25 * MIB;

interface Open {
  readonly items: readonly { readonly id: string; readonly offset: number; readonly name: string }[];
}

describe('Uploads in the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  let folder: string;
  let large: string;
  let digest: string;
  beforeAll(async () => {
    scene = await openScene({ env: { PLATTER_PORT: String(await fixedPort()) } });
    media = await openMediaScene(scene, QUOTA);
    folder = await temporaryFolder();
    large = join(folder, 'large.iso');
    const bytes = randomBytes(LARGE);
    digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(large, bytes);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  async function open(): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    const name = freshName('uploader');
    const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    for (const permission of [
      'velocity.media.list',
      'velocity.media.create',
      'velocity.media.remove',
      'velocity.pool.list',
    ]) {
      await scene.root.ask('PUT /u/user/permission', { uid, gid: media.group, permission });
    }
    await signIn(page, name, name);
    return page;
  }

  async function choose(page: Page, path: string): Promise<void> {
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('dialog').locator('input[type=file]').setInputFiles(path);
  }

  async function slowDown(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: SENT_PER_SECOND,
    });
  }

  async function untilHalfSent(): Promise<void> {
    await until('a part of the upload is durable', async () => {
      const { items } = await media.owner.ask<Open>('GET /uploads');
      return (items[0]?.offset ?? 0) > LARGE / 8;
    });
  }

  async function expectStored(name: string): Promise<void> {
    const { items } = await media.owner.ask<ItemPage>(`GET /media?q=${name}`);
    expect(items).toEqual([expect.objectContaining({ name, size: LARGE, sha256: digest, state: 'ready' })]);
    await media.owner.ask(`DELETE /media/${items[0]!.id}?permanent=true`);
  }

  it('are judged before a byte is sent, with the reason and the numbers', async () => {
    const page = await open();
    const path = join(folder, 'too-large.iso');
    await writeFile(path, '');
    await truncate(path, QUOTA + 4 * MIB);
    await choose(page, path);
    const dialog = page.getByRole('dialog', { name: 'Upload files' });
    await dialog.getByRole('alert').getByText('It needs 304 MiB; 300 MiB are left.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Upload 1 file' }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'upload-refused');
    expect((await media.owner.ask<Open>('GET /uploads')).items).toEqual([]);
    await page.context().close();
  });

  it('survive the end and the restart of the server in the middle', async () => {
    const page = await open();
    await slowDown(page);
    await choose(page, large);
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await untilHalfSent();
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'upload-sending');
    await scene.platter.kill('SIGKILL');
    await scene.platter.restart();
    await page.getByLabel('Uploads').getByText('done').waitFor();
    await expectStored('large.iso');
    await page.context().close();
  });

  it('go on after a reload when the same file is chosen again, and only then', async () => {
    const page = await open();
    await slowDown(page);
    await choose(page, large);
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await untilHalfSent();
    await page.reload();
    const offer = page.getByRole('alert').filter({ hasText: 'Choose large.iso again to go on' });
    const other = join(folder, 'other.raw');
    await writeFile(other, randomBytes(LARGE));
    await offer.locator('input[type=file]').setInputFiles(other);
    await page.getByText('This is not the file with which the upload of large.iso began.').waitFor();
    await offer.locator('input[type=file]').setInputFiles(large);
    await page.getByLabel('Uploads').getByText('done').waitFor();
    await expectStored('large.iso');
    await page.context().close();
  });

  it('can be paused, continued and cancelled, which leaves nothing', async () => {
    const page = await open();
    await slowDown(page);
    await choose(page, large);
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await untilHalfSent();
    await page.getByRole('button', { name: 'Pause large.iso' }).click();
    await page.getByLabel('Uploads').getByText('paused').waitFor();
    await page.getByRole('button', { name: 'Go on with large.iso' }).click();
    await page.getByLabel('Uploads').getByText('sending').waitFor();
    await page.getByRole('button', { name: 'Cancel large.iso' }).click();
    await until('the upload is gone', async () => (await media.owner.ask<Open>('GET /uploads')).items.length === 0);
    expect(await page.getByLabel('Uploads').count()).toBe(0);
    await page.context().close();
  });
});
