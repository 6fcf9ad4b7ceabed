import { randomUUID } from 'node:crypto';
import type { Log } from '../../application/ports/log.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import { commandUseCases, type CommandUseCases } from '../composition/command-use-cases.ts';
import { buildServices, type Foundations } from '../composition/container.ts';
import type { Config } from '../config/config.ts';
import type { Depot } from '../server/depot.ts';

/** Runs a command with its use cases on a depot, which is closed at the end. */
export async function withUseCases<Result>(
  depot: Depot,
  foundations: { readonly config: Config; readonly log: Log } & Pick<Foundations, 'channel'>,
  run: (use: CommandUseCases) => Promise<Result>,
): Promise<Result> {
  try {
    const instance = randomUUID() as InstanceId;
    const services = await buildServices({ ...foundations, connections: depot.connections, instance });
    return await run(commandUseCases(services));
  } finally {
    await depot.close();
  }
}
