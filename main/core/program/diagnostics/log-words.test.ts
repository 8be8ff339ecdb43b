import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { logWords, otherWords, wordsOf } from './log-words'

const sources = execFileSync('git', ['ls-files', 'main'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path.endsWith('.ts') && !/\.(test|fixture)\.ts$|\/fixtures\/|\/testing\//.test(path))

/** What the sources log in words of their own; where a variable is logged, nothing is known of the words. */
const call = /\b(?:log\(\s*'(?:debug|info|warn|error)',|report\()\s*(?:'([^'\n]+)'|`([^`]+)`)/g
const logged = sources.flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(call)].map(([, plain, template]) => plain ?? template.replace(/\$\{[^}]*\}/g, '{}'))
)

describe('the words of the log', () => {
  it('are those of the sources, each of them and no other', () => {
    expect(logged.length).toBeGreaterThan(15)
    expect([...new Set(logged)].sort()).toEqual([...logWords].sort())
  })
  it('are given without the values that stand in them', () => {
    expect(wordsOf('Job "export of secret-dataset" failed')).toBe('Job "{}" failed')
    expect(wordsOf('Attempt of "train\nsecret" failed')).toBe('Attempt of "{}" failed')
    expect(wordsOf('workspace opened in /home/ana')).toBe(otherWords)
    expect(wordsOf('')).toBe(otherWords)
  })
})
