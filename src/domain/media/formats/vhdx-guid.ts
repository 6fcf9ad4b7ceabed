/** Returns the GUID at `at` in the order of [MS-VHDX]: its first three groups are little-endian. */
export function guidAt(view: DataView, at: number): string {
  const groups = [
    hex(view.getUint32(at, true), 8),
    hex(view.getUint16(at + 4, true), 4),
    hex(view.getUint16(at + 6, true), 4),
    hex(view.getUint16(at + 8), 4),
    hex(view.getUint16(at + 10), 4) + hex(view.getUint32(at + 12), 8),
  ];
  return groups.join('-');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
