import { z } from 'zod';

const FORBIDDEN_KEY = '__proto__';

/**
 * Returns the schema of an object whose keys the client chooses. Refuses the key `__proto__`, which
 * zod would drop silently; other names of object members (`constructor`, `toString`, …) are
 * ordinary keys.
 */
export function recordOf<Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  value: Value,
): z.ZodPreprocess<z.ZodRecord<Key, Value>> {
  return z.preprocess(
    (sent, context) => {
      if (typeof sent === 'object' && sent !== null && Object.hasOwn(sent, FORBIDDEN_KEY)) {
        context.addIssue({ code: 'custom', path: [FORBIDDEN_KEY], message: `a key cannot be called ${FORBIDDEN_KEY}` });
      }
      return sent;
    },
    z.record(key, value),
  );
}
