import type { Command } from 'commander';
import type { PlanOption } from '../api/dry-run.ts';
import { findItem, type ItemDetails } from '../find/items.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { confirm, type YesOption } from '../terminal/confirm.ts';
import { printable } from '../values/printable.ts';
import { formatSize } from '../values/sizes.ts';

interface RemoveOptions extends JsonOption, PlanOption, YesOption {
  readonly permanent?: true;
}

/** Adds `platter rm`. */
export function addRm(program: Command, shell: Shell): void {
  program
    .command('rm <item...>')
    .description('move items to the trash, or delete them for good')
    .option('--permanent', 'delete them for good')
    .option('--plan', 'say what would be deleted, and change nothing')
    .option('--yes', 'do not ask; only --permanent asks')
    .option('--json', 'with --plan, print what stands against it as the API has it, as a JSON array')
    .addHelpText('after', '\nExamples:\n  platter rm lab/old.iso\n  platter rm lab/old.iso --permanent --plan')
    .action(async (texts: readonly string[], options: RemoveOptions) => remove(shell, texts, options));
}

async function remove(shell: Shell, texts: readonly string[], options: RemoveOptions): Promise<void> {
  const api = await shell.api();
  const items = new Map<string, ItemDetails>();
  for (const text of texts) {
    const item = await findItem(api, text);
    items.set(item.id, item);
  }
  const how = options.permanent === true ? ({ permanent: 'true' } as const) : {};
  if (options.plan === true && options.json === true) {
    const plans = [...items.keys()].map(async (media) =>
      api.call('get', '/v1/media/{media}/deletion', { path: { media } }),
    );
    shell.printJson(await Promise.all(plans));
    return;
  }
  // What is refused is refused before the question, and before the first item is gone.
  for (const media of items.keys()) {
    await api.call('delete', '/v1/media/{media}', { path: { media }, query: { ...how, dry_run: 'true' } });
  }
  const what = [...items.values()].map(({ name, size }) => `${printable(name)} (${formatSize(size)})`).join(', ');
  if (options.plan === true) {
    shell.say(options.permanent === true ? `This would delete ${what} for good.` : `This would trash ${what}.`);
    return;
  }
  if (options.permanent === true) await confirm(`Delete ${what} for good?`, options);
  for (const { id, name } of items.values()) {
    await api.call('delete', '/v1/media/{media}', { path: { media: id }, query: how });
    const done = options.permanent === true ? 'is deleted' : 'is in the trash';
    shell.say(`${printable(name)} (${id}) ${done}.`);
  }
}
