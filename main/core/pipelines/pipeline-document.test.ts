import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PipelineDocument, PipelineStep } from '../../model/pipeline'
import { canonicalJson, compareKeys, contentKey } from './content-key'
import { applyPipelineEdits } from './edit-pipeline'
import { parsePipeline, serialisePipeline } from './pipeline-document'
import { stepRegistry } from './steps'
import { findCycles } from './step-dependencies'
import { checkPipeline, validatePipeline } from './validate-pipeline'

const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const tricky = fc.oneof(
  text,
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1f',
    ' lead',
    'trail ',
    'a: b',
    '# no comment',
    '- x',
    '|',
    '>',
    "it's",
    'two\nlines\n',
    'SELECT *\n  FROM t\n\nWHERE x',
    '\ttab',
    '${{ parameters.p }}',
    '%d',
    '@a',
    '`',
    '\u2028',
    '---',
    '...',
    ''
  )
)
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    tricky,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(
      tricky.filter((k) => k !== '__proto__'),
      tie('node'),
      { maxKeys: 4 }
    )
  )
})).node
const id = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
const port = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/)
const json = (x: unknown): unknown => JSON.parse(JSON.stringify(x))
const step: fc.Arbitrary<PipelineStep> = fc.record(
  {
    id,
    type: fc.constantFrom('sql', 'split', 'source', 'script', 'unknown'),
    version: fc.integer({ min: 1, max: 9 }),
    title: tricky,
    inputs: fc.dictionary(
      port,
      fc.tuple(id, port).map(([a, b]) => `${a}.${b}`),
      { minKeys: 1, maxKeys: 4, noNullPrototype: true }
    ),
    parameters: fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), value, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
      .map(json) as fc.Arbitrary<PipelineStep['parameters']>,
    position: fc.record({ x: fc.integer(), y: fc.integer() }, { noNullPrototype: true }),
    cache: fc.constantFrom('auto' as const, 'never' as const),
    retries: fc.integer({ min: 0, max: 10 })
  },
  { requiredKeys: ['id', 'type'], noNullPrototype: true }
)
const document: fc.Arbitrary<PipelineDocument> = fc.record(
  {
    schema: fc.constant('drydock.pipeline' as const),
    version: fc.constant(1 as const),
    name: id,
    title: tricky,
    steps: fc.array(step, { maxLength: 6 })
  },
  { requiredKeys: ['schema', 'version', 'name', 'steps'], noNullPrototype: true }
)

/** Steps where each may read from earlier ones only: never cyclic. */
const acyclic = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 2, maxLength: 30 }).map((wishes) =>
  wishes.map((reads, index): PipelineStep => ({
    id: `s${index}`,
    type: 'sql',
    inputs: Object.fromEntries(index === 0 ? [] : reads.map((read, i) => [`p${i}`, `s${read % index}.table`])),
    parameters: { query: 'SELECT 1' }
  }))
)

