import { hostname, userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import { passwordApi } from '../api/password-api.ts';
import { ApiProblem } from '../api/problem.ts';
import { DEFAULT_PROFILE, keepProfile, readProfile } from '../profiles.ts';
import { apiAt, serverUrl, type Shell } from '../shell.ts';
import { askSecrets } from '../terminal/secrets.ts';
import { printable } from '../values/printable.ts';

interface LoginOptions {
  readonly user?: string;
  readonly token?: true;
  readonly scope: 'read' | 'write' | 'admin';
}

/** Adds `platter login`. */
export function addLogin(program: Command, shell: Shell): void {
  program
    .command('login <url>')
    .description('log in, and keep an API token for later commands')
    .option('--user <name>', 'the name of the user (default: the name of the user of this machine)')
    .option('--token', 'keep an existing API token, from a prompt or standard input, instead of creating one')
    .addOption(
      new Option('--scope <scope>', 'what the created token may do: admin includes users, groups and assignments')
        .choices(['read', 'write', 'admin'])
        .default('write'),
    )
    .addHelpText('after', '\nExample:\n  platter login https://depot.example --user ada')
    .action(async (url: string, options: LoginOptions) => {
      const profile = shell.profile ?? DEFAULT_PROFILE;
      if (options.token === true) await keepToken(shell, profile, serverUrl(url));
      else await createToken(shell, profile, serverUrl(url), options);
    });
}

async function keepToken(shell: Shell, profile: string, url: URL): Promise<void> {
  const [token] = await askSecrets([{ message: `API token for ${url.href}:` }]);
  const { name } = await apiAt(url.href, token).call('get', '/v1/session');
  await keepProfile(shell.environment.configFile, profile, { url: url.href, token, tokenId: null, user: name });
  shell.say(`Logged in to ${url.href} as ${printable(name)}.`);
}

/** The token of an earlier login with the same profile ends. */
async function createToken(shell: Shell, profile: string, url: URL, { user, scope }: LoginOptions): Promise<void> {
  const { configFile } = shell.environment;
  const before = await readProfile(configFile, profile);
  const name = user ?? userInfo().username;
  const [password] = await askSecrets([{ message: `Password of ${printable(name)} at ${url.href}:` }]);
  const api = passwordApi(url, name, password);
  const { id, token } = await api.call('post', '/v1/tokens', {
    body: { name: `platter on ${hostname()}`.slice(0, 60), scope },
  });
  await keepProfile(configFile, profile, { url: url.href, token, tokenId: id, user: name });
  if (before !== null && before.tokenId !== null && before.url === url.href && before.user === name) {
    await api.call('delete', '/v1/tokens/{token}', { path: { token: before.tokenId } }).catch(ignoreGone);
  }
  shell.say(`Logged in to ${url.href} as ${printable(name)}. The token is in ${configFile}.`);
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.reason !== 'notFound') throw error;
}
