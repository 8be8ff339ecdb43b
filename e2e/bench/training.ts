import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeRows } from './training-peers/rows'

/**
 * Time, test AUC and peak memory of the built-in boosting beside scikit-learn's HistGradientBoostingClassifier and LightGBM. Every round draws rows
 * of its own and runs all of them one after the other, each in a process of its own; ratios are taken within a round, and their median is
 * printed, one JSON line for each peer and number of threads. Run: npm run bench -- training [rows] [columns] [trees] [rounds] [threads]
 */
const [rows = 200_000, columns = 6, trees = 100, rounds = 5, onlyThreads] = process.argv.slice(2).map(Number)
const leaves = 31
const peers = ['scikit-learn', 'lightgbm'] as const
const pythons = [process.env.DRYDOCK_BENCH_PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined)
const here = join(process.cwd(), 'e2e', 'bench', 'training-peers')

interface Measured {
  seconds: number
  auc: number
  peakMiB: number
  version?: string
}

function parse(output: string): Measured | null {
  const answer = JSON.parse(output.trim().split('\n').at(-1)!) as Partial<Measured>
  return answer.seconds === undefined ? null : (answer as Measured)
}

function runOwn(folder: string, threads: number): Measured {
  const args = ['--import', 'tsx', join(here, 'fit.ts'), folder, ...[columns, trees, leaves, threads].map(String)]
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  return parse(run.stdout)!
}

/** Null where no Python of this machine has the peer. */
function runPeer(name: string, folder: string, threads: number): Measured | null {
  const env = { ...process.env, OMP_NUM_THREADS: String(threads) }
  for (const python of pythons) {
    const args = [join(here, 'peer.py'), name, folder, ...[columns, trees, leaves, threads].map(String)]
    const run = spawnSync(python, args, { encoding: 'utf8', env })
    const measured = run.status === 0 ? parse(run.stdout) : null
    if (measured) return measured
  }
  return null
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const digits = (value: number, count: number): number => Number(value.toFixed(count))

function report(peer: string, threads: number, pairs: readonly (readonly [Measured, Measured | null])[]): void {
  const setting = { bench: 'training', rows, columns, trees, leaves, rounds, peer, threads }
  const own = pairs.map(([measured]) => measured)
  const theirs = pairs.map(([, measured]) => measured).filter((measured) => measured !== null)
  if (theirs.length < pairs.length) {
    console.log(JSON.stringify({ ...setting, skipped: `no Python here has ${peer}` }))
    return
  }
  const ratios = (of: (measured: Measured) => number): number[] => own.map((measured, at) => of(measured) / of(theirs[at]!))
  const times = ratios(({ seconds }) => seconds)
  console.log(
    JSON.stringify({
      ...setting,
      version: theirs[0]!.version,
      timeRatio: digits(median(times), 2),
      timeRatios: times.map((ratio) => digits(ratio, 2)),
      seconds: digits(median(own.map(({ seconds }) => seconds)), 3),
      peerSeconds: digits(median(theirs.map(({ seconds }) => seconds)), 3),
      aucDifference: digits(mean(own.map(({ auc }, at) => auc - theirs[at]!.auc)), 5),
      memoryRatio: digits(median(ratios(({ peakMiB }) => peakMiB)), 2)
    })
  )
}

function main(): void {
  for (const threads of onlyThreads ? [onlyThreads] : [1, 2]) {
    const found = peers.map(() => [] as [Measured, Measured | null][])
    for (let round = 1; round <= rounds; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'bench-training-'))
      try {
        writeRows(folder, 'train', rows, columns, 2 * round)
        writeRows(folder, 'test', 20_000, columns, 2 * round + 1)
        const own = runOwn(folder, threads)
        peers.forEach((peer, at) => found[at]!.push([own, runPeer(peer, folder, threads)]))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    peers.forEach((peer, at) => report(peer, threads, found[at]!))
  }
}

main()
