/** The option `--plan`. */
export interface PlanOption {
  readonly plan?: true;
}

/** Returns the query of a call, which changes nothing with `--plan`. */
export function dryRun({ plan }: PlanOption): { readonly dry_run?: 'true' } {
  return plan === true ? { dry_run: 'true' } : {};
}