describe('pipeline documents', () => {
  it('come back unchanged from YAML, and the YAML comes back byte for byte', () => {
    fc.assert(
      fc.property(document, (original) => {
        const yaml = serialisePipeline(original)
        const parsed = parsePipeline(yaml)
        expect(parsed.problems).toEqual([])
        expect(parsed.document).toEqual(original)
        expect(serialisePipeline(parsed.document!)).toBe(yaml)
      }),
      { numRuns: 300 }
    )
  })

  it('never throw on hostile text', () => {
    const bomb =
      'a: &a [x,x,x,x,x,x,x,x,x]\n' +
      'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
        .join('\n')
    for (const hostile of [bomb, '['.repeat(50_000), '\u0000', '--- a\n--- b', '!!js/function "x"', 'schema: &x [*x]', '{'.repeat(2000)]) {
      const { document: parsed, problems } = parsePipeline(hostile)
      expect(parsed).toBeNull()
      expect(problems.length).toBeGreaterThan(0)
    }
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (noise) => parsePipeline(noise).document === null))
    const valid = serialisePipeline({
      schema: 'drydock.pipeline',
      version: 1,
      name: 'n',
      steps: [{ id: 'a', type: 'sql', parameters: { query: 'SELECT 1' } }]
    })
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(20), fc.string({ maxLength: 12 }), (at, cut, insert) => {
        checkPipeline(valid.slice(0, at) + insert + valid.slice(at + cut), stepRegistry)
      }),
      { numRuns: 500 }
    )
  })

  it('that would take minutes, gigabytes or the whole stack are refused at once, with the reason', () => {
    const head = 'schema: drydock.pipeline\nversion: 1\nname: x\n'
    const withQuery = (yaml: string): string => `${head}steps:\n  - id: a\n    type: sql\n    parameters: { query: ${yaml} }\n`
    const reason = (yaml: string): string => {
      const { document, problems } = checkPipeline(yaml, stepRegistry)
      expect(document).toBeNull()
      expect(problems[0]).toMatchObject({ severity: 'error', line: expect.any(Number) })
      return problems[0].message
    }
    const letters = 'abcdefgh'
    const bomb = [...letters]
      .map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(i ? `*${letters[i - 1]}` : 'x')
            .join(',')}]\n`
      )
      .join('')
    expect(reason(`${bomb}${head}steps: []\n`)).toMatch(/alias/)
    expect(reason(withQuery('*s').replace('steps:', 'steps: &s'))).toMatch(/deeper than 64/)
    expect(reason(withQuery('['.repeat(100) + ']'.repeat(100)))).toMatch(/deeper than 64/)
    expect(reason(withQuery('['.repeat(100_000)))).toMatch(/Not valid YAML/)
    expect(reason(withQuery(`{ x: &a [${'1,'.repeat(20_000)}], y: [${Array(60).fill('*a').join(',')}] }`))).toMatch(
      /more than 1000000 entries/
    )
    expect(reason(`${head}# ${'-'.repeat(2_000_000)}\nsteps: []\n`)).toMatch(/longer than 2000000/)
    expect(reason(`${head}steps: []\n---\n${head}`)).toMatch(/several YAML documents/)
    expect(reason(`${head}steps: []\nname: y\n`)).toMatch(/"name" stands twice/)
    expect(reason(`${head}steps:\n${Array.from({ length: 2001 }, (_, i) => `  - { id: s${i}, type: sql }\n`).join('')}`)).toMatch(
      /at most 2,000 entries; there are 2,001/
    )
    // The parser's own search for equal keys is quadratic: 20,000 of them took it half a minute.
    const before = process.cpuUsage()
    const keys = head + 'steps: []\n' + Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')
    expect(reason(keys)).toMatch(/no key "k0" here/)
    const told = checkPipeline(keys, stepRegistry).problems
    expect(told.slice(98, 102).map(({ message, line }) => [message.slice(0, 24), line])).toEqual([
      ['There is no key "k98" he', 103],
      ['There is no key "k99" he', 104],
      ['There are 19,900 more ke', 1],
      ['The pipeline has no step', 4]
    ])
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000)
  })

  it('with names of JavaScript members hold what they say and nothing more', () => {
    const head = 'schema: drydock.pipeline\nversion: 1\nname: x\n'
    const { document, problems, ports } = checkPipeline(
      `${head}parameters:\n  - { name: constructor, type: string, default: s }\nsteps:\n  - { id: constructor, type: script, parameters: { command: [x], outputs: { constructor: Table } } }\n  - { id: b, type: sql, inputs: { constructor: constructor.constructor }, parameters: { query: "SELECT '\${{ parameters.constructor }}'" } }\n`,
      stepRegistry
    )
    expect(problems).toEqual([])
    expect(document!.steps.map((item) => item.id)).toEqual(['constructor', 'b'])
    expect(ports.map((item) => [item.inputs.map((port) => port.name), item.outputs.map((port) => port.name)])).toEqual([
      [[], ['constructor']],
      [['constructor'], ['table']]
    ])
    for (const yaml of [
      `__proto__: { polluted: 1 }\n${head}steps: []\n`,
      `${head}steps:\n  - { id: a, type: sql, inputs: { __proto__: a.table }, parameters: { query: SELECT 1 } }\n`,
      `${head}steps:\n  - { id: a, type: train, parameters: { target: y, parameters: { __proto__: { polluted: 1 } } } }\n`
    ])
      expect(checkPipeline(yaml, stepRegistry).problems[0]).toMatchObject({
        message: expect.stringContaining('"__proto__" cannot be a name')
      })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    for (const type of ['constructor', 'toString', '__proto__'])
      expect(checkPipeline(`${head}steps:\n  - { id: a, type: ${type} }\n`, stepRegistry).problems[0].code).toBe('UNKNOWN_STEP_TYPE')
  })

  it('of a newer version are refused, not guessed at, and problems carry their line', () => {
    expect(parsePipeline('schema: drydock.pipeline\nversion: 2\nname: a\nsteps: []').problems[0]).toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      line: 2
    })
    const { problems } = parsePipeline('schema: drydock.pipeline\nversion: 1\nname: a\nsteps:\n  - id: x\n    type: sql\n    colour: red\n')
    expect(problems[0]).toMatchObject({ code: 'SCHEMA', stepId: 'x', line: 7, message: expect.stringContaining('colour') })
  })
})

