import type { Browser, Page } from 'playwright-core';
import { openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { midOf, openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { accessibilityFaults, openPage, signIn, startBrowser, takePicture } from './browser.ts';

const NAME = `rescue <b>"it's"</b>.iso`;
const BYTES = 'the bytes that a machine boots from';

describe('Links in the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  let id: string;
  beforeAll(async () => {
    scene = await openScene();
    media = await openMediaScene(scene);
    id = midOf(await scene.root.upload({ group: media.group, name: NAME, type: 'ISO' }, BYTES));
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  async function open(): Promise<Page> {
    const { page } = await openPage(browser, scene.platter.url);
    await signIn(page, media.ownerName, media.ownerName);
    return page;
  }

  it('are created within three clicks from the overview, and shown once with lines to copy', async () => {
    const page = await open();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Media' }).click();
    await page.getByRole('button', { name: `Get a link to ${NAME}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Get a link' });
    await dialog.getByLabel('Note').fill('rack 7');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create the link' }).click();
    await dialog.getByText('Copy it now: the link is shown only this once.').waitFor();
    const [url, ...lines] = await dialog.locator('code').allTextContents();
    expect(await (await fetch(url!)).text()).toBe(BYTES);
    expect(lines).toEqual([
      `sanboot ${url}`,
      expect.stringMatching(/^curl .* 'http:.*'$/),
      expect.stringMatching(/^qemu-system-x86_64 .*'file=http:.*'$/),
    ]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'link-new');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.goto(`${scene.platter.url}/console/media/${id}`);
    await page.getByRole('tab', { name: 'Links' }).click();
    const row = page.getByRole('row', { name: /rack 7/ });
    await row.getByText(`${BYTES.length} bytes`).waitFor();
    expect(await page.content()).not.toContain(new URL(url!).pathname.split('/')[2]!);
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'links');
    await row.getByRole('button', { name: 'Revoke the link rack 7' }).click();
    await page.getByRole('heading', { name: 'No links' }).waitFor();
    expect((await fetch(url!)).status).toBe(404);
    await page.context().close();
  });

  it('say what is wrong with a network', async () => {
    const page = await open();
    await page.goto(`${scene.platter.url}/console/media/${id}`);
    await page.getByRole('tab', { name: 'Links' }).click();
    await page.getByRole('button', { name: 'Get a link' }).click();
    const dialog = page.getByRole('dialog', { name: 'Get a link' });
    await dialog.getByLabel('Only from these networks').fill('the rack');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Create the link' }).click();
    await dialog.getByRole('alert').getByText('such as 10.0.0.0/8').waitFor();
    await page.context().close();
  });
});
