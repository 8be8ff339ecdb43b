import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../../../../model/pipeline-run'
import type { InstalledPackage, ProgramEnvironment } from '../../../../../model/program-environment'
import { Sha256 } from '../../../../../model/reference'
import { pipelineOf, scriptStep } from '../../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../../fixtures/pipeline-workspace'
import { nameProgramChanges } from '../../../program-changes'
import { captureProgram } from './capture-program'

let folder: ReturnType<typeof temporaryFolder>
let outside: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  outside = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
  outside.remove()
})

const put = (path: string, text: string): string => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}
const run = (yaml: string): Promise<PipelineRun> => workspace.run(yaml)
const textOf = (result: PipelineRun): string => readFileSync(workspace.context.objects.pathOf(result.steps[0].outputs[0].sha256), 'utf8')
const changes = (result: PipelineRun): string[] => result.steps[0].changes.map(({ part }) => part)
const capture = (program: string) => captureProgram(program, [], folder.path)

const system = (process.env.PATH ?? '')
  .split(delimiter)
  .map((place) => join(place, 'python3'))
  .find((path) => existsSync(path) && /^python3\.\d+$/.test(basename(realpathSync(path))))
const minor = system && basename(realpathSync(system)).slice('python'.length)

/** A virtual environment as `python -m venv` and pip leave it, with one distribution. */
function virtualEnvironment(name: string, version: string): string {
  const prefix = join(outside.path, name)
  const site = join(prefix, 'lib', `python${minor}`, 'site-packages')
  put(join(prefix, 'pyvenv.cfg'), `home = ${dirname(system!)}\ninclude-system-site-packages = false\nversion = ${minor}.9\n`)
  put(join(site, 'scorelib.py'), `VERSION = '${version}'\n`)
  put(join(site, `scorelib-${version}.dist-info`, 'METADATA'), `Metadata-Version: 2.1\nName: scorelib\nVersion: ${version}\n`)
  put(join(site, `scorelib-${version}.dist-info`, 'RECORD'), `scorelib.py,sha256=${version},20\nscorelib-${version}.dist-info/METADATA,,\n`)
  mkdirSync(join(prefix, 'bin'))
  symlinkSync(realpathSync(system!), join(prefix, 'bin', 'python3'))
  return prefix
}

describe.skipIf(system === undefined)('two Python environments behind one interpreter', () => {
  const current = (): string => join(outside.path, 'current')
  /** The same path, so that neither PATH nor the program says which environment it is. */
  const use = (prefix: string): void => {
    if (existsSync(current())) unlinkSync(current())
    symlinkSync(prefix, current())
  }
  const yaml = (): string =>
    pipelineOf(
      'venv',
      `  - id: a
    type: script
    parameters:
      command: [${JSON.stringify(join(current(), 'bin', 'python3'))}, -c, 'import os,scorelib; open(os.environ["DRYDOCK_OUTPUT_O"],"w").write(scorelib.VERSION)']
      outputs: {o: File}
`
    )

  it('are two: the step runs again, and the run says what was installed', async () => {
    const one = virtualEnvironment('one', '1.0')
    use(one)
    const first = await run(yaml())
    expect([first.failure, textOf(first)]).toEqual([null, '1.0'])
    expect((await run(yaml())).steps[0]).toMatchObject({ cached: true, reason: 'Unchanged: the outputs of the earlier run were taken.' })
    use(virtualEnvironment('two', '2.0'))
    const second = await run(yaml())
    expect([textOf(second), second.cachedSteps, changes(second)]).toEqual(['2.0', 0, ['fixed environment']])
    expect(second.steps[0]).toMatchObject({
      reason: 'Changed: fixed environment (scorelib 1.0 -> 2.0).',
      changes: [{ detail: 'scorelib 1.0 -> 2.0' }]
    })
    const { environment } = second.steps[0]
    expect(environment).toMatchObject({
      interpreter: { kind: 'python', path: join(current(), 'bin', 'python3'), version: `${minor}.9` },
      virtual: { path: join(current(), 'pyvenv.cfg'), systemPackages: false },
      packages: 1,
      unchecked: []
    })
    expect(second.environments?.[environment!.sha256].packages).toEqual([
      { name: 'scorelib', version: '2.0', record: expect.stringMatching(/^[0-9a-f]{64}$/), place: expect.stringContaining('site-packages') }
    ])
    use(one)
    expect((await run(yaml())).cachedSteps).toBe(1)
  })

  it('are told apart by what was installed anew under the same version, by modules of no package, and by start files', async () => {
    const prefix = virtualEnvironment('three', '3.0')
    const site = join(prefix, 'lib', `python${minor}`, 'site-packages')
    const program = join(prefix, 'bin', 'python3')
    const seen = new Set<string>()
    const look = async (): Promise<string[]> => {
      const captured = await capture(program)
      seen.add(JSON.stringify(captured))
      return captured.unchecked
    }
    expect(await look()).toEqual([])
    put(join(site, 'scorelib-3.0.dist-info', 'RECORD'), 'scorelib.py,sha256=other,20\n')
    await look()
    put(join(site, 'loose.py'), 'X = 1\n')
    await look()
    put(join(site, 'bundle', 'inner.py'), 'X = 1\n')
    await look()
    put(join(site, 'more.pth'), `${join(outside.path, 'added')}\n`)
    put(join(outside.path, 'added', 'extra-1.0.dist-info', 'METADATA'), 'Name: extra\nVersion: 1.0\n')
    expect(await look()).toEqual([expect.stringContaining('the files of 1 packages in')])
    expect(seen.size).toBe(5)
    put(join(site, 'scorelib-3.0.dist-info', 'direct_url.json'), '{"dir_info": {"editable": true}}')
    expect(await look()).toContain('the files of scorelib, which is installed to be edited elsewhere')
  })
})

