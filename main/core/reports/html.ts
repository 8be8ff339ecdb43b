/** Text that is known to be safe HTML. A plain string is always escaped. */
export class Html {
  readonly text: string
  private constructor(text: string) {
    this.text = text
  }

  /** For constants of this program and for the tagged template `html`, never for text that was read from somewhere. */
  static ofTrusted(text: string): Html {
    return new Html(text)
  }
}

export type HtmlValue = Html | string | number | bigint | boolean | null | undefined | readonly HtmlValue[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' }

/** Bidirectional controls and zero-width characters can make a name read as another one: they are shown as their code. */
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Escapes text for element content and quoted attributes; characters that could deceive a reader become visible codes. */
export function escapeHtml(text: string): string {
  return text
    .replace(loneSurrogate, '\ufffd')
    .replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"'`]/g, (character) => entities[character] ?? '')
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || value === false || value === true) return ''
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeHtml(String(value))
}

/** Builds HTML: literal parts are taken as they are, every interpolated value is escaped unless it is `Html`. */
export function html(literals: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return Html.ofTrusted(literals.reduce((text, literal, index) => text + render(values[index - 1]) + literal))
}

/** A relative link to a file of the same folder tree; each segment is percent-encoded, so a name cannot become a scheme. */
export function relativeLink(path: string): string {
  const encoded = path.split('/').map((segment) => encodeURIComponent(segment.replace(loneSurrogate, '\ufffd')))
  return encoded[0]?.startsWith('.') ? encoded.join('/') : `./${encoded.join('/')}`
}
