import { useMemo } from 'react'
import { classNames } from './class-names'

const forbidden = 'script, iframe, frame, object, embed, portal, form, base, link, template, meta[http-equiv]'
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"

/**
 * The document as it may be drawn: no scripts, frames, forms or event attributes, links only within the page. The frame
 * has no rights anyhow; this keeps a hostile file from leading the reader to something else inside the frame.
 */
export function toInertHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const element of page.querySelectorAll(forbidden)) element.remove()
  for (const element of page.querySelectorAll('*')) {
    for (const { name } of Array.from(element.attributes))
      if (/^(on.*|srcdoc|ping|action|formaction|target|download)$/i.test(name)) element.removeAttribute(name)
    for (const name of ['href', 'xlink:href']) {
      const target = element.getAttribute(name)
      if (target !== null && !target.startsWith('#')) element.removeAttribute(name)
    }
  }
  const meta = page.createElement('meta')
  meta.setAttribute('http-equiv', 'Content-Security-Policy')
  meta.setAttribute('content', policy)
  page.head.prepend(meta)
  return `<!doctype html>${page.documentElement.outerHTML}`
}

export interface HtmlDocumentProps {
  html: string
  /** The accessible name of the frame. */
  title: string
  className?: string
}

/** A finished HTML document (a card, a report) in a frame without any rights. */
export function HtmlDocument({ html, title, className }: HtmlDocumentProps) {
  const inert = useMemo(() => toInertHtml(html), [html])
  return (
    <iframe
      title={title}
      srcDoc={inert}
      sandbox=""
      referrerPolicy="no-referrer"
      className={classNames('block h-full w-full border-0 bg-surface-1', className)}
    />
  )
}
