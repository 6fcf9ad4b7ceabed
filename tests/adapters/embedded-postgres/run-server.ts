import { join } from 'node:path';
import { acquireDataDirectory } from '../../../src/adapters/data-directory/lock.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';

// Locks the data directory in its argument and runs its database until SIGTERM. Prints lines:
// `ready <url>`, `lost …`, `interrupted` for a SIGINT, which it survives, and the lines of the
// database's log.
const [, , directory = '', restartLimit] = process.argv;
const say =
  (what: string) =>
  (message: string): void =>
    void process.stdout.write(`${what} ${message}\n`);

process.on('SIGINT', () => say('interrupted')(''));
const held = await acquireDataDirectory(directory);
const server = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  log: { info: say('info'), warn: say('warn'), error: say('error') },
  ...(restartLimit === undefined ? {} : { restartLimitMs: Number(restartLimit) }),
});
void server.lost.then((error) => say('lost')(error.message));
process.once('SIGTERM', () => {
  void server
    .stop()
    .then(async () => held.release())
    .then(() => process.exit(0));
});
setInterval(() => undefined, 60_000);
say('ready')(server.url);
