import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const PROGRAM = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const RULES = resolve('.dependency-cruiser.mjs');
const MAX_REPORT_BYTES = 64 * 2 ** 20;

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({
      forbidden: z.array(z.object({ name: z.string(), comment: z.string().optional(), severity: z.string() })),
    }),
  }),
});

/** The result of the layer rules for a tree. */
export interface Verdict {
  /** Each as `rule: from → to`, sorted. */
  readonly breaches: readonly string[];
  readonly rules: readonly {
    readonly name: string;
    readonly comment?: string | undefined;
    readonly severity: string;
  }[];
}

/**
 * Applies the project's layer rules to these folders below `root`. Runs the command line in a
 * process of its own, like `npm run check`.
 */
export async function cruise(root: string, folders: readonly string[]): Promise<Verdict> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [PROGRAM, '--config', RULES, '--output-type', 'json', ...folders],
    { cwd: root, maxBuffer: MAX_REPORT_BYTES },
  );
  const { summary } = report.parse(JSON.parse(stdout));
  return {
    breaches: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
    rules: summary.ruleSetUsed.forbidden,
  };
}
