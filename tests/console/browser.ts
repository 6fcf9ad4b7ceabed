import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { ROOT_PASSWORD } from '../support/program/platter.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
/** Pictures for people to look at; git ignores them. */
const PICTURES = join(ROOT, 'tests', 'console', 'pictures');
/** The package is an ES module, which tests cannot load. */
const PRINT_PATH = `
import chromium from '@sparticuz/chromium';
process.stdout.write(await chromium.executablePath());
`;
const AXE = join(ROOT, 'node_modules', 'axe-core', 'axe.min.js');

/** Hundred times longer than a page needs for a step. */
const STEP_STUCK_AFTER_MS = 120_000;

export type Scheme = 'light' | 'dark';
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** A page of the console, and everything that must not happen on it. */
export interface ConsolePage {
  readonly page: Page;
  /** Errors and warnings of the page, and requests to other origins. */
  readonly faults: string[];
}

/** Starts Chromium. End it with `close`. */
export async function startBrowser(): Promise<Browser> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', PRINT_PATH], { cwd: ROOT });
  return chromium.launch({ executablePath: stdout, args: ['--no-sandbox'] });
}

/** Opens a page in a fresh profile, without cookies. */
export async function openPage(
  browser: Browser,
  url: string,
  { scheme = 'light', viewport = WIDE }: { scheme?: Scheme; viewport?: typeof WIDE } = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ colorScheme: scheme, viewport, reducedMotion: 'reduce', locale: 'en-GB' });
  context.setDefaultTimeout(STEP_STUCK_AFTER_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(url).origin) faults.push(request.url());
  });
  await page.goto(`${url}/console/`);
  return { page, faults };
}

/** Signs in on the page that asks for it, and waits for the overview. */
export async function signIn(page: Page, name = 'root', password = ROOT_PASSWORD): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
}

/** Opens a page by its link in the navigation. */
export async function visit(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Open the menu' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  // No tooltip opens below the pointer.
  await page.mouse.move(0, 0);
}

/** Returns what axe-core finds on the page: the rules that are broken, with the elements. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResult> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

/** Scrolls an element to its end. */
export async function scrollToEnd(element: Locator): Promise<void> {
  await element.evaluate((node) => {
    const scroller = node as unknown as { scrollTop: number; readonly scrollHeight: number };
    scroller.scrollTop = scroller.scrollHeight;
  });
}

/** Returns by how many pixels the page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return page.locator('html').evaluate((node) => {
    const { scrollWidth, clientWidth } = node as unknown as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Takes a picture for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