describe('what changed between two environments', () => {
  const packages = (versions: Record<string, string | null>, record: Sha256 | null = null): InstalledPackage[] =>
    Object.entries(versions).map(([name, version]) => ({ name, version, record, place: '/lib' }))
  const [digest, another] = ['a', 'b'].map((letter) => Sha256.parse(letter.repeat(64)))
  const environment = (more: Partial<ProgramEnvironment>): ProgramEnvironment => ({
    ...{ schema: 'drydock.environment', version: 1, virtual: null, packages: [], files: {}, unchecked: [] },
    interpreter: { kind: 'python', path: '/usr/bin/python3', version: '3.11', sha256: digest },
    ...more
  })
  const between = (before: Partial<ProgramEnvironment>, after: Partial<ProgramEnvironment>): string =>
    nameProgramChanges(environment(before), environment(after))

  it('is named by package: other versions first, then what was added, removed and installed anew', () => {
    expect(
      between(
        { packages: [...packages({ old: '1', same: '2', up: '1.0' }), ...packages({ anew: '4' }, digest)] },
        { packages: [...packages({ same: '2', up: '1.1', new: null }), ...packages({ anew: '4' }, another)] }
      )
    ).toBe('up 1.0 -> 1.1, new (unknown) added, old 1 removed, anew 4 with other files')
    const twelve = (version: string) => packages(Object.fromEntries([...'abcdefghijkl'].map((name) => [name, version])))
    expect(between({ packages: twelve('1') }, { packages: twelve('2') })).toBe(
      'a 1 -> 2, b 1 -> 2, c 1 -> 2, d 1 -> 2, e 1 -> 2 and 7 more'
    )
  })

  it('is named by interpreter and files too, and a package in two folders by both versions', () => {
    const python = { kind: 'python' as const, path: '/usr/bin/python3', version: '3.12', sha256: digest }
    expect(between({ files: { '/a.pth': digest, '/b.pth': digest } }, { interpreter: python, files: { '/a.pth': another } })).toBe(
      'Python 3.11 -> 3.12, /a.pth changed, /b.pth removed'
    )
    const [one, two] = [packages({ x: '1' }), packages({ x: '2' })]
    expect(between({ packages: one }, { packages: [...one, ...two] })).toBe('x 1 -> 1 and 2')
    expect(between({ packages: [...one, ...two] }, { packages: [...two, ...one] })).toBe('')
  })
})

