const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Returns an element around XML or one value. */
export function element(name: string, content: string | number | boolean): string {
  const text = String(content);
  return `<${name}>${text.startsWith('<') ? text : text.replace(/[&<>"]/g, (special) => SPECIAL[special]!)}</${name}>`;
}

/** A part in a completion request; `sha256` in base64, empty if absent. */
export interface NamedPart {
  readonly number: number;
  readonly tag: string;
  readonly sha256: string;
}

/** Returns the parts of a completion request, in its order. */
export function partsNamedIn(xml: string): NamedPart[] {
  return [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(valueOf(part, 'PartNumber')),
    tag: valueOf(part, 'ETag').replace(/&quot;/g, '"'),
    sha256: valueOf(part, 'ChecksumSHA256'),
  }));
}

function valueOf(xml: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '';
}
