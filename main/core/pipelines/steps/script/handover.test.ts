import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DurationNanosecond,
  Int32,
  makeData,
  makeVector,
  Table,
  tableToIPC,
  Timestamp,
  TimeUnit,
  vectorFromArray,
  type Vector
} from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../../../model/pipeline-run'
import { pipelineOf } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

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

type Given = Record<string, string | number | boolean>
const run = (yaml: string, parameters: Given = {}): Promise<PipelineRun> => workspace.run(yaml, { parameters })
const textOf = (result: PipelineRun, id: string): string =>
  readFileSync(workspace.context.objects.pathOf(result.steps.find((step) => step.stepId === id)!.outputs[0].sha256), 'utf8')
const withParameters = (yaml: string, parameters: string): string => yaml.replace('steps:\n', `parameters:\n${parameters}steps:\n`)
/** A shell script with one output, `o`; `more` are further parameters of the step. */
const sh = (id: string, command: string, { more = '', output = 'o: File', lines = '' } = {}): string =>
  `  - id: ${id}\n    type: script\n${lines}    parameters: { command: [sh, -c, '${command}'], outputs: { ${output} }${more} }\n`

describe('variables that every script is handed', () => {
  it.each([
    ['TZ', 'UTC', 'Asia/Tokyo', 'date -d @0 +%H:%M'],
    ['LC_ALL', 'C', 'POSIX', 'echo $LC_ALL']
  ])('%s is part of the content key', async (name, one, other, command) => {
    const yaml = pipelineOf(`key-${name.toLowerCase().replace('_', '-')}`, sh('a', `${command} > $DRYDOCK_OUTPUT_O`))
    const before = process.env[name]
    try {
      process.env[name] = one
      const first = await run(yaml)
      expect((await run(yaml)).cachedSteps).toBe(1)
      process.env[name] = other
      const second = await run(yaml)
      expect([second.cachedSteps, second.steps[0].changes.map(({ part }) => part)]).toEqual([0, [`variable ${name}`]])
      expect(textOf(second, 'a')).not.toBe(textOf(first, 'a'))
    } finally {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    }
  })
})

it('says in the log what steps read otherwise than the Arrow file of a script holds it', async () => {
  const file = join(folder.path, 'handed.arrow')
  const zoned = new Timestamp(TimeUnit.NANOSECOND, 'Europe/Berlin')
  const columns = {
    wait: vectorFromArray([1500n, null], new DurationNanosecond()) as Vector,
    at: makeVector(makeData({ type: zoned, length: 2, nullCount: 0, data: BigInt64Array.of(1n, 1_700_000_000_123_456_789n) })) as Vector,
    n: vectorFromArray([1, 2], new Int32()) as Vector
  }
  writeFileSync(file, tableToIPC(new Table(columns), 'file'))
  const result = await run(pipelineOf('arrow-notes', sh('a', `cp ${file} $DRYDOCK_OUTPUT_O`, { output: 'o: Table' })))
  expect(result.failure).toBeNull()
  const { text } = await workspace.pipelines.log(result.id, 'a')
  expect(text).toContain('The output "o": "wait" is a length of time (duration[ns]); steps read it as a whole number of ns.')
  expect(text).toMatch(/The output "o": "at" has a time zone .*; steps read it in UTC, to the microsecond: what is finer is cut off[.]/)
  expect(text.match(/The output "o"/g)).toHaveLength(2)
})

