import type { z } from 'zod';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** Names of types in messages. */
const EXPECTED: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

/**
 * Returns the message for a fault of a field: what is expected. Pass it to `safeParse` as `error`;
 * messages in a schema take precedence.
 */
export const faultMessage: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) {
    return 'is required';
  }
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return `must be ${expectedOfUnion(issue)}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_big':
      return boundMessage('at most', issue.origin, issue.maximum);
    case 'too_small':
      return boundMessage('at least', issue.origin, issue.minimum);
    default:
      return undefined;
  }
};

function expectedOfUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const expected = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [EXPECTED[first.expected] ?? first.expected] : [],
  );
  return [...new Set(expected)].join(' or ') || 'something else';
}

function boundMessage(bound: 'at most' | 'at least', origin: string, limit: number | bigint): string {
  if (origin === 'string') return `has ${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `has ${bound} ${limit} elements`;
  return `must be ${bound} ${limit}`;
}
