import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFrame } from '../../main/core/frames'
import { readSignature, scoreFrame, startScorer, trainModel } from '../../main/core/training'
import { uniformStream, writeArrow } from '../../main/core/training/fixtures/synthetic'

/**
 * Batch scoring beside onnxruntime of Python: the same graph, rows, chunks of 4,096 and one thread of the runtime, in turns in one run; one
 * JSON line each, and the ratio of the medians. Ours holds the way to the scoring process and back. The peer is `python3`, or what
 * DRYDOCK_BENCH_PYTHON names, with onnxruntime and numpy. Run: npm run bench -- score [rows] [trees] [texts]
 */
const [rows = 200_000, trees = 100, texts = 1] = process.argv.slice(2).map(Number)
const numbers = 6
const rounds = 5

const python = `
import json, sys, time
try:
    import numpy as np, onnxruntime as ort
except ImportError as error:
    print(json.dumps({"missing": str(error)})); sys.exit(0)
folder, rows, numbers, texts = sys.argv[1], *map(int, sys.argv[2:5])
options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = ort.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
x = np.fromfile(f"{folder}/x.f32", dtype=np.float32).reshape(numbers, rows)
codes = np.fromfile(f"{folder}/t.u8", dtype=np.uint8).reshape(texts, rows) if texts else []
columns = {f"x{i}": x[i].reshape(-1, 1) for i in range(numbers)}
columns |= {f"t{i}": np.array([f"kind {code}" for code in codes[i]], dtype=object).reshape(-1, 1) for i in range(texts)}
wanted = [each.name for each in session.get_inputs()]
def score():
    out = np.empty(rows)
    for start in range(0, rows, 4096):
        end = min(start + 4096, rows)
        out[start:end] = session.run(["probabilities"], {name: columns[name][start:end] for name in wanted})[0][:, 1]
    return out
score()
sys.stdout.write(json.dumps({"version": ort.__version__}) + "\\n"); sys.stdout.flush()
begin = time.perf_counter(); out = score(); seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "mean": float(out.mean())}))
`

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

async function makeModel(folder: string) {
  const uniform = uniformStream(3)
  const make = (count: number) => {
    const x = Array.from({ length: numbers }, () => Float32Array.from({ length: count }, () => Math.fround(uniform())))
    const t = Array.from({ length: texts }, () => Uint8Array.from({ length: count }, () => Math.floor(uniform() * 20)))
    const y = Uint8Array.from({ length: count }, (_, row) => (x[0]![row]! + x[1]![row]! * x[2]![row]! + uniform() > 1.3 ? 1 : 0))
    return { x, t, y }
  }
  const columns = ({ x, t, y }: ReturnType<typeof make>) => ({
    ...Object.fromEntries(x.map((values, column) => [`x${column}`, Array.from(values)])),
    ...Object.fromEntries(t.map((codes, column) => [`t${column}`, Array.from(codes, (code) => `kind ${code}`)])),
    y: Array.from(y)
  })
  const training = await writeArrow(join(folder, 'training.arrow'), columns(make(20_000)))
  const parameters = { trees, maxLeaves: 31, learningRate: 0.05, validationFraction: 0 }
  await trainModel({ table: training, target: 'y', algorithm: 'gradient-boosting', parameters, seed: 1, outputDirectory: folder })
  const scored = make(rows)
  writeFileSync(join(folder, 'x.f32'), Buffer.concat(scored.x.map((values) => Buffer.from(values.buffer))))
  writeFileSync(join(folder, 't.u8'), Buffer.concat(scored.t.map((codes) => Buffer.from(codes.buffer))))
  return writeArrow(join(folder, 'rows.arrow'), columns(scored))
}

function askPeer(folder: string): { version: string; seconds: number; mean: number } | null {
  const command = process.env.DRYDOCK_BENCH_PYTHON ?? 'python3'
  const run = spawnSync(command, ['-c', python, folder, String(rows), String(numbers), String(texts)], { encoding: 'utf8' })
  if (run.status !== 0) return null
  const lines = run.stdout.trim().split('\n')
  const answer = Object.assign({}, ...lines.map((line) => JSON.parse(line) as object)) as { missing?: string }
  return answer.missing ? null : (answer as { version: string; seconds: number; mean: number })
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-score-'))
  try {
    const table = await makeModel(folder)
    const model = join(folder, 'model.onnx')
    const signature = await readSignature(model)
    const frame = await readFrame(table)
    const scorer = await startScorer(model, signature)
    const [own, peers]: [number[], number[]] = [[], []]
    const setting = { bench: 'score', rows, trees, columns: numbers + texts, texts, threads: 1 }
    try {
      let { scores } = await scoreFrame(scorer, signature, frame)
      for (let round = 0; round < rounds; round++) {
        const start = performance.now()
        scores = (await scoreFrame(scorer, signature, frame)).scores
        own.push((performance.now() - start) / 1000)
        const peer = askPeer(folder)
        if (!peer) {
          console.log(
            JSON.stringify({ ...setting, peer: 'onnxruntime (Python)', skipped: 'python3 with onnxruntime and numpy was not found' })
          )
          break
        }
        const mean = scores.reduce((sum, score) => sum + score, 0) / rows
        if (Math.abs(mean - peer.mean) > 1e-6) throw new Error(`the two answer differently: ${mean} and ${peer.mean}`)
        peers.push(peer.seconds)
      }
    } finally {
      await scorer.close()
    }
    console.log(JSON.stringify({ ...setting, seconds: median(own), rowsPerSecond: rows / median(own) }))
    if (peers.length > 0)
      console.log(
        JSON.stringify({ ...setting, peer: 'onnxruntime (Python)', peerSeconds: median(peers), timeRatio: median(own) / median(peers) })
      )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