describe('edits', () => {
  const yaml = `# Who owns this
schema: drydock.pipeline
version: 1
name: kept # the name stays
steps:
  # reads the data
  - id: a
    type: source
    parameters:
      dataset: strikes # the real one
  - id: b
    type: sql
    inputs: { t: a.table }
    parameters:
      # counts
      query: SELECT count(*) FROM t
      output: Table
`
  it('keep comments and everything they do not touch', () => {
    const edited = applyPipelineEdits(yaml, [
      { kind: 'rename-step', stepId: 'a', newId: 'reports' },
      { kind: 'update-step', stepId: 'b', parameters: { query: 'SELECT 1 AS one FROM t', output: 'Table' }, retries: 2 },
      { kind: 'add-step', step: { id: 'c', type: 'sql', inputs: { u: 'b.table' }, parameters: { query: 'SELECT * FROM u' } } },
      { kind: 'move-step', stepId: 'c', position: { x: 10, y: -4 } },
      { kind: 'connect', from: 'reports.table', stepId: 'c', port: 'extra' }
    ])
    for (const comment of ['# Who owns this', '# the name stays', '# reads the data', '# the real one', '# counts'])
      expect(edited).toContain(comment)
    const parsed = parsePipeline(edited).document!
    expect(parsed.steps.map((s) => [s.id, s.inputs])).toEqual([
      ['reports', undefined],
      ['b', { t: 'reports.table' }],
      ['c', { u: 'b.table', extra: 'reports.table' }]
    ])
    expect(edited).toContain('position: { x: 10, y: -4 }')
    const removed = parsePipeline(applyPipelineEdits(edited, [{ kind: 'remove-step', stepId: 'reports' }])).document!
    expect(removed.steps.map((s) => s.inputs)).toEqual([undefined, { u: 'b.table' }])
  })

  it('refuse what cannot be', () => {
    expect(() => applyPipelineEdits(yaml, [{ kind: 'rename-step', stepId: 'a', newId: 'b' }])).toThrow(/already a step/)
    expect(() => applyPipelineEdits(yaml, [{ kind: 'remove-step', stepId: 'z' }])).toThrow(/no step "z"/)
    expect(() => applyPipelineEdits('[broken', [{ kind: 'remove-step', stepId: 'z' }])).toThrow(/repaired/)
  })

  it('never change our own layout where nothing was edited', () => {
    fc.assert(
      fc.property(document, (original) => {
        const before = serialisePipeline(original)
        expect(applyPipelineEdits(before, [])).toBe(before)
      }),
      { numRuns: 150 }
    )
  })
})

