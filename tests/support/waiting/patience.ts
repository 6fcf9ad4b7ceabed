/**
 * What is awaited for so long is stuck: ten times longer than anything takes on a machine that is
 * busy thirty times over. Milliseconds. Limits of whole tests, which await many things, are in
 * `jest.config.mjs`.
 */
export const STUCK_AFTER_MS = 600_000;
