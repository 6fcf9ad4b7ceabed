import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { Groups } from '../find/groups.ts';
import { findUser } from '../find/users.ts';
import type { Shell } from '../shell.ts';
import { printable } from '../values/printable.ts';

/** All permissions begin with this, which may be left out. */
const PREFIX = 'velocity.';

/** Adds `platter grant` and `platter revoke`. */
export function addGrant(program: Command, shell: Shell): void {
  program
    .command('grant <user> <group> <permission...>')
    .description('grant permissions on a group and all groups below it')
    .addHelpText('after', '\nExample:\n  platter grant hopper lab/build media.list media.create pool.list')
    .action(async (user: string, group: string, permissions: readonly string[]) =>
      grant(shell, user, group, permissions),
    );
  program
    .command('revoke <user> <group> [permission...]')
    .description('revoke permissions that were granted on this very group')
    .option('--all', 'all of them')
    .addHelpText('after', '\nExample:\n  platter revoke hopper lab/build media.create')
    .action(async (user: string, group: string, permissions: readonly string[], options: { readonly all?: true }) =>
      revoke(shell, user, group, options.all === true ? null : permissions),
    );
}

async function grant(shell: Shell, userText: string, groupText: string, permissions: readonly string[]): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const [{ id: group }, user] = [groups.find(groupText), await findUser(api, userText)];
  for (const permission of permissions.map(wholeName)) {
    await api.call('post', '/v1/groups/{group}/grants', { path: { group }, body: { user, permission } });
    shell.say(`${printable(userText)} has ${permission} on ${printable(groups.pathOf(group))} now.`);
  }
}

/** Revokes permissions; null for all. */
async function revoke(
  shell: Shell,
  userText: string,
  groupText: string,
  permissions: readonly string[] | null,
): Promise<void> {
  if (permissions?.length === 0) {
    throw new CommandFailure('usage', 'no permission to revoke', 'Name permissions, or use --all.');
  }
  const api = await shell.api();
  const groups = await Groups.of(api);
  const [{ id: group }, user] = [groups.find(groupText), String(await findUser(api, userText))];
  const [who, where] = [printable(userText), printable(groups.pathOf(group))];
  if (permissions === null) {
    await api.call('delete', '/v1/groups/{group}/members/{user}', { path: { group, user } });
    shell.say(`${who} has no permission of its own on ${where} any more.`);
    return;
  }
  for (const permission of permissions.map(wholeName)) {
    await api.call('delete', '/v1/groups/{group}/grants/{user}/{permission}', { path: { group, user, permission } });
    shell.say(`${who} has no ${permission} of its own on ${where} any more.`);
  }
}

function wholeName(permission: string): string {
  return permission.startsWith(PREFIX) ? permission : `${PREFIX}${permission}`;
}
