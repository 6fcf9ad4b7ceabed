import { Command } from 'commander';
import { openLog } from '../../adapters/logging/pino-log.ts';
import type { Log } from '../../application/ports/log.ts';
import { isDomainError } from '../../domain/shared/domain-error.ts';
import { searchOf, withAuditOptions } from './audit-options.ts';
import type { DoctorOptions } from './doctor.ts';
import { COULD_NOT_LOOK, COULD_NOT_MOVE } from './examination-output.ts';
import { optionsOf, withLibraryOptions } from './library-options.ts';
import type { MoveOptions } from './move-pool.ts';
import type { ScrubOptions } from './scrub.ts';
import { readConfig, type Config } from '../config/config.ts';
import { askPassword } from './password-prompt.ts';
import { describeSettings } from '../config/settings.ts';

/** The exit code of a program that SIGINT ended. */
const INTERRUPTED = 130;
/**
 * A parent such as npm forwards the signal that the process group already received, within this.
 */
const FORWARDED_WITHIN_MS = 1_000;

/**
 * Runs a command of the operator. Each loads its modules when it runs: --help and faults of
 * settings take a fifth of the time.
 */
export async function runOperatorCommand(words: readonly string[]): Promise<void> {
  const platter = new Command('platter').description('The media depot for virtualisation platforms');

  platter
    .command('serve')
    .description('run the service')
    .addHelpText('after', `\nSettings, from the environment:\n${describeSettings()}`)
    .action(async () =>
      withConfig(async (config, log) => {
        const { serve } = await import('./serve.ts');
        await serve(config, log, stopSignal());
      }),
    );

  platter
    .command('migrate')
    .description('run the pending migrations of the database')
    .action(async () =>
      withConfig(async (config, log) => {
        const { migrate } = await import('./migrate.ts');
        await migrate(config, log);
      }),
    );

  platter
    .command('user')
    .description('manage users')
    .command('password <name>')
    .description('set the password of a user, from a prompt or standard input, and revoke its authkeys')
    .action(async (name: string) =>
      withConfig(async (config, log) => {
        const { setUserPassword } = await import('./user-password.ts');
        await setUserPassword(config, log, name, await askPassword(name));
      }),
    );

  platter
    .command('doctor')
    .description('compare the database with the bytes in the pools; may run beside the service')
    .option('--json', 'print one JSON document')
    .option('--fix', 'repair what is safe to repair; prints each step before it is done')
    .action(async (options: DoctorOptions) => {
      await withConfig(
        async (config, log) => {
          const { examine } = await import('./doctor.ts');
          process.exitCode = await examine(config, log, options, stopSignal());
        },
        'error',
        COULD_NOT_LOOK,
      );
    });

  withAuditOptions(platter.command('audit').description('print audit events, newest first')).action(
    async (parsed: Readonly<Record<string, unknown>>) =>
      withConfig(async (config, log) => {
        const { showAudit } = await import('./audit.ts');
        await showAudit(config, log, searchOf(parsed), stopSignal());
      }, 'error'),
  );

  platter
    .command('backup <file>')
    .description('copy the embedded database into a tar archive; may run beside the service')
    .action(async (file: string) =>
      withConfig(async (config, log) => {
        const { backUp } = await import('./backup.ts');
        await backUp(config, log, file, stopSignal());
      }, 'error'),
    );

  platter
    .command('restored')
    .description(
      'reconcile a database that was restored from a backup with newer bytes; run it once, before the service',
    )
    .action(async () =>
      withConfig(async (config, log) => {
        const { reconcileRestored } = await import('./restored.ts');
        await reconcileRestored(config, log);
      }, 'error'),
    );

  platter
    .command('scrub')
    .description('read stored bytes again, compare them with their digests, and mark damaged media')
    .option('--pool <id>', 'read only this pool')
    .option('--older-than <days>', 'read only what no scrub has read for this many days')
    .option('--damaged', 'read only what is marked as damaged')
    .option('--rate <bytes>', 'the maximum bytes per second; 0 sets no limit (default: PLATTER_SCRUB_RATE)')
    .option('--json', 'print one JSON document')
    .action(async (options: ScrubOptions) => {
      await withConfig(
        async (config, log) => {
          const { scrub } = await import('./scrub.ts');
          process.exitCode = await scrub(config, log, options, stopSignal());
        },
        'error',
        COULD_NOT_LOOK,
      );
    });

  platter
    .command('pool')
    .description('manage pools')
    .command('move <id>')
    .description('move the bytes of a pool to its moving_to in the pools file; may run beside the service')
    .option('--rate <bytes>', 'the maximum bytes per second; 0 sets no limit (default: PLATTER_COPY_RATE)')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: MoveOptions) => {
      await withConfig(
        async (config, log) => {
          const { movePool } = await import('./move-pool.ts');
          process.exitCode = await movePool(config, log, id, options, stopSignal());
        },
        'error',
        COULD_NOT_MOVE,
      );
    });

  const library = platter.command('library').description('manage the library');

  library
    .command('sync')
    .description('apply the library file (PLATTER_LIBRARY_FILE)')
    .action(async () =>
      withConfig(async (config, log) => {
        const { syncLibrary } = await import('./library.ts');
        await syncLibrary(config, log, stopSignal());
      }, 'error'),
    );

  withLibraryOptions(
    library.command('add <file>').description('publish a file; prints its entry for the library file'),
  ).action(async (file: string, parsed: Readonly<Record<string, unknown>>) =>
    withConfig(async (config, log) => {
      const { addToLibrary } = await import('./library.ts');
      await addToLibrary(config, log, file, optionsOf(parsed), stopSignal());
    }, 'error'),
  );

  library
    .command('list')
    .description('print the drives of the library: uuid, media, bytes, name')
    .action(async () =>
      withConfig(async (config, log) => {
        const { listLibrary } = await import('./library.ts');
        await listLibrary(config, log);
      }, 'error'),
    );

  // Ignored, so that a write above the file size limit (`ulimit -f`) fails that upload only: by
  // default this signal ends the program.
  process.on('SIGXFSZ', () => undefined);
  await platter.parseAsync(words, { from: 'user' });
}

/**
 * Runs a command with the configuration. `logLevel` is for commands whose standard output is not
 * the log; `failure` is the exit code of a failed command.
 */
async function withConfig(
  run: (config: Config, log: Log) => Promise<void>,
  logLevel?: Config['logLevel'],
  failure = 1,
): Promise<void> {
  try {
    const config = await readConfig();
    await run(config, openLog(logLevel ?? config.logLevel));
  } catch (error) {
    process.stderr.write(`platter: ${explain(error)}\n`);
    process.exitCode = failure;
  }
}

/** Returns the message of an error and its causes, without the stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = isDomainError(error) ? `${error.code} ${JSON.stringify(error.detail ?? {})}` : messageOf(error);
  return error.cause === undefined ? message : `${message}\n  because: ${explain(error.cause)}`;
}

/** A connection to a name with several addresses fails with an AggregateError without a message. */
function messageOf(error: Error): string {
  return error instanceof AggregateError && error.message === ''
    ? error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
    : error.message;
}

/**
 * Returns a signal that aborts at the first SIGTERM or SIGINT. A second one, later, ends the
 * process at once; acknowledged requests are durable.
 */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let begun = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - begun > FORWARDED_WITHIN_MS) process.exit(INTERRUPTED);
        return;
      }
      begun = performance.now();
      controller.abort();
    });
  }
  return controller.signal;
}
