import type { Browser, Page } from 'playwright-core';
import { openMediaScene, type ItemPage, type MediaScene } from '../acceptance/native/media-scene.ts';
import { assign, give, makeGroup, makeUser, midOf, openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { until } from '../support/waiting/until.ts';
import {
  accessibilityFaults,
  NARROW,
  openPage,
  overflowOf,
  signIn,
  startBrowser,
  takePicture,
  WIDE,
} from './browser.ts';

const LONG_NAME = `an image whose name says everything about it${' and more'.repeat(10)}`;

describe('A media item in the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await openScene();
    media = await openMediaScene(scene);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  async function upload(name: string): Promise<string> {
    return midOf(await scene.root.upload({ group: media.group, name, type: 'ISO' }, `the bytes of ${name}`));
  }

  async function open(id: string, user = media.ownerName): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page, user, user);
    await page.goto(`${scene.platter.url}/console/media/${id}`);
    return page;
  }

  async function press(page: Page, name: string): Promise<void> {
    await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name }).click();
  }

  it('shows its facts, its origin and its history, and copies its digest', async () => {
    const id = await upload('facts.iso');
    const { sha256 } = await media.owner.ask<{ sha256: string }>(`GET /media/${id}`);
    const page = await open(id);
    const facts = page.getByRole('region', { name: 'Facts' });
    await facts.getByText(sha256).waitFor();
    await facts.getByText('default').waitFor();
    await page.getByRole('region', { name: 'Origin' }).getByText('Uploaded').getByText('by root').waitFor();
    await page.getByText('No server uses it.').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await facts.getByRole('button', { name: 'Copy: SHA-256' }).click();
    await facts.getByRole('button', { name: 'Copied: SHA-256' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(sha256);
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('heading', { name: 'Nothing is recorded' }).waitFor();
    await page.context().close();
  });

  it('is renamed, described and protected, and its history says so', async () => {
    const id = await upload('old-name.iso');
    const page = await open(id);
    await press(page, 'Edit');
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Name').fill('new-name.iso');
    await dialog.getByLabel('Description').fill('Two\nlines');
    await dialog.getByRole('switch', { name: 'Protected' }).check({ force: true });
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'item-edit');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'new-name.iso' }).waitFor();
    expect(await media.owner.ask(`GET /media/${id}`)).toMatchObject({
      name: 'new-name.iso',
      description: 'Two\nlines',
      protected: true,
    });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('row', { name: /edited/ }).waitFor();
    await press(page, 'Delete');
    await page.getByRole('dialog').getByText('Remove the protection under “Edit” first.').waitFor();
    expect(await page.getByRole('button', { name: 'Move to the trash' }).isDisabled()).toBe(true);
    await page.context().close();
  });

  it('keeps the dialog open with the reason when a change is refused', async () => {
    await upload('taken.iso');
    const page = await open(await upload('other.iso'));
    await press(page, 'Edit');
    await page.getByLabel('Name').fill('taken.iso');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The focus returns to the button that opened the dialog.
    await until('the focus is back', async () => page.evaluate(`document.activeElement?.textContent === 'Edit'`));
    await page.context().close();
  });

  it('is cloned with progress, and its deletion says that the clone shares its bytes', async () => {
    const id = await upload('source.iso');
    await media.owner.ask(`PATCH /media/${id}`, { read_only: true });
    const page = await open(id);
    await press(page, 'Clone');
    await page.getByRole('dialog').getByRole('button', { name: 'Clone' }).click();
    await page.getByText('The clone is ready.').waitFor();
    await page.getByRole('link', { name: 'Open the clone' }).click();
    await page.getByRole('heading', { level: 1, name: 'source.iso (clone)' }).waitFor();
    await page.getByRole('link', { name: 'The item it was cloned from' }).click();
    await page.getByRole('heading', { level: 1, name: 'source.iso', exact: true }).waitFor();
    await page.getByRole('region', { name: 'Clones' }).getByRole('link', { name: 'source.iso (clone)' }).waitFor();
    await press(page, 'Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete the item?' });
    await dialog.getByText('Frees 0 bytes: 1 clone shares them.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'item-delete');
    await dialog.getByRole('button', { name: 'Move to the trash' }).click();
    await page.getByText('Moved 1 item to the trash').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Media' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Restored 1 item').waitFor();
    expect(await media.owner.ask(`GET /media/${id}`)).toMatchObject({ state: 'ready' });
    await page.context().close();
  });

  it('is resized by a size that a person writes, and moved to another group', async () => {
    const other = await makeGroup(scene);
    await assign(scene, other);
    const mover = await makeUser(scene, 0, 'velocity.media.list', 'velocity.media.create', 'velocity.media.remove');
    await give(scene, mover.uid, 0, 'velocity.pool.list');
    const { id } = await media.owner.ask<{ id: string }>('POST /media', {
      name: 'wanderer',
      group: media.group,
      pool: 1,
      size: 1024,
    });
    const page = await open(id, mover.name);
    await press(page, 'Resize');
    await page.getByLabel('New size').fill('a lot');
    await page.getByText('Enter a size, such as 20 GiB.').waitFor();
    await page.getByLabel('New size').fill('1.5 gib');
    await page.getByRole('dialog').getByRole('button', { name: 'Resize' }).click();
    await page.getByRole('region', { name: 'Facts' }).getByText('1,610,612,736 bytes').first().waitFor();
    const { name } = await media.owner.ask<{ name: string }>(`GET /groups/${media.group}`);
    await press(page, 'Move');
    const dialog = page.getByRole('dialog', { name: 'Move the item' });
    expect(await dialog.getByRole('combobox', { name: 'Group' }).inputValue()).toBe(name);
    const { groupName } = await nameOf(other);
    await dialog.getByRole('combobox', { name: 'Group' }).click();
    await page.getByRole('option', { name: groupName, exact: true }).click();
    await dialog.getByRole('button', { name: 'Move' }).click();
    await page.getByRole('region', { name: 'Facts' }).getByText(groupName).waitFor();
    await page.context().close();
  });

  async function nameOf(group: number): Promise<{ readonly groupName: string }> {
    const { groups } = await scene.root.ask<{ groups: { gid: number; name: string }[] }>('POST /u/group/list');
    return { groupName: groups.find(({ gid }) => gid === group)!.name };
  }

  it('offers a user with few rights only what that user may do', async () => {
    const reader = await makeUser(scene, media.group, 'velocity.media.list');
    const page = await open(await upload('readable.iso'), reader.name);
    await page.getByRole('heading', { level: 1, name: 'readable.iso' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Download' }).getAttribute('href')).toMatch(/content$/);
    await page.context().close();
  });

  it('says where to look when there is no such item', async () => {
    const page = await open('00000000-0000-4000-8000-000000000000');
    await page.getByRole('heading', { name: 'There is no such item' }).waitFor();
    await page.getByRole('link', { name: 'Open the trash' }).click();
    await page.getByRole('heading', { level: 1, name: 'Trash' }).waitFor();
    await page.context().close();
  });

  it.each([WIDE, NARROW, { width: 320, height: 640 }])(
    'has no fault that axe finds, and fits the window: %p',
    async (viewport) => {
      const { items } = await media.owner.ask<ItemPage>(`GET /media?q=${encodeURIComponent(LONG_NAME)}`);
      const id = items[0]?.id ?? (await upload(LONG_NAME));
      for (const scheme of ['light', 'dark'] as const) {
        const { page, faults } = await openPage(browser, scene.platter.url, { scheme, viewport });
        await signIn(page, media.ownerName, media.ownerName);
        await page.goto(`${scene.platter.url}/console/media/${id}`);
        await page.getByRole('heading', { level: 1, name: LONG_NAME }).waitFor();
        await page.waitForLoadState('networkidle');
        expect(await accessibilityFaults(page)).toEqual([]);
        expect(await overflowOf(page)).toBe(0);
        expect(faults).toEqual([]);
        await takePicture(page, `item-${scheme}-${viewport.width}`);
        await page.context().close();
      }
    },
  );
});