describe('validation', () => {
  it('accepts every acyclic graph and finds a cycle in every graph with a back edge, naming steps that really form one', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), fc.nat(), (steps, a, b) => {
        expect(findCycles(steps)).toEqual([])
        const [from, to] = [a % steps.length, b % steps.length].sort((x, y) => x - y)
        // A path from -> to, and an edge back.
        const looped = steps.map((s, index) => ({
          ...s,
          inputs: {
            ...s.inputs,
            ...(index > from && index <= to && { path: `s${index - 1}.table` }),
            ...(index === from && { back: `s${to}.table` })
          }
        }))
        const cycles = findCycles(looped)
        expect(cycles.length).toBeGreaterThan(0)
        for (const cycle of cycles)
          cycle.forEach((stepId, i) => {
            const next = looped.find((s) => s.id === cycle[(i + 1) % cycle.length])!
            expect(Object.values(next.inputs).map((ref) => ref.split('.')[0])).toContain(stepId)
          })
      }),
      { numRuns: 200 }
    )
  })

  it('does not overflow on a chain of two thousand steps', () => {
    const chain = Array.from({ length: 2000 }, (_, i): PipelineStep => ({
      id: `s${i}`,
      type: 'sql',
      inputs: { t: `s${(i + 1) % 2000}.table` }
    }))
    expect(findCycles(chain)[0]).toHaveLength(2000)
  })

  const codesOf = (steps: PipelineStep[], parameters?: PipelineDocument['parameters']): string[] =>
    validatePipeline({ schema: 'drydock.pipeline', version: 1, name: 'x', parameters, steps }, stepRegistry).map((problem) => problem.code)
  const source: PipelineStep = { id: 'a', type: 'source', parameters: { dataset: 'd' } }
  const sql = (inputs: Record<string, string>, stepId = 'b'): PipelineStep => ({
    id: stepId,
    type: 'sql',
    inputs,
    parameters: { query: 'SELECT 1' }
  })
  it.each<[string, string[], PipelineStep[], PipelineDocument['parameters']?]>([
    ['a sound pipeline', [], [source, sql({ t: 'a.table' })]],
    ['no steps', ['EMPTY'], []],
    ['an unknown type', ['UNKNOWN_STEP_TYPE'], [{ id: 'a', type: 'magic' }]],
    ['a repeated id', ['DUPLICATE_ID'], [source, source]],
    ['a missing input', ['MISSING_INPUT'], [{ id: 'a', type: 'split', parameters: {} }]],
    ['an unknown input port', ['UNKNOWN_PORT'], [source, { ...source, id: 'b', inputs: { t: 'a.table' } }]],
    ['an unknown step', ['DANGLING_REFERENCE'], [source, sql({ t: 'z.table' })]],
    ['an unknown output', ['DANGLING_REFERENCE'], [source, sql({ t: 'a.tables' })]],
    ['an inherited name as output', ['DANGLING_REFERENCE'], [source, sql({ t: 'a.constructor' })]],
    [
      'a report where a table is due',
      ['TYPE_MISMATCH'],
      [source, { id: 's', type: 'split', inputs: { table: 'a.table' } }, sql({ t: 's.report' })]
    ],
    ['a missing parameter', ['MISSING_PARAMETER'], [{ id: 'a', type: 'source', parameters: {} }]],
    ['an unknown parameter', ['INVALID_PARAMETER'], [{ ...source, parameters: { dataset: 'd', colour: 'red' } }]],
    ['an undeclared pipeline parameter', ['UNKNOWN_PARAMETER'], [{ ...source, parameters: { dataset: '${{ parameters.x }}' } }]],
    [
      'a declared pipeline parameter without default',
      [],
      [{ ...source, parameters: { dataset: '${{ parameters.x }}' } }],
      [{ name: 'x', type: 'string' }]
    ],
    [
      'a split that leaves nothing to learn from',
      ['INVALID_PARAMETER'],
      [source, { id: 's', type: 'split', inputs: { table: 'a.table' }, parameters: { test: 0.6, validation: 0.5 } }]
    ],
    ['a cycle', ['CYCLE'], [sql({ t: 'c.table' }, 'b'), sql({ t: 'b.table' }, 'c')]],
    ['a step that waits for itself', ['CYCLE'], [sql({ t: 'b.table' }, 'b')]]
  ])('%s', (_, codes, steps, parameters) => expect(codesOf(steps, parameters)).toEqual(codes))
})

describe('content key', () => {
  const base = {
    type: 't',
    version: 1,
    parameters: { a: 1, b: { c: [1, 2] } },
    frozen: {},
    inputs: { x: 'aa', y: 'bb' },
    environment: 'e',
    engines: { duckdb: '1' },
    variables: { V: '1' }
  }
  it('does not depend on the order of keys, and depends on every ingredient', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(canonicalJson(JSON.parse(canonicalJson(json(v))))).toBe(canonicalJson(json(v)))
      })
    )
    const { key, parts } = contentKey(base)
    expect(contentKey({ ...base, parameters: { b: { c: [1, 2] }, a: 1 }, inputs: { y: 'bb', x: 'aa' } }).key).toBe(key)
    const changed = [
      { type: 'u' },
      { version: 2 },
      { parameters: { a: 1, b: { c: [2, 1] } } },
      { frozen: { f: 1 } },
      { inputs: { x: 'bb', y: 'aa' } },
      { environment: 'f' },
      { engines: { duckdb: '2' } },
      { variables: { V: undefined } }
    ]
    expect(new Set([key, ...changed.map((part) => contentKey({ ...base, ...part }).key)]).size).toBe(changed.length + 1)
    expect(compareKeys(parts, contentKey({ ...base, inputs: { x: 'aa', y: 'cc' } }).parts)).toEqual([
      { part: 'input y', before: 'bb', after: 'cc' }
    ])
    expect(compareKeys(parts, contentKey({ ...base, engines: { duckdb: '2' } }).parts)).toEqual([
      { part: 'engine duckdb', before: '1', after: '2' }
    ])
    expect(JSON.stringify(contentKey({ ...base, variables: { V: 'a secret value' } }))).not.toContain('a secret value')
  })
})
