import { randomUUID } from 'node:crypto';
import type { Log } from '../../application/ports/log.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Config } from '../config.ts';
import { buildParts } from '../container.ts';
import { joinDepot } from '../depot.ts';
import { T } from '../tokens.ts';

/** Gives a user a new password and drops the user's authkeys. Fails with `user-not-found` or `password-invalid`. */
export async function setUserPassword(config: Config, log: Log, name: string, password: string): Promise<void> {
  const depot = await joinDepot(config, log);
  try {
    const parts = buildParts({ config, knex: depot.knex, instance: randomUUID() as InstanceId, log });
    await parts.get(T.ChangePassword).run({ name, password });
  } finally {
    await depot.close();
  }
}
