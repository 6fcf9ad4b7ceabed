/**
 * Returns the code of an error of the system or the database (`ENOENT`, `57P03`), or null. Does not
 * test the class, since an error may come from another realm.
 */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Returns the message of an error in one line. */
export function messageOf(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
