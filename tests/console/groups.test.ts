import type { Browser, Page } from 'playwright-core';
import { createDisk, openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { give, makeUser, openScene, poolOf, type Scene } from '../acceptance/velocity/scene.ts';
import { until } from '../support/waiting/until.ts';
import { accessibilityFaults, openPage, signIn, startBrowser, takePicture } from './browser.ts';

const GIB = 1024 ** 3;

describe('Groups in the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  let groupName: string;
  beforeAll(async () => {
    scene = await openScene();
    media = await openMediaScene(scene);
    await createDisk(media, GIB, 'the largest');
    await createDisk(media, 1024, 'the smallest');
    const { name } = await media.owner.ask<{ name: string }>(`GET /groups/${media.group}`);
    groupName = name;
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  /** Opens the page of the group, which takes two clicks. */
  async function openGroup(user: string, password?: string): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page, user, password ?? user);
    await page.getByRole('link', { name: 'Groups' }).click();
    await page.getByRole('link', { name: groupName }).click();
    await page.getByRole('heading', { level: 1, name: groupName }).waitFor();
    return page;
  }

  it('are given a quota in human units with four clicks', async () => {
    const { name, uid } = await makeUser(scene, media.group, 'velocity.pool.list');
    await give(scene, uid, media.group, 'velocity.pool.assign');
    const page = await openGroup(name);
    await page.getByRole('button', { name: 'Edit the quota' }).click();
    await page.getByLabel('Quota', { exact: true }).fill('ten');
    await page.getByText('Enter a size, such as 500 GiB.').waitFor();
    await page.getByLabel('Quota', { exact: true }).fill('20 GiB');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The quota is 20 GiB now').waitFor();
    await page.getByRole('row', { name: /20 GiB/ }).waitFor();
    expect((await poolOf(scene, media.group)).quota).toBe(20 * GIB);
    await page.context().close();
  });

  it('show who holds their space with three clicks, the largest first', async () => {
    const page = await openGroup(media.ownerName);
    await page.getByRole('link', { name: 'Who holds the space' }).click();
    const rows = page.getByRole('table', { name: 'Who holds the space' }).getByRole('row');
    await until('the items are listed', async () => (await rows.count()) === 3);
    expect(await rows.nth(1).textContent()).toContain('the largest');
    expect(await rows.nth(2).textContent()).toContain('the smallest');
    expect(await page.getByRole('button', { name: 'Edit the quota' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    // It needs a right that this user does not hold.
    expect(await page.getByRole('heading', { name: 'Who may what' }).count()).toBe(0);
    await takePicture(page, 'group-light-1440');
    await page.context().close();
  });

  it('show which permissions are inherited, and from where', async () => {
    const { name, uid } = await makeUser(scene, 0, 'velocity.media.list');
    await give(scene, uid, media.group, 'velocity.media.create');
    await give(scene, uid, 0, 'velocity.group.view');
    const { name: rootGroup } = await media.owner.ask<{ name: string }>('GET /groups/0');
    const page = await openGroup(name);
    const row = page.getByRole('table', { name: 'Who may what' }).getByRole('row', { name });
    await row.getByText('media.create', { exact: true }).waitFor();
    await row.getByText(`media.list from ${rootGroup}`).waitFor();
    await page.context().close();
  });
});
