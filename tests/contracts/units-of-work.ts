import { openTestDepot } from '../support/fixtures/test-depot.ts';

/**
 * Every unit of work there is. One that is added here runs through the suites of all repositories.
 */
export const UNITS_OF_WORK = [{ store: 'PostgreSQL', open: openTestDepot }];
