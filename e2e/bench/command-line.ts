import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * CPU time that a command of the command line takes from start to end, one JSON line for each command and peer: Node that does nothing, and
 * npm that prints its version, which were run right before it in the same round. `ratio` is the median of the ratios of the rounds; the run
 * fails when one is above its `bound`. Arguments: number of rounds, and a built `cli.js` to measure in place of this one's.
 */
const rounds = Number(process.argv[2] ?? 15)
const program = resolve(process.argv[3] ?? join('out', 'main', 'cli.js'))
const npm = process.env.npm_execpath
if (!npm) throw new Error('Run this by `npm run bench -- command-line`.')

const directory = mkdtempSync(join(tmpdir(), 'drydock-command-line-'))
const watcher = join(directory, 'watcher.cjs')
const report = join(directory, 'cpu')
writeFileSync(
  watcher,
  `process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  require('node:fs').writeFileSync(${JSON.stringify(report)}, String((user + system) / 1000))
})`
)

/** Milliseconds of CPU of one process. */
function cpuOf(args: readonly string[], codes: readonly number[] = [0]): number {
  const { status, stderr } = spawnSync(process.execPath, ['--require', watcher, ...args], {
    env: { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user') },
    encoding: 'utf8'
  })
  if (status === null || !codes.includes(status)) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return Number(readFileSync(report, 'utf8'))
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
const spread = (values: readonly number[]): { value: number; low: number; high: number } => {
  const at = (share: number): number => Number(quantile(values, share).toFixed(2))
  return { value: at(0.5), low: at(0.25), high: at(0.75) }
}

const release = join('main', 'core', 'bundles', 'fixtures', 'release-0.1')
const verify = ['verify', join(release, 'strike-damage-1.drydock'), '--key', join(release, 'signer.pub.pem')]
/** What each may take at most, as a multiple of the peers. The last one loads the whole workbench to say that there is no workspace. */
const commands: { name: string; args: string[]; codes?: number[]; node: number; npm: number }[] = [
  { name: '--version', args: ['--version'], node: 2, npm: 1.2 },
  { name: '--help', args: ['--help'], node: 2, npm: 1.2 },
  { name: 'guide', args: ['guide'], node: 2.5, npm: 1.5 },
  { name: 'completion bash', args: ['completion', 'bash'], node: 2, npm: 1.2 },
  { name: 'verify a bundle', args: verify, node: 6, npm: 3.5 },
  { name: 'runs, without a workspace', args: ['runs', '-w', join(directory, 'nowhere')], codes: [3], node: 10, npm: 6 }
]

/** Prints a figure and says whether it is within its bound. */
function judge(name: string, own: readonly number[], peer: string, peers: readonly number[], bound: number): boolean {
  const ratio = spread(own.map((cpu, round) => cpu / peers[round]!))
  console.log(
    JSON.stringify({
      name,
      unit: 'ms CPU',
      ...spread(own),
      peer,
      peerValue: spread(peers).value,
      ratio: ratio.value,
      ratioLow: ratio.low,
      ratioHigh: ratio.high,
      bound,
      rounds
    })
  )
  return ratio.value <= bound
}

try {
  for (const { name, args, codes, ...bounds } of commands) {
    const cpu = { own: [] as number[], node: [] as number[], npm: [] as number[] }
    // The first start of each reads files from the disk; it is not counted.
    for (let round = -1; round < rounds; round++) {
      const taken = { node: cpuOf(['-e', '0']), own: cpuOf([program, ...args], codes), npm: cpuOf([npm, '--version']) }
      if (round >= 0) for (const of of ['own', 'node', 'npm'] as const) cpu[of].push(taken[of])
    }
    const within = [judge(name, cpu.own, 'node -e 0', cpu.node, bounds.node), judge(name, cpu.own, 'npm --version', cpu.npm, bounds.npm)]
    if (within.includes(false)) process.exitCode = 1
  }
} finally {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
}
