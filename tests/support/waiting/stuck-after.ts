/**
 * How long a condition may take before a test gives up: ten times longer than needed on a machine
 * with thirty times its load. The limits of whole tests are in `jest.config.mjs`.
 */
export const STUCK_AFTER_MS = 600_000;
