#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { openLog } from '../adapters/logging/pino-log.ts';
import type { Log } from '../application/ports/log.ts';
import { isDomainError } from '../domain/shared/domain-error.ts';
import { searchOf, withAuditOptions } from './cli/audit-options.ts';
import type { DoctorOptions } from './cli/doctor.ts';
import { COULD_NOT_LOOK, COULD_NOT_MOVE } from './cli/examination-output.ts';
import { optionsOf, withLibraryOptions } from './cli/library-options.ts';
import type { MoveOptions } from './cli/move-pool.ts';
import type { ScrubOptions } from './cli/scrub.ts';
import { readConfig, type Config } from './config/config.ts';
import { askPassword } from './cli/password-prompt.ts';
import { describeSettings } from './config/settings.ts';

/** What a shell reports of a program that a second Ctrl-C ended. */
const INTERRUPTED = 130;
/**
 * Whoever stands between, such as npm, hands on the signal that the whole process group has got
 * already. Milliseconds.
 */
const HANDED_ON_WITHIN = 1_000;

// Each command loads what it needs when it runs: help and faults in settings take a fifth of the
// time.
const platter = new Command('platter')
  .description('The media depot for virtualisation platforms')
  .version(await version())
  .addHelpText('after', `\nSettings, from the environment:\n${describeSettings()}`);

platter
  .command('serve')
  .description('run the service')
  .action(async () =>
    withConfig(async (config, log) => {
      const { serve } = await import('./cli/serve.ts');
      await serve(config, log, stopSignal());
    }),
  );

platter
  .command('migrate')
  .description('bring the schema of the database up to date')
  .action(async () =>
    withConfig(async (config, log) => {
      const { migrate } = await import('./cli/migrate.ts');
      await migrate(config, log);
    }),
  );

platter
  .command('user')
  .description('look after users')
  .command('password <name>')
  .description('give a user a new password, asked for or read from standard input; drops their authkeys')
  .action(async (name: string) =>
    withConfig(async (config, log) => {
      const { setUserPassword } = await import('./cli/user-password.ts');
      await setUserPassword(config, log, name, await askPassword(name));
    }),
  );

platter
  .command('doctor')
  .description('compare the database with what lies in the pools, also while the service runs')
  .option('--json', 'print one JSON document')
  .option('--fix', 'do what is safe about what is found, each step named before it is done')
  .action(async (options: DoctorOptions) => {
    await withConfig(
      async (config, log) => {
        const { examine } = await import('./cli/doctor.ts');
        process.exitCode = await examine(config, log, options, stopSignal());
      },
      'error',
      COULD_NOT_LOOK,
    );
  });

withAuditOptions(
  platter.command('audit').description('print who did what, when, from where and with which result; newest first'),
).action(async (told: Readonly<Record<string, unknown>>) =>
  withConfig(async (config, log) => {
    const { showAudit } = await import('./cli/audit.ts');
    await showAudit(config, log, searchOf(told), stopSignal());
  }, 'error'),
);

platter
  .command('backup <file>')
  .description('copy the embedded database into a tar archive, also while the service runs')
  .action(async (file: string) =>
    withConfig(async (config, log) => {
      const { backUp } = await import('./cli/backup.ts');
      await backUp(config, log, file, stopSignal());
    }, 'error'),
  );

platter
  .command('restored')
  .description(
    'to be run once after the database was restored from a backup, before the service: keeps the bytes that came later',
  )
  .action(async () =>
    withConfig(async (config, log) => {
      const { reconcileRestored: settleRestored } = await import('./cli/restored.ts');
      await settleRestored(config, log);
    }, 'error'),
  );

platter
  .command('scrub')
  .description('read again what nobody may change, compare it with what came in, and mark what differs')
  .option('--pool <id>', 'only what lies in this pool')
  .option('--older-than <days>', 'only what was not read for so many days')
  .option('--damaged', 'only what is marked')
  .option('--rate <bytes>', 'the most bytes per second; 0 sets no limit (default: PLATTER_SCRUB_RATE)')
  .option('--json', 'print one JSON document')
  .action(async (options: ScrubOptions) => {
    await withConfig(
      async (config, log) => {
        const { scrub } = await import('./cli/scrub.ts');
        process.exitCode = await scrub(config, log, options, stopSignal());
      },
      'error',
      COULD_NOT_LOOK,
    );
  });

platter
  .command('pool')
  .description('look after pools')
  .command('move <id>')
  .description('move the bytes of a pool to where the pools file says that it moves to, also while the service runs')
  .option('--rate <bytes>', 'the most bytes per second; PLATTER_COPY_RATE without it, 0 sets no limit')
  .option('--json', 'print one JSON document')
  .action(async (id: string, options: MoveOptions) => {
    await withConfig(
      async (config, log) => {
        const { movePool } = await import('./cli/move-pool.ts');
        process.exitCode = await movePool(config, log, id, options, stopSignal());
      },
      'error',
      COULD_NOT_MOVE,
    );
  });

const library = platter.command('library').description('look after the library');

library
  .command('sync')
  .description('make the library equal to PLATTER_LIBRARY_FILE')
  .action(async () =>
    withConfig(async (config, log) => {
      const { syncLibrary } = await import('./cli/library.ts');
      await syncLibrary(config, log, stopSignal());
    }, 'error'),
  );

withLibraryOptions(
  library.command('add <file>').description('publish a file; prints what the library file would say'),
).action(async (file: string, told: Readonly<Record<string, unknown>>) =>
  withConfig(async (config, log) => {
    const { addToLibrary } = await import('./cli/library.ts');
    await addToLibrary(config, log, file, optionsOf(told), stopSignal());
  }, 'error'),
);

library
  .command('list')
  .description('print what is in the library: uuid, media, bytes, name')
  .action(async () =>
    withConfig(async (config, log) => {
      const { listLibrary } = await import('./cli/library.ts');
      await listLibrary(config, log);
    }, 'error'),
  );

// A file above the limit of the process (`ulimit -f`) is refused to the client whose file it is; by
// default this signal ends the program.
process.on('SIGXFSZ', () => undefined);
await platter.parseAsync();

/**
 * `logLevel` is for commands whose standard output is for something else; `failure` is the exit
 * code of one that failed.
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

/** An operator needs the message and its reasons, not our stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = isDomainError(error) ? `${error.code} ${JSON.stringify(error.detail ?? {})}` : messageOf(error);
  return error.cause === undefined ? message : `${message}\n  because: ${explain(error.cause)}`;
}

/**
 * A name with several addresses fails once for each of them, and says so without a message of its
 * own.
 */
function messageOf(error: Error): string {
  return error instanceof AggregateError && error.message === ''
    ? error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
    : error.message;
}

/**
 * Aborts at the first SIGTERM or Ctrl-C; a second one, later, ends the process at once, which loses
 * nothing that was answered.
 */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let begun = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - begun > HANDED_ON_WITHIN) process.exit(INTERRUPTED);
        return;
      }
      begun = performance.now();
      controller.abort();
    });
  }
  return controller.signal;
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
