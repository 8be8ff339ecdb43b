import type { Component } from './component'

const line = '='.repeat(80)

/**
 * The third-party notices of a release as text: a list of all that is not ours, then every licence text once, under the names of those that
 * come with it.
 */
export function writeNotices(components: readonly Component[], version: string): string {
  const byText = new Map<string, { title: string; of: string[] }>()
  for (const { name, version: its, texts } of components)
    for (const { title, text } of texts) {
      const known = byText.get(text) ?? { title, of: [] }
      byText.set(text, known)
      known.of.push(`${name} ${its}`)
    }
  const list = components.map(({ name, version: its, licence, held }) => `${name} ${its}: ${licence} (${held})`)
  const texts = [...byText].map(([text, { title, of }]) => [line, ...of, `(${title})`, line, '', text, ''].join('\n'))
  return [
    `Third-party notices of Drydock ${version}`,
    '',
    'Drydock is under the Apache License 2.0 (file LICENSE). It holds work of others, which is listed here with its licences and notices.',
    'Each text stands once, under the names of all that come with it.',
    '',
    ...list,
    '',
    ...texts
  ].join('\n')
}
