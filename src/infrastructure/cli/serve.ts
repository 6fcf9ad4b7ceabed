import { randomUUID } from 'node:crypto';
import { readInstance, writeInstance } from '../../adapters/data-directory/instance-file.ts';
import { ReleaseRequests } from '../../adapters/postgres/release-requests.ts';
import type { Log } from '../../application/ports/log.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config/config.ts';
import { buildServices } from '../composition/container.ts';
import { openDepot } from '../server/depot.ts';
import { keepRootPassword, rootPasswordFile } from '../server/root-password-file.ts';
import { startServer } from '../server/server.ts';
import { startUseCases } from '../composition/start-use-cases.ts';
import type { Services } from '../composition/tokens.ts';

/** Runs the service until `stop` aborts or the database is lost, and drains it. */
export async function serve(config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const depot = await openDepot(config, log);
  try {
    const instance = randomUUID() as InstanceId;
    const services = await buildServices({ config, connections: depot.connections, instance, log });
    await prepare(services, config, instance, log);

    const { upkeep, libraryUpkeep: library, uploadLeases, chunkLeases } = services;
    const releases = new ReleaseRequests(depot.url, instance, (id) => {
      uploadLeases.requestRelease(id);
      chunkLeases.requestRelease(id);
    });
    upkeep.start();
    releases.start();
    try {
      const server = await startServer(services);
      library.start(config.library);
      log.info({ host: config.host, port: server.port }, 'Platter is ready');
      const lost = await Promise.race([aborted(stop), depot.lost]);
      log.info({ graceSeconds: config.shutdownGraceSeconds }, 'Platter is stopping');
      const published = library.stop();
      // The drain waits for leases, and jobs hold some: other replicas continue the jobs.
      await upkeep.restFromJobs();
      await server.drain(lost === null ? config.shutdownGraceSeconds : 0);
      await published;
      if (lost !== null) throw lost;
    } finally {
      await library.stop();
      await releases.stop();
      await upkeep.stop();
    }
  } finally {
    await depot.close();
  }
  log.info({}, 'Platter has stopped');
}

/** Runs all steps that have to precede the first request. */
async function prepare(services: Services, config: Config, instance: InstanceId, log: Log): Promise<void> {
  const use = startUseCases(services);
  const generated = await use.ensureRoot.run(config.rootPassword, async (password) =>
    keepRootPassword(config.dataDirectory, password),
  );
  if (generated !== null) announce(generated, rootPasswordFile(config.dataDirectory), log);
  await use.preparePools.run();
  await use.deriveCapacities.run();
  for (const warning of await use.findUnlimitedGroups.run()) log.warn({}, warning);
  const predecessor = await readInstance(config.dataDirectory);
  await use.reapPredecessor.run(predecessor as InstanceId | null);
  await writeInstance(config.dataDirectory, instance);
}

/** Prints the password on a terminal only: the log may be stored and shipped. */
function announce(password: string, file: string, log: Log): void {
  log.info({ file }, 'generated a password for the user root: it is in this file');
  if (process.stderr.isTTY) process.stderr.write(`\n  user: root\n  password: ${password}\n\n`);
}

async function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
