import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { isMap, parseDocument, visit } from 'yaml'
import { applyPipelineEdits, editPipeline } from './edit-pipeline'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { atOnce, nextTurn, type Work } from './pieces'
import { stepRegistry } from './steps'
import { checkText } from './validate-pipeline'
import { writeNodes } from './write-nodes'
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

/** What the pieces of the work take, in microseconds of the processor, and what comes of it. */
function piecesOf<T>(work: Work<T>): { pieces: number[]; result: T } {
  const pieces: number[] = []
  for (;;) {
    const used = process.cpuUsage()
    const piece = work.next()
    if (piece.done) return { pieces, result: piece.value }
    const { user, system } = process.cpuUsage(used)
    pieces.push(user + system)
  }
}

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
    const { pieces } = piecesOf(checkText(`${text}# by hand\n`, stepRegistry))
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

  it('is changed in pieces, also where all of it stands in brackets', () => {
    for (const yaml of [text, JSON.stringify(parseDocument(text).toJS(), null, 2)]) {
      const { pieces, result } = piecesOf(editPipeline(yaml, [{ kind: 'move-step', stepId: 's500', position: { x: 1, y: 2 } }]))
      const whole = pieces.reduce((sum, each) => sum + each, 0)
      // Reading, putting together and writing: a piece for each 1,500 words or 24 steps.
      expect(pieces.length).toBeGreaterThan(yaml.split(/\s+/).length / 1500 + 2 * Math.floor(STEPS / 24 - 1))
      expect(Math.max(...pieces)).toBeLessThan(whole / 5)
      expect(parseDocument(result).getIn(['steps', 500, 'position', 'y'])).toBe(2)
    }
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
    ['a tag', `${pipelineOf('p', ...long)}  - !!str 5\n`],
    ['brackets', JSON.stringify(parseDocument(pipelineOf('p', ...long)).toJS(), null, 2)],
    ['brackets around the steps', `name: p\nsteps: [\n${'  { id: a },\n\n  b,\n  c: d,\n'.repeat(20)}  ]\ntitle: after\n`],
    ['comments in brackets', `steps: [ # first\n${'  { id: a }, # of a\n  # of b\n  b,\n'.repeat(30)} # last\n ]\n`]
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

describe('a text that is written in pieces is the one that is written at once', () => {
  const entry = fc.constantFrom(
    '  - id: a # at its id\n    position:\n      x: 1\n      y: 2\n',
    '  # before\n  - { id: b, position: { x: 1, y: 2 } } # behind\n',
    '\n  - id: c\n    parameters:\n      query: |+\n        SELECT 1\n\n\n',
    '  - id: d\n    # first\n    inputs: {}\n    # last\n',
    '  - &e\n    id: e\n    parameters: &p { long: "a  b" }\n',
    '  - *first\n',
    '  - id: f\n    parameters: *first\n',
    '  -\n',
    '  - plain # word\n',
    '  - - nested\n    - list\n',
    '  - !!map\n    id: g\n'
  )
  const head = fc.constantFrom('', '# at the top\n\n', 'title: |+\n  Long\n\n')
  const tail = fc.constantFrom('', '# at the end\n', 'position:\n  x: 1\n', 'parameters:\n  - &first { name: b }\n')

  const atOnceOf = (yaml: string): string => {
    const nodes = parseDocument(yaml, { version: '1.2', schema: 'core' })
    visit(nodes, {
      Pair: (_, { key, value }) => {
        if ((key as { value?: unknown }).value === 'position' && isMap(value)) value.flow = true
      }
    })
    return nodes.toString({ lineWidth: 0, blockQuote: 'literal', flowCollectionPadding: true })
  }
  const outcome = (write: () => string): string => {
    try {
      return write()
    } catch (error) {
      return (error as Error).message
    }
  }

  it('whatever stands in it, also in two lists and with a name that is missing', () => {
    fc.assert(
      fc.property(head, fc.array(entry, { minLength: 25, maxLength: 80 }), tail, fc.boolean(), (before, entries, after, isNamed) => {
        const named = isNamed ? 'description: &first { a: 1 }\n' : ''
        const yaml = `${before}${named}steps:\n${entries.join('')}more:\n${entries.join('')}${after}`
        const { nodes, problems } = atOnce(readNodes(yaml))
        expect(problems).toEqual([])
        expect(outcome(() => atOnce(writeNodes(nodes!)))).toBe(outcome(() => atOnceOf(yaml)))
      }),
      { numRuns: 25, seed: 27 }
    )
  })

  it('in brackets too, and after a change', () => {
    const json = JSON.stringify(
      { name: 'p', steps: Array.from({ length: 60 }, (_, at) => ({ id: `s${at}`, position: { x: at, y: 0 } })) },
      null,
      1
    )
    expect(applyPipelineEdits(json, [])).toBe(atOnceOf(json))
    const moved = applyPipelineEdits(json, [{ kind: 'update-step', stepId: 's30', cache: 'never' }])
    const changed = JSON.parse(json) as { steps: object[] }
    Object.assign(changed.steps[30]!, { cache: 'never' })
    expect(parseDocument(moved).toJS()).toEqual(changed)
    expect(moved.replace(', cache: never', '')).toBe(atOnceOf(json))
  })
})
