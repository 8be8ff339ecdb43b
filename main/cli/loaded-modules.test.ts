import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { programFile } from '../testing/programs'

const root = mkdtempSync(join(tmpdir(), 'drydock-loaded-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const release = join(process.cwd(), 'main', 'core', 'bundles', 'fixtures', 'release-0.1')
const verify = ['verify', join(release, 'strike-damage-1.drydock'), '--key', join(release, 'signer.pub.pem')]

/** Read before the program: writes down at the end which files were loaded, and which native modules. */
const watcher = join(root, 'watcher.cjs')
writeFileSync(
  watcher,
  `const native = []
const open = process.dlopen
process.dlopen = (module, path, ...rest) => (native.push(path), open.call(process, module, path, ...rest))
process.on('exit', () => require('node:fs').writeFileSync(process.env.DRYDOCK_LOADED, JSON.stringify({ native, files: Object.keys(require.cache) })))`
)

/** The files of the sources and of packages that stand in a bundled file: each begins with a comment that names it. */
const sourcesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^\/\/(?:#region)? ?((?:main|node_modules)\/\S+)$/gm)].map(([, path]) => path)

/** Runs the built command line. */
function load(argv: string[]): { code: number | null; native: string[]; sources: string[] } {
  const report = join(root, 'loaded.json')
  const { status: code } = spawnSync(process.execPath, ['--require', watcher, programFile('cli'), ...argv], {
    env: { ...process.env, DRYDOCK_LOADED: report, DRYDOCK_USER_DIR: join(root, 'user') }
  })
  const { native, files } = JSON.parse(readFileSync(report, 'utf8')) as { native: string[]; files: string[] }
  return { code, native, sources: files.filter((file) => file.endsWith('.js')).flatMap(sourcesIn) }
}

/** In `feature-tables.ts` a feature says which tables it has; that opens none. */
const ofWorkbench = /^main\/(core\/(application|all-commands|workspace\/)|host\/|storage\/(duckdb|ledger)\/(?!feature-tables\.ts))/
const ofSchemas = /^node_modules\/zod\//
const ofPolicies = /^node_modules\/@bufbuild\//
const found = (sources: string[], ...kinds: RegExp[]): string[] => sources.filter((path) => kinds.some((kind) => kind.test(path)))

describe('what the command line loads', () => {
  it.each(['--help', '--version', 'help verify', 'runs --help', 'guide', 'guide tutorial', 'completion bash'])(
    '%s: no native module, nothing of the workbench, no schema',
    (line) => {
      const { code, native, sources } = load(line.split(' '))
      expect([code, native]).toEqual([0, []])
      expect(sources).toContain('main/cli/program.ts')
      expect(found(sources, ofWorkbench, ofSchemas, ofPolicies)).toEqual([])
    }
  )

  it('verify: no native module and nothing of the workbench; what policies need only where the gate is asked for', () => {
    const plain = load(verify)
    expect([plain.code, plain.native]).toEqual([0, []])
    expect(plain.sources).toContain('main/core/bundles/review.ts')
    expect(found(plain.sources, ofWorkbench, ofPolicies)).toEqual([])
    const gate = load([...verify, '--gate', 'pass'])
    expect(gate.native).toEqual([])
    expect(found(gate.sources, ofWorkbench)).toEqual([])
    expect(found(gate.sources, ofPolicies)).not.toEqual([])
  })

  it('a command of a workspace: all of it, which is how the others are known to do without', () => {
    const { code, native, sources } = load(['runs', '-w', join(root, 'nowhere')])
    expect(code).toBe(3)
    expect(native.filter((path) => /duckdb/.test(path))).not.toEqual([])
    expect(sources).toContain('main/core/application.ts')
    expect(found(sources, ofSchemas)).not.toEqual([])
  })
})
