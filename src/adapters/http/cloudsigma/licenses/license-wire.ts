import type { BoundLicence, Licence } from '../../../../domain/library/licence.ts';
import type { Projectable } from '../fields.ts';
import { uriOf } from '../wire.ts';

/** Returns a licence as its list and the drives that need it have it. */
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

/** Returns a licence that a drive needs. Licences are not bound to users, so `user` is null. */
export function boundLicenseWire({ amount, licence }: BoundLicence): Projectable {
  return { amount, license: licenseWire(licence), user: null };
}
