import type { Browser } from 'playwright-core';
import { openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { rowsOf } from '../support/database/test-database.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { openPage, signIn, startBrowser, visit } from './browser.ts';

describe('Sessions of the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await openScene();
    media = await openMediaScene(scene);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  it('begin at the address of the server in a browser, and not for a program', async () => {
    const { page, faults } = await openPage(browser, scene.platter.url);
    await page.goto(scene.platter.url);
    expect(page.url()).toBe(`${scene.platter.url}/console/`);
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Name').waitFor();
    expect(faults).toEqual([]);
    expect((await fetch(`${scene.platter.url}/`, { redirect: 'manual' })).status).toBe(404);
    await page.context().close();
  });

  it('say plainly that the name or the password is wrong', async () => {
    const { page } = await openPage(browser, scene.platter.url);
    await page.getByLabel('Name').fill('nobody');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Not signed in').waitFor();
    await page.context().close();
  });

  it('are asked for again when they end in the middle of work, which is not lost', async () => {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page);
    await visit(page, 'Media');
    await page.getByRole('heading', { name: 'No media yet' }).waitFor();
    await rowsOf(scene.platter.database.url, 'delete from login_sessions');
    await page.getByLabel('Search by name').fill('half a name');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByRole('textbox', { name: 'Password' }).fill(ROOT_PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    expect(await page.getByLabel('Search by name').inputValue()).toBe('half a name');
    await page.context().close();
  });

  it('show a user without permissions what to do', async () => {
    const name = 'newcomer';
    await scene.root.ask('PUT /u/user', { name, password: name });
    const { page, faults } = await openPage(browser, scene.platter.url);
    await signIn(page, name, name);
    await page.getByRole('heading', { name: 'No group for you yet' }).waitFor();
    expect(faults).toEqual([]);
    expect(media.group).toBeGreaterThan(0);
    await page.context().close();
  });
});