describe('parameters of the pipeline', () => {
  it('are whole arguments whatever their type, and numbers in a command stay as they were typed', async () => {
    const yaml = withParameters(
      pipelineOf(
        'arguments',
        `  - id: a
    type: script
    parameters:
      command: [sh, -c, 'printf "%s|" "$@" > $DRYDOCK_OUTPUT_O', sh, "\${{ parameters.n }}", "\${{ parameters.yes }}", "i=\${{ parameters.i }}", 0, 1.0, 00123, true]
      outputs: { o: File }
  - id: b
    type: script
    parameters: { command: [sleep, 0], files: { f: "\${{ parameters.n }}" }, outputs: {} }
`
          .replace(', outputs: {} }', ', outputs: { o: File } }')
          .replace('[sleep, 0]', `[sh, -c, 'cat f > $DRYDOCK_OUTPUT_O', 0]`)
      ),
      '- { name: n, type: number, default: 0.5 }\n- { name: yes, type: boolean, default: true }\n- { name: i, type: integer, default: 1 }\n'
    )
    const result = await run(yaml, { i: '9007199254740991' })
    expect(result.failure).toBeNull()
    expect([textOf(result, 'a'), textOf(result, 'b')]).toEqual(['0.5|true|i=9007199254740991|0|1.0|00123|true|', '0.5'])
  })

  it('are refused where a number would not hold all their digits', async () => {
    const yaml = withParameters(
      pipelineOf('paramcli', sh('a', 'echo > $DRYDOCK_OUTPUT_O')),
      '- { name: n, type: number, default: 1 }\n- { name: i, type: integer, default: 1 }\n'
    )
    for (const name of ['i', 'n'])
      await expect(run(yaml, { [name]: '9007199254740993' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(`"${name}" cannot hold 9007199254740993 exactly`)
      })
    expect((await run(yaml, { n: '1e300' })).parameters).toEqual({ n: 1e300, i: 1 })
    const { problems } = await workspace.pipelines.validate(yaml.replace('default: 1 }', 'default: 9007199254740993 }'))
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('9007199254740993 cannot be held exactly')])
  })

  it('stand in DRYDOCK_PARAMS as JSON, and only those that the step names count for its key', async () => {
    const yaml = withParameters(
      pipelineOf(
        'params',
        sh('all', 'printf %s "$DRYDOCK_PARAMS" > $DRYDOCK_OUTPUT_O'),
        sh('one', 'printf %s "$DRYDOCK_PARAMS" > $DRYDOCK_OUTPUT_O', { more: ', params: [z]' }),
        sh('none', 'printf %s "$DRYDOCK_PARAMS" > $DRYDOCK_OUTPUT_O', { more: ', params: []' })
      ),
      '- { name: z, type: string, default: "00123" }\n- { name: n, type: number, default: 1 }\n'
    )
    const first = await run(yaml)
    expect(first.failure).toBeNull()
    expect(['all', 'one', 'none'].map((id) => JSON.parse(textOf(first, id)) as unknown)).toEqual([{ z: '00123', n: 1 }, { z: '00123' }, {}])
    expect((await run(yaml, { n: 2 })).steps.map(({ cached }) => cached)).toEqual([false, true, true])
  })
})

describe('a secret', () => {
  const value = 'hunter2-"quoted"\nsecond line of it'
  const lines = value.split('\n')
  /** Every file below a folder that holds one of these texts. */
  const holding = (path: string): string[] =>
    readdirSync(path).flatMap((name) => {
      const child = join(path, name)
      if (statSync(child).isDirectory()) return holding(child)
      const bytes = readFileSync(child)
      return [value, ...lines, JSON.stringify(lines[0]).slice(1, -1)].some((text) => bytes.includes(text)) ? [child] : []
    })
  const declaring = (yaml: string): string => withParameters(yaml, '- { name: token, type: secret }\n')
  const spill = `  - id: spill
    type: script
    parameters:
      command: [sh, -c, 'echo "out $DRYDOCK_SECRET_TOKEN"; echo "err $DRYDOCK_SECRET_TOKEN" >&2; printf %s "$DRYDOCK_PARAMS" > $DRYDOCK_OUTPUT_O; [ -n "$DRYDOCK_SECRET_TOKEN" ] && exit 3']
      secrets: [token]
      outputs: { o: File }
`
  it('is handed to the steps that name it, and stands in no file of the workspace', async () => {
    const result = await run(declaring(pipelineOf('spill', spill, sh('other', 'echo "[$DRYDOCK_SECRET_TOKEN]" > $DRYDOCK_OUTPUT_O'))), {
      token: value
    })
    expect(result.parameters).toEqual({})
    expect(result.steps[0].failure?.message).toMatch(/exit code 3.*err \[secret token\]/)
    expect(textOf(result, 'other')).toBe('[]\n')
    const { text } = await workspace.pipelines.log(result.id, 'spill')
    expect(text).toContain('out [secret token]')
    const leak = sh('leak', 'printf "%s" "$DRYDOCK_SECRET_TOKEN" > $DRYDOCK_OUTPUT_O', { more: ', secrets: [token]' })
    const leaked = await run(declaring(pipelineOf('leak', leak)), { token: value })
    expect(leaked.failure).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('holds the value of the secret "token"') })
    workspace.context.ledger.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    expect(holding(folder.path)).toEqual([])
  })

  it('has no default, is not written into parameters, and is not too short to be kept apart', async () => {
    const problemsOf = async (yaml: string) => (await workspace.pipelines.validate(yaml)).problems.map(({ message }) => message)
    const plain = pipelineOf('secrets', sh('a', 'echo > $DRYDOCK_OUTPUT_O'))
    expect(await problemsOf(withParameters(plain, '- { name: token, type: secret, default: swordfish }\n'))).toEqual([
      expect.stringContaining('has a default')
    ])
    expect(await problemsOf(declaring(plain.replace('echo >', 'echo ${{ parameters.token }} >')))).toEqual([
      expect.stringContaining('which are recorded')
    ])
    expect(await problemsOf(plain.replace('outputs:', 'secrets: [token], outputs:'))).toEqual([
      expect.stringContaining('asks for the secret "token"')
    ])
    const refused = await run(declaring(plain), { token: 'xyzzy' }).catch((error: Error) => error.message)
    expect(refused).toContain('at least 6 characters')
    expect(refused).not.toContain('xyzzy')
  })
})

