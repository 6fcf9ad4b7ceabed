/** The workers that run jobs. */
export interface Workers {
  /**
   * Notifies the workers that a job may be due. Only a hint: without it they find the job later.
   * Never throws, and returns at once.
   */
  wake(): void;
}
