import { InferenceSession, Tensor } from 'onnxruntime-node'
import { ownPeakMemory } from '../core/jobs/peak-memory'
import type { ChunkScores, MeasuredTimes, ScoreInput, ScoreReply, ScoreRequest } from '../core/training'
import { installLoopbackGuard } from '../offline/loopback-guard'

installLoopbackGuard((attempt) => process.stderr.write(`refused a connection outside this machine (${attempt})\n`))

/** Scores one ONNX model in a process of its own: a crash of the native runtime ends this process and nothing else. */
let session: InferenceSession | undefined

function loaded(): InferenceSession {
  if (!session) throw new Error('no model is loaded')
  return session
}

/** Feeds for rows `from` .. `from + count - 1`. */
function feedsOf(inputs: readonly ScoreInput[], from: number, count: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {}
  for (const input of inputs) {
    if (input.tensor === 'float') feeds[input.name] = new Tensor('float32', input.values.slice(from, from + count), [count, 1])
    else if (input.tensor === 'double') feeds[input.name] = new Tensor('float64', input.values.slice(from, from + count), [count, 1])
    else {
      const texts = Array.from(input.codes.subarray(from, from + count), (code) => (code < 0 ? '' : input.texts[code]!))
      feeds[input.name] = new Tensor('string', texts, [count, 1])
    }
  }
  return feeds
}

async function score(inputs: readonly ScoreInput[], rows: number): Promise<ChunkScores> {
  const { prediction, probabilities, label } = await loaded().run(feedsOf(inputs, 0, rows))
  if (prediction && !probabilities) {
    if (!(prediction.data instanceof Float32Array) || prediction.data.length !== rows)
      throw new Error('the output "prediction" is not one float per row')
    return { output: 'prediction', width: 1, scores: prediction.data, labels: new Uint16Array(0) }
  }
  const all = probabilities?.data
  const classes = all ? all.length / rows : 0
  if (!(all instanceof Float32Array) || classes < 2 || !Number.isInteger(classes))
    throw new Error('the model has neither an output "prediction" of one float per row nor "probabilities" of two floats or more')
  if (!(label?.data instanceof BigInt64Array) || label.data.length !== rows)
    throw new Error('the model has no output "label" of one int64 per row')
  const labels = Uint16Array.from(label.data, Number)
  // Of two outcomes one probability says it all.
  if (classes > 2) return { output: 'probabilities', width: classes, scores: all, labels }
  return { output: 'probabilities', width: 1, scores: Float32Array.from({ length: rows }, (_, row) => all[2 * row + 1]!), labels }
}

async function measure(request: Extract<ScoreRequest, { kind: 'measure' }>): Promise<MeasuredTimes> {
  const { inputs, rows, calls, warmUp } = request
  for (let call = 0; call < warmUp; call++) await loaded().run(feedsOf(inputs, call % rows, 1))
  const seconds = new Float64Array(calls)
  for (let call = 0; call < calls; call++) {
    const start = process.hrtime.bigint()
    await loaded().run(feedsOf(inputs, call % rows, 1))
    seconds[call] = Number(process.hrtime.bigint() - start) / 1e9
  }
  const mean = seconds.reduce((sum, value) => sum + value, 0) / calls
  seconds.sort()
  const at = (share: number): number => seconds[Math.min(calls - 1, Math.ceil(share * calls) - 1)]!
  let scored = 0
  const start = performance.now()
  do {
    await loaded().run(feedsOf(inputs, 0, rows))
    scored += rows
  } while (performance.now() - start < request.batchSeconds * 1000)
  const rowsPerSecond = scored / ((performance.now() - start) / 1000)
  return { calls, p50: at(0.5), p99: at(0.99), mean, batchRows: rows, rowsPerSecond }
}

async function answer(request: ScoreRequest): Promise<ScoreReply> {
  const { id } = request
  switch (request.kind) {
    case 'load':
      // One thread: sums keep their order, so results do not depend on the machine.
      session = await InferenceSession.create(request.model, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' })
      return { id, ok: true, kind: 'loaded', inputs: [...session.inputNames], outputs: [...session.outputNames] }
    case 'score':
      return { id, ok: true, kind: 'scored', ...(await score(request.inputs, request.rows)) }
    case 'run': {
      const results = Object.entries(await loaded().run(feedsOf(request.inputs, 0, request.rows)))
      const outputs = results.map(([name, { type, dims, data }]) => ({ name, type, dimensions: [...dims], data: data as Float32Array }))
      return { id, ok: true, kind: 'ran', outputs }
    }
    case 'measure':
      return { id, ok: true, kind: 'measured', times: await measure(request) }
    case 'memory':
      return { id, ok: true, kind: 'memory', peakBytes: ownPeakMemory() }
  }
}

process.on('message', (request: ScoreRequest) => {
  answer(request)
    .catch((error: unknown): ScoreReply => ({ id: request.id, ok: false, message: error instanceof Error ? error.message : String(error) }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1))
})
process.on('disconnect', () => process.exit(0))
