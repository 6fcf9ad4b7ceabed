import { openTestDepot } from '../support/fixtures/test-depot.ts';

/** All units of work. The suites of all repositories run for each. */
export const UNITS_OF_WORK = [{ store: 'PostgreSQL', open: openTestDepot }];
