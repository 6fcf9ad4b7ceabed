import type { Browser, Page } from 'playwright-core';
import { createDisk, openMediaScene, type ItemPage, type MediaScene } from '../acceptance/native/media-scene.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { until } from '../support/waiting/until.ts';
import { openPage, scrollToEnd, signIn, startBrowser, visit } from './browser.ts';

const ITEMS = 150;

describe('Media in the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await openScene();
    media = await openMediaScene(scene);
    for (let at = 0; at < ITEMS; at += 1) await createDisk(media, at * 1024, `disk ${String(at).padStart(3, '0')}`);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  async function open(): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page);
    await visit(page, 'Media');
    await page.getByRole('row').nth(1).waitFor();
    return page;
  }

  async function namesOf(page: Page): Promise<readonly string[]> {
    return page.locator('.media-row .cell-text').allTextContents();
  }

  it('are sorted by their headers, and read further while the list is scrolled', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Name' }).click();
    await until('the first name comes first', async () => (await namesOf(page))[0] === 'disk 000');
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
    await until('the last item is shown', async () => {
      await scrollToEnd(page.locator('.media-scroller'));
      return (await namesOf(page)).includes(`disk ${ITEMS - 1}`);
    });
    // Rows that are out of sight do not exist.
    expect((await namesOf(page)).length).toBeLessThan(ITEMS / 2);
    await page.context().close();
  });

  it('are found by a part of their name, which the address keeps', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('disk 04');
    await until('only the matching items are shown', async () => (await namesOf(page)).length === 10);
    expect(page.url()).toContain('q=');
    await page.reload();
    await until('they are shown after a reload', async () => (await namesOf(page)).length === 10);
    await page.getByLabel('Search by name').fill('nothing has this name');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.context().close();
  });

  it('move to the trash, and come back by the undo of the message', async () => {
    const page = await open();
    await page.getByLabel('Search by name').fill('disk 07');
    await until('the matching items are shown', async () => (await namesOf(page)).length === 10);
    await page.getByRole('checkbox', { name: 'Select disk 071' }).check();
    await page.getByRole('checkbox', { name: 'Select disk 072' }).check();
    await page.getByText('2 items selected').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Moved 2 items to the trash').waitFor();
    await until('two fewer are shown', async () => (await namesOf(page)).length === 8);
    expect((await media.owner.ask<ItemPage>('GET /trash')).items.map(({ name }) => name).toSorted()).toEqual([
      'disk 071',
      'disk 072',
    ]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Restored 2 items').waitFor();
    await until('all are shown again', async () => (await namesOf(page)).length === 10);
    expect((await media.owner.ask<ItemPage>('GET /trash')).items).toEqual([]);
    await page.context().close();
  });

  it('say why a protected item is not deleted', async () => {
    const page = await open();
    await page.getByLabel('Search by name').fill('disk 099');
    await until('the item is shown', async () => (await namesOf(page)).length === 1);
    await page.getByRole('checkbox', { name: 'Select disk 099' }).check();
    await page.getByRole('button', { name: 'Protect' }).click();
    await page.getByRole('img', { name: 'protected' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('disk 099 was not changed').waitFor();
    await page.getByText('remove the protection first').waitFor();
    await page.context().close();
  });

  it('are restored and purged on the page of the trash', async () => {
    for (const name of ['disk 120', 'disk 121']) {
      const { items } = await media.owner.ask<ItemPage>(`GET /media?q=${encodeURIComponent(name)}`);
      await media.owner.ask(`DELETE /media/${items[0]!.id}`);
    }
    const page = await open();
    await visit(page, 'Trash');
    await page
      .getByRole('row', { name: /disk 120/ })
      .getByRole('button', { name: 'Restore' })
      .click();
    await page.getByText('Restored disk 120').waitFor();
    await page
      .getByRole('row', { name: /disk 121/ })
      .getByRole('button', { name: 'Purge' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
    await page.getByText('Purged disk 121').waitFor();
    await page.getByRole('heading', { name: 'The trash is empty' }).waitFor();
    await page.context().close();
  });
});
