import type { Browser, Page } from 'playwright-core';
import { libraryFile, untilReady } from '../acceptance/cloudsigma/library-files.ts';
import { openMediaScene, type ItemPage, type MediaScene } from '../acceptance/native/media-scene.ts';
import { NativeClient } from '../acceptance/native/native-client.ts';
import { makeUser, openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { until } from '../support/waiting/until.ts';
import { openPage, signIn, startBrowser, visit } from './browser.ts';

describe('What users of the console do for themselves', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  beforeAll(async () => {
    const library = await libraryFile([
      { name: 'Harbour', os: 'linux', arch: '64', distribution: 'harbour', install_notes: '<b>Start</b> it.' },
      { name: 'A rescue system', os: 'linux', arch: '32', media: 'cdrom' },
    ]);
    scene = await openScene({ env: { PLATTER_LIBRARY_FILE: library } });
    media = await openMediaScene(scene);
    await untilReady(scene.platter);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  async function open(name: string, password = name): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page, name, password);
    return page;
  }

  /** Counts the clicks on a page from now on. */
  async function countClicks(page: Page): Promise<() => Promise<number>> {
    await page.evaluate("globalThis.clicks = 0; addEventListener('click', (e) => (clicks += e.isTrusted), true)");
    return async () => page.evaluate<number>('clicks');
  }

  it('clone a library drive with three clicks, and see when it is ready', async () => {
    const page = await open(media.ownerName);
    const clicks = await countClicks(page);
    await page.getByRole('link', { name: 'Library' }).click();
    await page.getByRole('button', { name: 'Clone Harbour' }).click();
    const submit = page.getByRole('dialog').getByRole('button', { name: 'Clone', exact: true });
    await until('a place is chosen', async () => submit.isEnabled());
    await submit.click();
    await page.getByText('Harbour is ready').waitFor();
    // A click of a label counts for its field too; here there is none.
    expect(await clicks()).toBeLessThanOrEqual(3);
    const { items } = await media.owner.ask<ItemPage>('GET /media?q=Harbour');
    expect(items).toEqual([expect.objectContaining({ name: 'Harbour', state: 'ready', group: media.group })]);
    await page.context().close();
  });

  it('filter the library in its address, and read install notes as plain text', async () => {
    const page = await open(media.ownerName);
    await visit(page, 'Library');
    await page.getByRole('article', { name: 'A rescue system' }).waitFor();
    await page.getByLabel('Search the library').fill('harb');
    await page.getByRole('article', { name: 'A rescue system' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Install notes').click();
    await page.getByText('<b>Start</b> it.').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.getByLabel('Search the library').fill('no such drive');
    await page.getByRole('heading', { name: 'No drive matches' }).waitFor();
    await page.context().close();
  });

  it('create a token, whose secret is shown once, and revoke it', async () => {
    const page = await open(media.ownerName);
    await visit(page, 'Account');
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('build server');
    await dialog.getByRole('button', { name: 'Create a token' }).click();
    const secret = await page.getByText(/^plt_/).textContent();
    const token = NativeClient.withBearer(scene.platter.url, secret ?? '');
    expect((await token.call('GET /media')).status).toBe(200);
    expect((await token.call('POST /media', {})).status).toBe(403);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row', { name: /build server.*read/ }).waitFor();
    expect(await page.getByText(secret ?? '').count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke build server' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
    expect((await token.call('GET /media')).status).toBe(401);
    await page.context().close();
  });

  it('change their password, and are told when the current one is wrong', async () => {
    const { name } = await makeUser(scene, media.group, 'velocity.media.list');
    const page = await open(name);
    await visit(page, 'Account');
    const fill = async (current: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Current password' }).fill(current);
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill('a new password');
      await page.getByRole('textbox', { name: 'New password again' }).fill('a new password');
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await fill('wrong');
    await page.getByRole('main').getByRole('alert').waitFor();
    await fill(name);
    await page.getByText('The password is changed').waitFor();
    await (await open(name, 'a new password')).context().close();
    await page.context().close();
  });

  it('filter the activity in its address', async () => {
    const { name, client } = await makeUser(scene, media.group, 'velocity.media.list');
    await NativeClient.by(client).ask('POST /tokens', { name: 'a token', scope: 'read' });
    const page = await open(name);
    await visit(page, 'Activity');
    await page
      .getByRole('row', { name: /user\.login/ })
      .first()
      .waitFor();
    await page.getByLabel('Action, such as media.trash').fill('token.create');
    await page
      .getByRole('row', { name: /user\.login/ })
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /token\.create.*done/ }).waitFor();
    await page.reload();
    await page.getByRole('row', { name: /token\.create.*done/ }).waitFor();
    expect(await page.getByRole('row', { name: /user\.login/ }).count()).toBe(0);
    await page.context().close();
  });

  it('are not led to the page of root', async () => {
    const page = await open(media.ownerName);
    await page.getByRole('link', { name: 'Account' }).waitFor();
    expect(await page.getByRole('link', { name: 'System' }).count()).toBe(0);
    await page.goto(`${scene.platter.url}/console/system`);
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
    await page.context().close();
  });
});
