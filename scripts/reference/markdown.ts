import type { Field } from './schema-fields'

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ')
export const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
export const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

/** A table; columns in which no row has anything are left out. */
export function table(header: string[], rows: string[][]): string {
  const used = header.flatMap((_, i) => (rows.some((row) => row[i]) ? [i] : []))
  const line = (cells: string[]): string => `| ${used.map((i) => cell(cells[i] ?? '')).join(' | ')} |`
  return [line(header), `|${used.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')
}

/** The fields of a document or of a step, a row each. */
export const fieldTable = (fields: readonly Field[]): string =>
  table(
    ['field', 'type', 'needed', 'default', 'meaning'],
    fields.map((field) => [
      code(field.path),
      field.type,
      field.required && field.default === undefined ? 'yes' : '',
      field.default === undefined ? '' : code(JSON.stringify(field.default)),
      field.description
    ])
  )

/** A page that nobody edits by hand. */
export const page = (title: string, summary: string, parts: readonly string[]): string =>
  `<!-- Written by "node scripts/reference.mjs"; changes by hand are lost. -->\n# ${title}\n\n${summary}\n\n${parts.filter(Boolean).join('\n\n')}\n`
