import { describe, expect, it } from 'vitest'
import { filesOfTopic, guideTopics } from './guide'

const files = ['card/model-card.html', 'data/b.json', 'data/a.json', 'database.json', 'lineage/provenance.slsa.json'].map((path) => ({
  path
}))
const of = (word: string) =>
  filesOfTopic(
    guideTopics.find((topic) => topic.title.includes(word))!,
    files
  ).map((file) => file.path)

describe('the guide through a bundle', () => {
  it('names the files that answer a topic, whole folders too, and nothing for what the bundle lacks', () => {
    expect(of('Purpose')).toEqual(['card/model-card.html'])
    expect(of('Where the data comes from')).toEqual(['data/b.json', 'data/a.json', 'lineage/provenance.slsa.json'])
    expect(of('Risks')).toEqual([])
  })
})
