import { Option, type Command } from 'commander';
import type { Api } from '../api/api.ts';
import { passwordApi } from '../api/password-api.ts';
import { Groups } from '../find/groups.ts';
import { findToken, type Token } from '../find/tokens.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { timeColumn } from '../terminal/columns.ts';
import { askSecrets } from '../terminal/secrets.ts';
import type { Column } from '../terminal/table.ts';
import { parseDuration } from '../values/durations.ts';
import { printable } from '../values/printable.ts';

interface NewOptions extends JsonOption {
  readonly scope: 'read' | 'write' | 'admin';
  readonly group: readonly string[];
  readonly expires?: string;
}

/** Adds `platter token`. */
export function addToken(program: Command, shell: Shell): void {
  const token = program
    .command('token')
    .description('list, create and delete your API tokens')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Without a command it lists them. Creating and deleting ask for your password, or read it as a line
of standard input, since no token manages tokens.

Example:
  platter token`,
    );
  token
    .command('ls', { isDefault: true })
    .description('list your tokens')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter token ls')
    .action(async (options: JsonOption) => list(shell, options));
  token
    .command('new <name>')
    .description('create a token, and print it; it cannot be printed again')
    .addOption(
      new Option('--scope <scope>', 'what it may do: write includes changes of media, admin all others')
        .choices(['read', 'write', 'admin'])
        .default('read'),
    )
    .option('--group <group>', 'only in this group and those below; may be repeated', collect, [])
    .option('--expires <duration>', 'how long it is valid (default: without end)')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nExample:\n  platter token new nightly --scope write --group lab/build --expires 90d')
    .action(async (name: string, options: NewOptions) => create(shell, name, options));
  token
    .command('rm <token...>')
    .description('delete tokens, by name, id or a unique beginning of the id')
    .addHelpText('after', '\nExample:\n  platter token rm nightly')
    .action(async (texts: readonly string[]) => remove(shell, texts));
}

async function list(shell: Shell, options: JsonOption): Promise<void> {
  const api = await shell.api();
  const tokens = await api.all('/v1/tokens');
  const groups = options.json === true ? new Groups([]) : await Groups.of(api);
  shell.printList(columnsOf(groups), tokens, options);
}

async function create(shell: Shell, name: string, options: NewOptions): Promise<void> {
  const api = await shell.api();
  const all = options.group.length === 0 ? null : await Groups.of(api);
  const groups = all === null ? null : options.group.map((text) => all.find(text).id);
  const seconds = options.expires === undefined ? null : parseDuration(options.expires);
  const login = await withPassword(api);
  const created = await login.call('post', '/v1/tokens', {
    body: {
      name,
      scope: options.scope,
      groups,
      expires_at: seconds === null ? null : new Date(Date.now() + seconds * 1000).toISOString(),
    },
  });
  if (options.json === true) shell.printJson(created);
  else shell.print(created.token);
}

async function remove(shell: Shell, texts: readonly string[]): Promise<void> {
  const api = await shell.api();
  const tokens = await api.all('/v1/tokens');
  const found = new Set(texts.map((text) => findToken(tokens, text)));
  const login = await withPassword(api);
  for (const { id, name } of found) {
    await login.call('delete', '/v1/tokens/{token}', { path: { token: id } });
    shell.say(`Token ${printable(name)} (${id}) is deleted.`);
  }
}

/** Asks for the password of the caller. */
async function withPassword(api: Api): Promise<Api> {
  const { name } = await api.call('get', '/v1/session');
  const [password] = await askSecrets([{ message: `Password of ${printable(name)} at ${api.server.url.href}:` }]);
  return passwordApi(api.server.url, name, password);
}

function columnsOf(groups: Groups): readonly Column<Token>[] {
  return [
    { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
    { title: 'NAME', show: ({ name }) => name },
    { title: 'SCOPE', show: ({ scope }) => scope },
    { title: 'GROUPS', show: (token) => token.groups?.map((id) => groups.pathOf(id)).join(', ') ?? '-' },
    timeColumn('CREATED', ({ created_at }) => created_at),
    timeColumn('EXPIRES', ({ expires_at }) => expires_at),
    timeColumn('LAST USED', ({ last_used_at }) => last_used_at),
  ];
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
