/** What a page of `htmlPage` says itself that it may load: nothing. */
const ownPolicy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`
/** On paper its fonts come from this program; everything else stays as forbidden as before. */
export const printPolicy = `${ownPolicy}; font-src 'self' data:`

/**
 * The page with the enclosed fonts and with all that is folded away on a screen, because nobody can open it on paper; the numbers behind a
 * chart stay away, as the style of the page says. Every text in such a page is escaped, so a tag in it is one of ours. Throws for anything that is not such a page.
 */
export function printablePage(html: string, fontCss: string): string {
  const [before, after, ...more] = html.split(`content="${ownPolicy}"`)
  if (after === undefined || more.length > 0 || !after.includes('</head>')) throw new Error('This is no page of Drydock.')
  return `${before}content="${printPolicy}"${after}`
    .replace('</head>', () => `<style>${fontCss}</style></head>`)
    .replace(/<details(?=[\s>])/g, '<details open')
}
