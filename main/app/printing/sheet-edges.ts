import type { PrintedPage } from '../../model/printed-page'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** Inches. */
export const margins = { top: 0.8, bottom: 0.85, left: 0.65, right: 0.65 }

// The edges are pages of their own, which load nothing; Chromium draws them in the font of the machine, encloses
// that, and enlarges them by a third against the page.
const style = `<style>
.edge{box-sizing:border-box;width:100%;padding:0 0.49in;font:7.5px sans-serif;color:#444;-webkit-print-color-adjust:exact}
.row{display:flex;justify-content:space-between;gap:16px}
.row>:first-child{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.row>:last-child{white-space:nowrap}
.band{margin:0 0 4px;padding:2px 8px;text-align:center;font-size:7px;font-weight:700;color:#5c3900;background:#fdf1d8;border:0.5px solid #855200;
overflow-wrap:anywhere;line-height:1.2}
/* A reference that is cut leads nowhere. */.whole{overflow-wrap:anywhere;margin-bottom:2px}
.mono{font-family:monospace;font-size:7px}
</style>`

/** Above each sheet: the band where the page has one, and the title. */
export const sheetHeader = ({ title, band }: PrintedPage): string =>
  `${style}<div class="edge">${band === undefined ? '' : `<div class="band">${escaped(band)}</div>`}
<div class="row"><span>${escaped(title)}</span><span>Drydock</span></div></div>`

/** Below each sheet: what it is about, what the digest is of, and which sheet of how many this is. */
export const sheetFooter = ({ reference, sha256 }: PrintedPage): string =>
  `${style}<div class="edge"><div class="whole">${escaped(reference)}</div>
<div class="row"><span>SHA-256 of the HTML page: <span class="mono">${escaped(sha256)}</span></span>
<span>page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div></div>`
