import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGraphFile } from '../../main/core/explain/graph/model'
import { WhiteBoxExplainer, type Feeds } from '../../main/core/explain/explain-white-box'
import type { TreeMethod } from '../../main/core/explain/trees/tree-shap'
import { readWhiteBox } from '../../main/core/explain/white-box'

/**
 * TreeSHAP beside the shap package: the same trees (ours from the ONNX file), rows and background, one thread, in turns in one run. Both times
 * hold the setting up of the explainer and all values; what the two find must be the same. One JSON line for each method; fails above the
 * bound. The peer is `python3`, or what DRYDOCK_BENCH_PYTHON names, with shap, scikit-learn and skl2onnx.
 * Run: npm run bench -- explain [rows] [columns] [trees] [leaves] [background]
 */
const [rows = 1000, columns = 10, trees = 100, leaves = 31, background = 100] = process.argv.slice(2).map(Number)
const rounds = 5
const bound = 1.5
const methods: readonly TreeMethod[] = ['path-dependent', 'interventional']

interface Peer {
  version: string
  seconds: Record<string, number>
  /** Mean size of all values. */
  size: Record<string, number>
}

function askPeer<T>(...args: string[]): T | null {
  const command = process.env.DRYDOCK_BENCH_PYTHON ?? 'python3'
  const script = join(process.cwd(), 'e2e', 'bench', 'explain-peers', 'peer.py')
  const run = spawnSync(command, [script, ...args], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } })
  if (run.status !== 0) return null
  const answer = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as T & { missing?: string }
  return answer.missing ? null : answer
}

function readRows(path: string, most = Infinity): Feeds {
  const bytes = readFileSync(path)
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
  const count = Math.min(most, values.length / columns)
  const column = (at: number) => ({ support: [at], numbers: Float64Array.from({ length: count }, (_, row) => values[row * columns + at]!) })
  return {
    rows: count,
    tensors: new Map([['X', { kind: 'rows', element: 'float', rank: 2, columns: Array.from({ length: columns }, (_, at) => column(at)) }]])
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-explain-'))
  const setting = { bench: 'explain', rows, columns, trees, leaves, background, threads: 1, peer: 'shap' }
  try {
    if (!askPeer('make', folder, ...[rows, columns, trees, leaves, background].map(String))) {
      console.log(JSON.stringify({ ...setting, skipped: 'python3 with shap, scikit-learn and skl2onnx was not found' }))
      return
    }
    const box = readWhiteBox(
      await readGraphFile(join(folder, 'model.onnx')),
      readRows(join(folder, 'rows.f64'), 0).tensors,
      'variable',
      false
    )
    const table = readRows(join(folder, 'rows.f64'))
    const usual = { 'path-dependent': readRows(join(folder, 'train.f64')), interventional: readRows(join(folder, 'train.f64'), background) }
    const own = { 'path-dependent': [] as number[], interventional: [] as number[] }
    const peers: Peer[] = []
    for (let round = 0; round <= rounds; round++) {
      const sizes = new Map<TreeMethod, number>()
      for (const method of methods) {
        const start = performance.now()
        const { contributions } = await new WhiteBoxExplainer(box, columns, usual[method], method).explain(table)
        // The first round warms up; it is not counted.
        if (round > 0) own[method].push((performance.now() - start) / 1000)
        sizes.set(method, contributions.reduce((sum, each) => sum + Math.abs(each), 0) / contributions.length)
      }
      if (round === 0) continue
      const peer = askPeer<Peer>('time', folder)!
      peers.push(peer)
      for (const [method, size] of sizes)
        if (Math.abs(size - peer.size[method]!) > 1e-6) throw new Error(`the two explain differently: ${size} and ${peer.size[method]}`)
    }
    for (const method of methods) {
      const ratios = own[method].map((seconds, round) => seconds / peers[round]!.seconds[method]!)
      const timeRatio = Number(median(ratios).toFixed(2))
      const seconds = { seconds: median(own[method]), peerSeconds: median(peers.map((peer) => peer.seconds[method]!)) }
      console.log(JSON.stringify({ ...setting, method, version: peers[0]!.version, ...seconds, timeRatio, bound, rounds }))
      if (timeRatio > bound) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
