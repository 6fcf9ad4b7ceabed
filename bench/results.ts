import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const contenderFigures = z.object({
  name: z.string(),
  figures: z.array(z.number()).readonly(),
  median: z.number(),
  cpu: z.object({ server: z.number(), client: z.number() }).nullable(),
});

const result = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  counts: z.enum(['ratio', 'figure']),
  better: z.enum(['more', 'less']),
  atLeast: z.number().nullable(),
  dream: z.number().nullable(),
  /** Null if the row could not run; `why` has the reason. */
  outcome: z
    .object({
      subject: contenderFigures,
      rival: contenderFigures.nullable(),
      value: z.number(),
      min: z.number(),
      max: z.number(),
    })
    .nullable(),
  why: z.string().nullable(),
  /** Whether it failed; false if this machine lacks a requirement. */
  fault: z.boolean(),
  remarks: z.array(z.string()),
});

const results = z.object({
  at: z.string(),
  extent: z.object({ rounds: z.number(), size: z.number(), media: z.number() }),
  rows: z.array(result),
});

/** The result of one row. */
export type Result = z.infer<typeof result>;

/** The results of a run. */
export type Results = z.infer<typeof results>;

export async function saveResults(path: string, completed: Results): Promise<void> {
  await writeFile(path, `${JSON.stringify(completed, null, 2)}\n`);
}

/**
 * Reads the results that `saveResults` wrote.
 *
 * @throws Error for any other file
 */
export async function loadResults(path: string): Promise<Results> {
  return results.parse(JSON.parse(await readFile(path, 'utf8')));
}
