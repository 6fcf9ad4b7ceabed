import type { BoundLicence, Licence } from '../../../../domain/library/licence.ts';
import type { Projectable } from '../fields.ts';
import { uriOf } from '../wire.ts';

/** A licence as its own list has it, and everything that needs one. */
export function licenseWire({ name, number, longName, type, burstable, userMetric }: Licence): Projectable {
  return {
    burstable,
    long_name: longName,
    name,
    resource_uri: uriOf('licenses', number),
    type,
    user_metric: userMetric,
  };
}

/** What a drive needs. Nobody in particular holds a licence here, so `user` is null. */
export function boundLicenseWire({ amount, licence }: BoundLicence): Projectable {
  return { amount, license: licenseWire(licence), user: null };
}
