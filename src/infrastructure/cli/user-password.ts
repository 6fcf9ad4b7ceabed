import type { Log } from '../../application/ports/log.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';
import { withUseCases } from './with-use-cases.ts';

/**
 * Sets the password of a user and revokes its authkeys.
 *
 * @throws Error for the operator
 */
export async function setUserPassword(config: Config, log: Log, name: string, password: string): Promise<void> {
  const depot = await joinDepot(config, log);
  try {
    await withUseCases(depot, { config, log, channel: 'command' }, async ({ changePassword }) => {
      await changePassword.run({ name, password });
    });
  } catch (error) {
    if (isFailure(error, 'user-not-found')) throw new Error(`there is no user named ${name}`, { cause: error });
    if (isFailure(error, 'password-invalid')) throw new Error(error.detail.reason, { cause: error });
    throw error;
  }
}