describe('other programs', () => {
  it('a hit of one whose packages cannot be known says so', async () => {
    const yaml = pipelineOf(
      'shell',
      "  - id: a\n    type: script\n    parameters: { command: [sh, -c, 'echo > $DRYDOCK_OUTPUT_O'], outputs: { o: File } }\n"
    )
    expect((await run(yaml)).steps[0].reason).toBe('First run of this step.')
    expect((await run(yaml)).steps[0].reason).toBe(
      'Unchanged: the outputs of the earlier run were taken; packages not checked, because what "sh" starts or loads is not known.'
    )
  })

  it('Node: the modules above the folder that it works in', async () => {
    const text = pipelineOf('node', scriptStep('a', 'fs.writeFileSync(out, String(Math.random()))'))
    const first = await run(text)
    expect(first.steps[0].environment).toMatchObject({ interpreter: { kind: 'node', path: process.execPath } })
    put(join(folder.path, 'node_modules', '@scope', 'module', 'package.json'), '{ "name": "@scope/module", "version": "1.2.3" }')
    put(join(folder.path, 'node_modules', '.package-lock.json'), '{}')
    const second = await run(text)
    expect([second.cachedSteps, changes(second)]).toEqual([0, ['fixed environment']])
    expect((await capture(process.execPath)).packages).toContainEqual(expect.objectContaining({ name: '@scope/module', version: '1.2.3' }))
    renameSync(join(folder.path, 'node_modules'), join(folder.path, 'gone'))
    expect((await run(text)).cachedSteps).toBe(1)
  })

  it('R: the packages of its libraries', async () => {
    const home = join(outside.path, 'r', 'lib', 'R')
    const program = put(join(home, 'bin', 'Rscript'), '#!/bin/sh\n')
    for (const [name, version] of [
      ['base', '4.3.1'],
      ['mgcv', '1.9']
    ]) {
      put(join(home, 'library', name, 'DESCRIPTION'), `Package: ${name}\nVersion: ${version}\n`)
      put(join(home, 'library', name, 'MD5'), `00 *${name}\n`)
    }
    put(join(home, 'etc', 'Renviron'), 'R_LIBS_SITE=\n')
    const { chmodSync } = await import('node:fs')
    chmodSync(program, 0o755)
    const before = await capture(program)
    expect(before).toMatchObject({ interpreter: { kind: 'r', version: '4.3.1' }, unchecked: [] })
    expect(before.packages.map(({ name, version }) => `${name} ${version}`)).toEqual(['base 4.3.1', 'mgcv 1.9'])
    put(join(home, 'library', 'mgcv', 'MD5'), '01 *mgcv\n')
    expect((await capture(program)).packages).not.toEqual(before.packages)
  })

  it('a run that a script records says package by package what there was', async () => {
    const code =
      "fs.appendFileSync(process.env.DRYDOCK_METRICS, JSON.stringify({ name: 'loss', value: 1 }) + '\\n'); fs.writeFileSync(out, 'x')"
    put(join(folder.path, 'node_modules', 'known', 'package.json'), '{ "version": "7.0.0" }')
    await run(pipelineOf('recorded', scriptStep('a', code)))
    const [recorded] = workspace.experiments.trials('recorded')
    expect(recorded.environment).toMatchObject({
      'program.kind': 'node',
      'program.package.known': expect.stringMatching(/^7\.0\.0 \(record sha256 [0-9a-f]{16}\)$/)
    })
  })
})

describe('files that arguments name', () => {
  it('count by their content, those behind an equals sign and folders too', async () => {
    const rows = put(join(outside.path, 'rows.csv'), 'a\n1\n')
    const places = join(outside.path, 'places')
    put(join(places, 'inner', 'one.txt'), '1')
    const yaml = pipelineOf(
      'arguments',
      `  - id: a
    type: script
    parameters:
      command: [sh, -c, 'cat "$1" > $DRYDOCK_OUTPUT_O', sh, ${JSON.stringify(rows)}, ${JSON.stringify(`--places=${places}`)}, ../../../code/note.txt, /dev/null]
      outputs: { o: File }
`
    )
    put(join(folder.path, 'code', 'note.txt'), 'one')
    const first = await run(yaml)
    expect([first.failure, textOf(first)]).toEqual([null, 'a\n1\n'])
    expect(workspace.pipelines.lineage(first.steps[0].outputs[0].sha256)[0].inputs.map(({ port }) => port)).toContain(`argument/${rows}`)
    expect((await run(yaml)).cachedSteps).toBe(1)
    for (const [path, text] of [
      [rows, 'a\n2\n'],
      [join(places, 'inner', 'one.txt'), '2'],
      [join(folder.path, 'code', 'note.txt'), 'two']
    ]) {
      put(path, text)
      const again = await run(yaml)
      expect([again.cachedSteps, changes(again)]).toEqual([0, ['fixed arguments']])
    }
    expect((await run(yaml)).cachedSteps).toBe(1)
  })

  it('of a script that changes one while it works, nothing is taken again', async () => {
    await workspace.close()
    // Only a program that is not confined can.
    workspace = await openPipelineWorkspace(folder.path, { confine: false })
    const log = put(join(outside.path, 'log.txt'), '')
    const yaml = pipelineOf(
      'writes',
      `  - id: a\n    type: script\n    parameters: { command: [sh, -c, 'echo x >> "$1"; wc -l < "$1" > $DRYDOCK_OUTPUT_O', sh, ${JSON.stringify(log)}], outputs: { o: File } }\n`
    )
    expect(textOf(await run(yaml)).trim()).toBe('1')
    writeFileSync(log, '')
    const again = await run(yaml)
    expect([again.cachedSteps, textOf(again).trim()]).toEqual([0, '1'])
  })
})
