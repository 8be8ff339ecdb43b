/** A finished page with what its sheets say of it on paper. */
export interface WorkbenchDocument {
  html: string
  title: string
  /** What the document is about, for a reader of the paper to get back to: `dataset:birds@... · report sha256:...`. */
  reference: string
  /** The bands across the top of the page: demo identities, a classification. */
  band?: string
  /** When it was made, ISO 8601. */
  at: string
}

const characters: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`' }
const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => characters[entity])
    .replace(/\s+/g, ' ')
    .trim()

/** Takes from a page of `htmlPage` what its sheets repeat: kind and title, and every note that stands above the head of the page. */
export function documentOf(html: string, { reference, at }: { reference: string; at: string }): WorkbenchDocument {
  const [, title = ''] = /<title>([\s\S]*?)<\/title>/.exec(html) ?? []
  const [, top = ''] = /<body>([\s\S]*?)<header/.exec(html) ?? []
  const bands = [...top.matchAll(/<div[^>]*role="note"[^>]*>([\s\S]*?)<\/div>/g)].map(([, band]) => plain(band))
  const [, kind = ''] = /<p class="kind">([\s\S]*?)<\/p>/.exec(html) ?? []
  return {
    html,
    title: [kind, title].map(plain).filter(Boolean).join(': '),
    reference,
    at,
    ...(bands.length > 0 && { band: bands.join(' · ') })
  }
}
