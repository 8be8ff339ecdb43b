import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyCommand } from '../core/all-commands'
import { topics, type Topic } from '../model/topics'

const root = join(import.meta.dirname, '..', '..')
const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|fixture)\.|testing\.tsx$/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))

const every = [...everyCommand.values()]
/** By a command, by its event, or by the engine, the jobs and the program, which change things without being asked. */
const published = new Set<string>([
  ...every.flatMap((command) => command.topics),
  ...(every.some((command) => typeof command.event === 'string') ? ['workspace'] : []),
  ...sourcesIn('main/core').flatMap((text) =>
    [...text.matchAll(/\b(?:context\.changed|changes\.publish)\(('[^)]*')\)/g)].flatMap(([, list]) =>
      [...list!.matchAll(/'([^']+)'/g)].map(([, topic]) => topic!)
    )
  )
])
/** The key of a cached read begins with the feature that it asks. */
const read = new Set(
  sourcesIn('renderer').flatMap((text) =>
    [...text.matchAll(/\b(?:useHostQuery|queryFor|usePagedRows)\(\s*(?:client,\s*)?'([a-z]+)\./g)].map(([, feature]) => feature!)
  )
)

describe('every topic', () => {
  it.each(topics)('%s is published by somebody and read by a screen', (topic) => {
    expect([...published]).toContain(topic)
    expect([...read]).toContain(topic)
  })
  it('that anybody publishes is one of them', () => {
    const known: readonly Topic[] = [...topics, '*']
    expect([...published].filter((topic) => !known.includes(topic as Topic))).toEqual([])
  })
})
