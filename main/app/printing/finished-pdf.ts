/** What a PDF says of itself. */
export interface PdfFacts {
  title: string
  /** What the document is about. */
  reference: string
  /** ISO 8601; both dates of the file, so that the same page gives the same bytes. */
  at: string
  version: string
}

/**
 * Holds a printed PDF to be whole and completes what Chromium says of it: title, subject, language, and the dates of the document instead
 * of those of the print. Added the way that PDF has for it, as an update behind the end, so that nothing that was printed moves.
 */
export function finishedPdf(printed: Buffer, facts: PdfFacts): Buffer {
  const text = printed.toString('latin1')
  const [, start] = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text) ?? []
  if (!text.startsWith('%PDF-') || start === undefined) throw new Error('The printed document is not whole.')
  const trailer = text.slice(text.lastIndexOf('trailer'))
  const [size, root, info] = ['Size', 'Root', 'Info'].map((name) => Number(new RegExp(`/${name} (\\d+)`).exec(trailer)?.[1]))
  const catalog = objectOf(text, root)
  if (!Number.isInteger(size) || !Number.isInteger(info) || catalog === undefined)
    throw new Error('The printed document has another form than expected.')
  const added: [number, string][] = [
    [info, infoOf(facts, objectOf(text, info) ?? '')],
    [root, catalogIn(catalog)]
  ]
  // Whoever reads from the start must not find another date there.
  const same = text.replace(
    /\/(CreationDate|ModDate) \((D:\d{14}[+-]\d\d'\d\d')\)/g,
    (_, name: string) => `/${name} (${pdfDate(facts.at)})`
  )
  return Buffer.from(same + updateOf(added, same.length, { size, root, info, previous: Number(start) }), 'latin1')
}

/** The dictionary of an object, with its brackets. */
function objectOf(text: string, number: number): string | undefined {
  const [, body] = new RegExp(`(?:^|[\\r\\n])${number} 0 obj\\s*(<<[\\s\\S]*?>>)\\s*endobj`).exec(text) ?? []
  return body
}

const infoOf = ({ title, reference, at, version }: PdfFacts, old: string): string => {
  const producer = /\/Producer (\([^()]*\))/.exec(old)?.[1] ?? '(Skia/PDF)'
  const date = `(${pdfDate(at)})`
  return `<< /Title ${pdfText(title)} /Subject ${pdfText(reference)} /Creator ${pdfText(`Drydock ${version}`)} /Producer ${producer} /CreationDate ${date} /ModDate ${date} >>`
}

/** With the language, and with the title as the name of the window that shows it. */
function catalogIn(old: string): string {
  const more = [
    ...(/\/Lang\b/.test(old) ? [] : ['/Lang (en)']),
    ...(/\/ViewerPreferences\b/.test(old) ? [] : ['/ViewerPreferences << /DisplayDocTitle true >>'])
  ]
  return `${old.slice(0, -2)} ${more.join(' ')} >>`
}

/** The same length as Chromium's own. */
const pdfDate = (at: string): string => `D:${new Date(at).toISOString().slice(0, 19).replace(/[-T:]/g, '')}+00'00'`

/** UTF-16 in hexadecimal digits, which needs no escapes. */
const pdfText = (text: string): string => `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`

function updateOf(
  objects: readonly [number, string][],
  length: number,
  { size, root, info, previous }: { size: number; root: number; info: number; previous: number }
): string {
  let body = '\n'
  const places = objects.map(([number, dictionary]) => {
    const at = length + body.length
    body += `${number} 0 obj\n${dictionary}\nendobj\n`
    return `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = length + body.length
  return `${body}xref\n${places.join('')}trailer\n<< /Size ${size} /Root ${root} 0 R /Info ${info} 0 R /Prev ${previous} >>\nstartxref\n${table}\n%%EOF\n`
}
