import type { BinaryEvaluation } from '../../main/model/evaluation'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluateModel, trainModel } from '../../main/core/training'
import { uniformStream, writeArrow } from '../../main/core/training/fixtures/synthetic'

/**
 * Training time and test AUC of the built-in boosting and of scikit-learn's HistGradientBoostingClassifier, in the same run on the same
 * generated rows; one JSON line each. On a busy machine compare the CPU seconds: those of the built-in trainer hold reading the table and
 * the permutation importances as well, those of scikit-learn only the fit. Run: npx tsx e2e/bench/training.ts [rows] [columns] [trees]
 */
const [rows = 100_000, columns = 10, trees = 100] = process.argv.slice(2).map(Number)
const leaves = 31

function generate(count: number, seed: number): { features: Float64Array[]; outcomes: Uint8Array } {
  const uniform = uniformStream(seed)
  const features = Array.from({ length: columns }, () => new Float64Array(count))
  const outcomes = new Uint8Array(count)
  for (let row = 0; row < count; row++) {
    let score = (uniform() + uniform() + uniform() - 1.5) * 3
    for (let column = 0; column < columns; column++) {
      const value = uniform()
      features[column]![row] = column % 5 === 4 && uniform() < 0.1 ? NaN : value
      if (column % 3 === 0) score += (value - 0.5) * 3
      else if (column % 3 === 1) score += value > 0.7 ? 0.8 : -0.3
      else score += (value - 0.5) * ((features[column - 1]![row] ?? 0) > 0.5 ? 2 : -2)
    }
    outcomes[row] = score > 0.5 ? 1 : 0
  }
  return { features, outcomes }
}

const python = `
import json, sys, time
import numpy as np
try:
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score
except ImportError:
    print(json.dumps({"missing": "scikit-learn"})); sys.exit(0)
folder, columns, trees, leaves = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
def read(name):
    x = np.fromfile(f"{folder}/{name}-x.f64").reshape(columns, -1).T
    return np.ascontiguousarray(x), np.fromfile(f"{folder}/{name}-y.u8", dtype=np.uint8)
x, y = read("train"); tx, ty = read("test")
model = HistGradientBoostingClassifier(max_iter=trees, learning_rate=0.1, max_leaf_nodes=leaves, min_samples_leaf=20, early_stopping=False, random_state=0)
model.fit(x[:1000], y[:1000])
start = time.perf_counter(); cpu = time.process_time(); model.fit(x, y)
seconds = time.perf_counter() - start; cpu = time.process_time() - cpu
print(json.dumps({"version": sklearn.__version__, "seconds": seconds, "cpuSeconds": cpu, "auc": roc_auc_score(ty, model.predict_proba(tx)[:, 1])}))
`

/** One thread is the like-for-like comparison: the built-in trainer uses one. */
function runScikitLearn(folder: string, threads: number): Record<string, unknown> {
  for (const command of ['python3', '/usr/bin/python3']) {
    const run = spawnSync(command, ['-c', python, folder, String(columns), String(trees), String(leaves)], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: String(threads) }
    })
    if (run.status !== 0) continue
    const answer = JSON.parse(run.stdout) as Record<string, unknown>
    if (!answer.missing) return answer
  }
  return { skipped: 'scikit-learn was not found; install python3-sklearn to compare' }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-training-'))
  try {
    const paths: Record<string, string> = {}
    for (const [name, count, seed] of [
      ['train', rows, 1],
      ['test', 20_000, 2]
    ] as const) {
      const { features, outcomes } = generate(count, seed)
      writeFileSync(join(folder, `${name}-x.f64`), Buffer.concat(features.map((values) => Buffer.from(values.buffer))))
      writeFileSync(join(folder, `${name}-y.u8`), outcomes)
      const cells = Object.fromEntries(
        features.map((values, column) => [`x${column}`, Array.from(values, (v) => (Number.isNaN(v) ? null : v))])
      )
      paths[name] = await writeArrow(join(folder, `${name}.arrow`), { ...cells, y: Array.from(outcomes) })
    }
    const setting = { bench: 'training', rows, columns, trees, leaves }
    const outputDirectory = join(folder, 'model')
    const parameters = { trees, maxLeaves: leaves, learningRate: 0.1, minRowsPerLeaf: 20 }
    const before = process.cpuUsage()
    let cpuSeconds = 0
    const trained = await trainModel({
      table: paths.train!,
      target: 'y',
      algorithm: 'gradient-boosting',
      parameters,
      seed: 1,
      outputDirectory,
      onProgress(stage) {
        const used = process.cpuUsage(before)
        if (stage === 'export') cpuSeconds = (used.user + used.system) / 1e6
      }
    })
    const judged = await evaluateModel({ model: join(outputDirectory, 'model.onnx'), table: paths.test!, seed: 1, bootstrapSamples: 0 })
    const { auc } = (judged as BinaryEvaluation).metrics
    const { durations, parity } = trained
    console.log(
      JSON.stringify({
        ...setting,
        trainer: 'drydock',
        seconds: durations.fit,
        cpuSeconds,
        auc: auc.value,
        durations,
        parity,
        latency: judged.latency
      })
    )
    for (const threads of [1, availableParallelism()]) {
      const peer = runScikitLearn(folder, threads)
      console.log(JSON.stringify({ ...setting, trainer: 'scikit-learn', threads, ...peer }))
      if (typeof peer.seconds !== 'number') break
      const aucGap = auc.value! - Number(peer.auc)
      const cpuRatio = cpuSeconds / Number(peer.cpuSeconds)
      console.log(JSON.stringify({ ...setting, threads, timeRatio: durations.fit / peer.seconds, cpuRatio, aucGap }))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
