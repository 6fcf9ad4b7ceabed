/** Whoever does the jobs. */
export interface Workers {
  /**
   * Says that there may be a job to do. Promises nothing more: without it jobs are done too, only
   * later. Never fails, and returns at once.
   */
  wake(): void;
}
