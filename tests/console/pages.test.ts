import type { Browser } from 'playwright-core';
import { createDisk, openMediaScene, type MediaScene } from '../acceptance/native/media-scene.ts';
import { libraryFile, untilReady } from '../acceptance/cloudsigma/library-files.ts';
import { openScene, type Scene } from '../acceptance/velocity/scene.ts';
import {
  accessibilityFaults,
  NARROW,
  openPage,
  overflowOf,
  signIn,
  startBrowser,
  takePicture,
  visit,
  WIDE,
  type Scheme,
} from './browser.ts';

const PAGES = ['Overview', 'Media', 'Library', 'Trash', 'Jobs', 'Groups', 'Activity', 'Account', 'System'];
const SCHEMES: readonly Scheme[] = ['light', 'dark'];
const LONG_NAME = `a name with many words that says everything about an image ${'and more '.repeat(8)}`.trim();
/** A name that would run in a page that writes it as HTML. */
const HOSTILE_NAME = `<img src=x onerror="document.title='hurt'"><script>document.title='hurt'</script>`;

const LIBRARY = [
  {
    name: 'Harbour Linux',
    description: 'A small server system.',
    os: 'linux',
    arch: '64',
    distribution: 'harbour',
    version: '3.10',
    category: ['general', 'webserver'],
    install_notes: `Clone it.\nStart it. ${HOSTILE_NAME}`,
  },
  { name: LONG_NAME, os: 'linux', arch: '32', media: 'cdrom', description: HOSTILE_NAME },
];

describe('The pages of the console', () => {
  let scene: Scene;
  let media: MediaScene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await openScene({ env: { PLATTER_LIBRARY_FILE: await libraryFile(LIBRARY) } });
    await untilReady(scene.platter);
    media = await openMediaScene(scene, 10 * 1024 ** 3);
    for (const name of ['debian.raw', LONG_NAME, HOSTILE_NAME]) await createDisk(media, 1024 ** 3, name);
    const trashed = await createDisk(media, 1024 ** 2, 'old.raw');
    await media.owner.ask(`DELETE /media/${trashed}`);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => browser.close());

  it.each(SCHEMES.flatMap((scheme) => [WIDE, NARROW].map((viewport) => [scheme, viewport.width, viewport] as const)))(
    'have no fault that axe finds, no error and no foreign request: %s, %d pixels',
    async (scheme, width, viewport) => {
      const { page, faults } = await openPage(browser, scene.platter.url, { scheme, viewport });
      expect(await accessibilityFaults(page)).toEqual([]);
      await takePicture(page, `sign-in-${scheme}-${width}`);
      await signIn(page);
      for (const name of PAGES) {
        await visit(page, name);
        await page.waitForLoadState('networkidle');
        expect([name, await accessibilityFaults(page)]).toEqual([name, []]);
        await takePicture(page, `${name.toLowerCase()}-${scheme}-${width}`);
      }
      expect(await page.title()).toBe('Platter');
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );

  it('fit a screen of 320 pixels without scrolling sideways', async () => {
    const { page } = await openPage(browser, scene.platter.url, { viewport: { width: 320, height: 640 } });
    await signIn(page);
    for (const name of PAGES) {
      await visit(page, name);
      expect([name, await overflowOf(page)]).toEqual([name, 0]);
    }
    await page.context().close();
  });
});
