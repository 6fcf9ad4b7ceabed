/**
 * The code of a system's or a database's error (`ENOENT`, `57P03`), or null. Asks for no class:
 * errors cross realms.
 */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
