import type { ComparisonReply, ComparisonRequest } from '../core/experiments/compare-apart'
import { taskOf } from '../core/tasks'
import { installLoopbackGuard } from '../offline/loopback-guard'

installLoopbackGuard((attempt) => process.stderr.write(`refused a connection outside this machine (${attempt})\n`))

/** Compares runs row by row in a process of its own, so that the host is free meanwhile. Whoever started it ends it once it has the answer. */
const say = (reply: ComparisonReply): Promise<void> => new Promise((resolve) => void process.send?.(reply, () => resolve()))

async function measure({ task, runs }: ComparisonRequest): Promise<void> {
  let told = 0
  const onProgress = (share: number): void => {
    if (share < told + 0.01) return
    told = share
    void say({ kind: 'progress', share })
  }
  const found = await taskOf({ task }).paired.measure(runs, { onProgress })
  await say({ kind: 'measured', found })
}

process.on('message', (request: ComparisonRequest) => {
  measure(request)
    .catch((error: unknown) => say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
    .catch(() => process.exit(1))
})
process.on('disconnect', () => process.exit(0))
