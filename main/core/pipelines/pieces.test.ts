import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { atOnce, nextTurn } from './pieces'
import { stepRegistry } from './steps'
import { checkText } from './validate-pipeline'
import { readNodes } from './yaml-nodes'

const STEPS = 1000
const steps = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => scriptStep(`s${i}`, `${i}`, i === 0 ? {} : { more: `    inputs: { t: s${i - 1}.result }\n` }))
const text = pipelineOf('many', ...steps(STEPS))

/** Words of a text, at the least: what a piece of the work may have is counted in them. */
const words = text.split(/\s+/).length
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

/** Turns of the event loop that pass while something is done. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const counting = (async () => {
    for (; !isOver; turns++) await nextTurn()
  })()
  await work()
  isOver = true
  await counting
  return turns
}

describe(`a text of ${STEPS} steps`, () => {
  it('is checked and kept as a draft in pieces, each in a turn of its own', async () => {
    const pieces: number[] = []
    const work = checkText(`${text}# by hand\n`, stepRegistry)
    let used = process.cpuUsage()
    for (let piece = work.next(); !piece.done; piece = work.next()) {
      const { user, system } = process.cpuUsage(used)
      pieces.push(user + system)
      used = process.cpuUsage()
    }
    // Reading, putting together, taking the values, fitting and checking: a piece for each 1,500 words or 24 steps.
    expect(pieces.length).toBeGreaterThan(words / 1500 + 4 * Math.floor(STEPS / 24 - 1))
    const whole = pieces.reduce((sum, each) => sum + each, 0)
    expect(Math.max(...pieces)).toBeLessThan(whole / 5)
    expect(await turnsOf(() => workspace.pipelines.saveDraft('many', `${text}# draft\n`))).toBeGreaterThan(100)
    // The roles of columns are gone through in pieces too, and a text that was read lately is not read again.
    const afresh = await turnsOf(() => workspace.pipelines.validate(text))
    const again = await turnsOf(() => workspace.pipelines.validate(text))
    expect(afresh - again).toBeGreaterThan(100)
    expect(again).toBeGreaterThan(3 * Math.floor(STEPS / 24 - 1))
  })

  it('is started whole or not at all', async () => {
    const { context, pipelines } = workspace
    const { ledger } = context
    const { insertAll } = ledger
    const rows = (table: string): number => ledger.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
    let statements = 0
    ledger.insertAll = (table, all) => {
      statements++
      insertAll(table, all)
      expect(rows('step_run')).toBe(STEPS)
      throw new Error('The power is gone.')
    }
    await expect(pipelines.run({ yaml: text })).rejects.toThrow('The power is gone.')
    ledger.insertAll = insertAll
    expect(statements).toBe(1)
    expect(['pipeline_run', 'step_run', 'job', 'journal_event', 'pipeline_version'].map(rows)).toEqual([0, 0, 0, 0, 0])
  })
})

describe('a text that is put together in pieces is the one that is put together at once', () => {
  const long = steps(60)
  it.each([
    [
      'comments',
      `# first\n${pipelineOf('p', ...long.map((step, i) => (i % 7 === 3 ? `  # before ${i}\n\n${step}` : step)))}  # last\n# end\n`
    ],
    ['what follows', `${pipelineOf('p', ...long)}title: after\nparameters:\n  - { name: a, type: string }\n`],
    ['entries that are empty', `${pipelineOf('p', ...long)}  -\n  - # nothing\n  - x\n`],
    [
      'names for parts',
      pipelineOf('p', ...long.map((step, i) => step.replace('outputs: {', `outputs: ${i === 0 ? '&o ' : ''}{`)), '  - *o\n')
    ],
    ['Windows line ends', pipelineOf('p', ...long).replaceAll('\n', '\r\n')],
    ['a tag', `${pipelineOf('p', ...long)}  - !!str 5\n`]
  ])('with %s', (_, yaml) => {
    const { nodes, problems } = atOnce(readNodes(yaml))
    expect(problems).toEqual([])
    const whole = parseDocument(yaml, { version: '1.2', schema: 'core' })
    expect(nodes!.toJS()).toEqual(whole.toJS())
    expect(nodes!.toString()).toBe(whole.toString())
    const placeOf = (document: typeof whole, at: number) => (document.getIn(['steps', at], true) as { range?: number[] } | null)?.range?.[0]
    for (const at of [0, 23, 24, 47, 48, 59]) expect(placeOf(nodes as typeof whole, at)).toBe(placeOf(whole, at))
  })

  it.each([
    ['a bracket that does not close', (step: string) => step.replace('}', '')],
    ['an entry that is none', () => '  nothing\n'],
    ['a tab', (step: string) => step.replace('    type', '\ttype')]
  ])('with %s it has the same first problem', (_, broken) => {
    const yaml = pipelineOf('p', ...long.map((step, i) => (i === 50 ? broken(step) : step)))
    const [first] = parseDocument(yaml, { version: '1.2', schema: 'core' }).errors.sort((a, b) => a.pos[0] - b.pos[0])
    const { problems } = atOnce(readNodes(yaml))
    expect([problems[0]!.line, problems[0]!.column]).toEqual([first!.linePos![0].line, first!.linePos![0].col])
    expect(first!.message).toContain(problems[0]!.message.replace('Not valid YAML: ', '').replace(/\.$/, ''))
  })
})
