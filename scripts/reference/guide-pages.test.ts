import type { Command } from 'commander'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { readGuide } from '../../main/core/guide'
import { stepRegistry } from '../../main/core/pipelines/steps'
import { checkPipeline } from '../../main/core/pipelines/validate-pipeline'
import { parsePolicy } from '../../main/core/policies'
import { checkPolicy } from '../../main/core/policies/gate'
import { GateFactsFile } from '../../main/cli/policy-checks'
import { TrustFile } from '../../main/core/bundle-format/trust-document'
import { commandEntries } from './commands'

const pages = readGuide()
const entries = new Map(commandEntries().map(({ spec, command }) => [spec, command]))

/** The words of a command line as a shell would hand them over, without a comment behind them. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|#.*$|(\S+)/g)].flatMap(([whole, double, single, plain]) =>
    plain === undefined && whole.startsWith('#') ? [] : [double ?? single ?? plain!]
  )
const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, block]) => block!)

/** Command lines in blocks of a shell, and those that stand in a sentence as code. */
const commandLines = pages
  .filter(({ topic }) => !topic.startsWith('reference/'))
  .flatMap(({ topic, text }) => [
    ...blocksOf(text, 'sh').flatMap((block) =>
      block
        .split('\n')
        .map((line) => line.replace(/^.*\| (?=drydock )/, '').trim())
        .filter((line) => line.startsWith('drydock '))
        .map((line) => ({ topic, line, isWhole: true }))
    ),
    ...[...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`(drydock [a-z][^`]*)`/g)].map(([, line]) => ({
      topic,
      line: line!,
      isWhole: false
    }))
  ])
  .filter(({ line }) => !/^drydock (NOUN|TOPIC)/.test(line))

function judgeLine(line: string, isWhole: boolean): string[] {
  const [, ...words] = wordsOf(line)
  const spec = [words.slice(0, 2).join(' '), words[0]!].find((each) => entries.has(each))
  if (spec === undefined) return [`there is no command "${words.slice(0, 2).join(' ')}"`]
  const command: Command = entries.get(spec)!
  const given = words.slice(spec.split(' ').length)
  const flags = given.filter((word) => /^--?[a-z]/.test(word))
  const known = (flag: string): boolean =>
    ['--json', '--help'].includes(flag) || command.options.some(({ long, short }) => flag === long || flag === short)
  const missing = command.options.filter(({ mandatory, long, short }) => mandatory && !flags.includes(long!) && !flags.includes(short!))
  return [
    ...flags.filter((flag) => !known(flag)).map((flag) => `"${spec}" has no option ${flag}`),
    ...(isWhole ? missing.map(({ long }) => `"${spec}" needs ${long}`) : [])
  ]
}

describe('what the pages of the guide say', () => {
  it('names only commands and options that there are, and gives each what it needs', () => {
    expect(commandLines.length).toBeGreaterThan(30)
    expect(commandLines.flatMap(({ topic, line, isWhole }) => judgeLine(line, isWhole).map((fault) => `${topic}: ${fault}`))).toEqual([])
  })

  it('would be noticed when it named others', () => {
    expect(judgeLine('drydock verify a.drydock --kye k.pem', true)).toEqual(['"verify" has no option --kye'])
    expect(judgeLine('drydock runs', true)).toEqual(['"runs" needs --workspace'])
    expect(judgeLine('drydock fly', true)).toHaveLength(1)
    expect(wordsOf('drydock sql -w lab "SELECT 1"   # all')).toEqual(['drydock', 'sql', '-w', 'lab', 'SELECT 1'])
  })

  it('shows pipelines, policies and trust documents that are right, and steps that are', () => {
    let [pipelines, policies, cases, trusts, steps] = [0, 0, 0, 0, 0]
    for (const { topic, text } of pages)
      for (const block of blocksOf(text, 'yaml')) {
        const document = parse(block) as { schema?: string } | { type: string }[]
        if (Array.isArray(document)) {
          for (const { type } of document) expect(stepRegistry.has(type), `${topic}: ${type}`).toBe(true)
          steps++
        } else if (document.schema === 'drydock.pipeline') {
          const errors = checkPipeline(block, stepRegistry).problems.filter(({ severity }) => severity === 'error')
          expect(errors, topic).toEqual([])
          pipelines++
        } else if (document.schema === 'drydock.policy') {
          expect(checkPolicy(parsePolicy(block)), topic).toEqual([])
          policies++
        } else if (document.schema === 'drydock.gate-facts') {
          expect(GateFactsFile.safeParse(document).success, topic).toBe(true)
          cases++
        } else if (document.schema === 'drydock.trust') {
          expect(TrustFile.safeParse(document).success, topic).toBe(true)
          trusts++
        }
      }
    expect([pipelines, policies, cases, trusts, steps].every((count) => count > 0)).toBe(true)
  })
})
