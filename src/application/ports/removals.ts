/** The process that purges removed items. */
export interface Removals {
  /**
   * Notifies it that items have entered `removing`, so that uploads into them stop and their bytes
   * are deleted soon. Only a hint: without it both happen later. Never throws, returns at once, and
   * may be called any number of times.
   */
  wake(): void;
}
