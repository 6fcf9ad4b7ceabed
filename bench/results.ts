import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const showing = z.object({
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
  /** Null where the row could not run: `why` says why. */
  outcome: z
    .object({ subject: showing, rival: showing.nullable(), value: z.number(), min: z.number(), max: z.number() })
    .nullable(),
  why: z.string().nullable(),
  /** Whether that is a fault, and not that something is missing here. */
  fault: z.boolean(),
  remarks: z.array(z.string()),
});

const results = z.object({
  at: z.string(),
  extent: z.object({ rounds: z.number(), size: z.number(), media: z.number() }),
  rows: z.array(result),
});

/** What became of one row. */
export type Result = z.infer<typeof result>;

/** What became of a run. */
export type Results = z.infer<typeof results>;

export async function saveResults(path: string, made: Results): Promise<void> {
  await writeFile(path, `${JSON.stringify(made, null, 2)}\n`);
}

/** Fails where the file is none that `saveResults` wrote. */
export async function loadResults(path: string): Promise<Results> {
  return results.parse(JSON.parse(await readFile(path, 'utf8')));
}
