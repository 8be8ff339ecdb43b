import { readGuide } from '../core/guide'
import { WorkbenchError } from '../model/errors'
import { findGuidePage, searchGuide, type GuidePage } from '../model/guide'
import type { CommandBody } from './command'
import { listOf, textTable } from './output'

/** The page of a topic. Throws NOT_FOUND with the topics that were perhaps meant. */
function pageOf(pages: readonly GuidePage[], topic: string): GuidePage {
  const found = findGuidePage(pages, topic)
  if (!Array.isArray(found)) return found
  const meant = found.length === 0 ? '' : ` Did you mean ${found.map((each) => `"${each}"`).join(' or ')}?`
  throw new WorkbenchError('NOT_FOUND', `The guide has no topic "${topic}".${meant} "drydock guide" lists all of them.`, {
    details: { topic, suggestions: found }
  })
}

/** `guide`. */
export const readGuidePage: CommandBody = async ({ output }, [topic], options) => {
  const pages = readGuide()
  if (options.find !== undefined) {
    const items = searchGuide(pages, String(options.find)).map(({ score: _score, ...place }) => place)
    const rows = items.map(({ topic: where, heading, line }) => [where, heading ?? '', line.slice(0, 80)])
    output.result(
      listOf(items),
      items.length === 0 ? 'Nothing: no page has all of these words. Try fewer.' : textTable(['topic', 'heading', 'text'], rows)
    )
  } else if (topic !== undefined) {
    const page = pageOf(pages, topic)
    output.result(page, page.text)
  } else {
    const items = pages.map(({ text: _text, ...about }) => about)
    output.result(
      listOf(items),
      `${textTable(
        ['topic', 'title'],
        items.map((page) => [page.topic, page.title])
      )}\n\nRead one: drydock guide TOPIC`
    )
  }
}