describe('CSV that a script writes', () => {
  const csv = (name: string, text: string, more = ''): string =>
    pipelineOf(
      name,
      sh('a', `printf "${text}" > $DRYDOCK_OUTPUT_T`, { output: 't: Table', more: `, tables: csv${more}` }),
      sh('b', 'cat $DRYDOCK_INPUT_T > $DRYDOCK_OUTPUT_O', { more: ', tables: csv', lines: '    inputs: { t: a.t }\n' })
    )
  const columnsOf = async (result: PipelineRun): Promise<string[]> => {
    const preview = await workspace.pipelines.preview(result.id, 'a', 't')
    return preview.kind === 'table' ? preview.columns.map(({ name, type }) => `${name} ${type}`) : []
  }

  it('keeps text that looks like numbers, and whole numbers to the last digit', async () => {
    const rows = '00123,1e5,no,2024-01-02,9007199254740993\\n04567,2E10,yes,2024-02-03,9007199254740995\\n'
    const result = await run(csv('csvzip', `zip,code,flag,d,big\\n${rows}`))
    expect(result.failure).toBeNull()
    expect(textOf(result, 'b').replaceAll('\r', '').replaceAll('\n', '\\n')).toBe(`zip,code,flag,d,big\\n${rows}`)
    expect(await columnsOf(result)).toEqual(['zip VARCHAR', 'code VARCHAR', 'flag VARCHAR', 'd DATE', 'big BIGINT'])
  })

  it('has numbers where a program printed numbers', async () => {
    const result = await run(
      csv(
        'csvnumbers',
        'a,b,c,d,e,f,g\\n1,0.5,1e-05,True,nan,9007199254740993,\\n-2,-3,1.5E+10,False,1.5,0.5,\\"\\"\\n3,.25,inf,True,,1,x\\n'
      )
    )
    expect(await columnsOf(result)).toEqual(['a BIGINT', 'b DOUBLE', 'c DOUBLE', 'd BOOLEAN', 'e DOUBLE', 'f VARCHAR', 'g VARCHAR'])
    // A missing text and an empty one stay two things.
    expect(
      textOf(result, 'b')
        .split('\r\n')
        .slice(1, 4)
        .map((line) => line.split(',').at(-1))
    ).toEqual(['', '""', 'x'])
  })

  it('has the types that the step declares, and fails where a cell is not of them', async () => {
    const schema = ', schema: { t: { code: number, flag: text } }'
    expect(await columnsOf(await run(csv('schema', 'code,flag\\n1e5,true\\n2E10,false\\n', schema)))).toEqual([
      'code DOUBLE',
      'flag VARCHAR'
    ])
    const broken = await run(csv('schema', 'code,flag\\n1e5,true\\nlow,false\\n', schema))
    expect(broken.failure?.message).toMatch(/"code" as number, and 1 of its cells is none, such as "low"/)
    expect((await run(csv('schema', 'code\\n1\\n', schema))).failure?.message).toMatch(/no column "flag"/)
  })

  it('of 0 bytes is no table', async () => {
    const result = await run(csv('csvzero', ''))
    expect(result.steps.map(({ state }) => state)).toEqual(['failed', 'skipped'])
    expect(result.failure?.message).toMatch(/output "t" is empty/)
    expect((await run(csv('csvheader', 'a,b\\n'))).steps[0].outputs[0].rows).toBe(0)
  })
})
