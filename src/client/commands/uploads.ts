import type { Command } from 'commander';
import type { Item } from '../api/api.ts';
import { findById } from '../find/by-id.ts';
import { Groups } from '../find/groups.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn, timeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';
import { printable } from '../values/printable.ts';

type Upload = Item<'/v1/uploads'>;

/** Adds `platter uploads`. */
export function addUploads(program: Command, shell: Shell): void {
  const uploads = program
    .command('uploads')
    .description('list and abort uploads that have not ended')
    .helpCommand(false)
    .addHelpText('after', '\nWithout a command it lists them.\n\nExample:\n  platter uploads abort vm.qcow2');
  uploads
    .command('ls', { isDefault: true })
    .description('list them, newest first, and until when they can go on')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter uploads ls')
    .action(async (options: JsonOption) => {
      const api = await shell.api();
      const open = await api.all('/v1/uploads', { query: { sort: '-created' } });
      const groups = options.json === true ? new Groups([]) : await Groups.of(api);
      shell.printList(columnsOf(groups), open, options);
    });
  uploads
    .command('abort <upload>')
    .description('abort an upload, by its id, a unique beginning of it, or its name')
    .addHelpText('after', '\nExample:\n  platter uploads abort vm.qcow2')
    .action(async (text: string) => abort(shell, text));
}

async function abort(shell: Shell, text: string): Promise<void> {
  const api = await shell.api();
  const { id: upload, name } = findById(await api.all('/v1/uploads'), text, {
    missing: 'there is no open upload',
    several: 'uploads',
    advice: 'Run "platter uploads".',
    nameOf: (one) => one.name,
    describe: (one) => `${one.name}, begun ${one.created_at}`,
  });
  await api.call('delete', '/v1/uploads/{upload}', { path: { upload } });
  shell.say(`Aborted the upload of ${printable(name)} (${upload}).`);
}

function columnsOf(groups: Groups): readonly Column<Upload>[] {
  return [
    { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
    { title: 'NAME', show: ({ name }) => name },
    { title: 'GROUP', show: ({ group }) => groups.pathOf(group) },
    sizeColumn('ARRIVED', ({ offset }) => offset),
    sizeColumn('OF', ({ size }) => size),
    { title: 'STATE', show: ({ state }) => state },
    timeColumn('EXPIRES', ({ expires_at }) => expires_at),
  ];
}
