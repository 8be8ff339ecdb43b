import { WorkbenchError } from '../model/errors'
import { doJob, planWork, type FoldOrder, type FoldReply, type Plan } from '../core/cross-validation'
import { installLoopbackGuard } from '../offline/loopback-guard'

installLoopbackGuard((attempt) => process.stderr.write(`refused a connection outside this machine (${attempt})\n`))

/** Fits folds of one cross-validation, one after the other, in a process of its own. Whoever started it ends it. */
let plan: Promise<Plan> | undefined

const say = (reply: FoldReply): void => void process.send?.(reply)

function failureOf(error: unknown): FoldReply {
  if (error instanceof WorkbenchError) return { kind: 'failed', code: error.code, message: error.message, details: error.details }
  return { kind: 'failed', code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}

process.on('message', (order: FoldOrder) => {
  if (order.kind === 'plan') {
    plan = planWork(order.request)
    // What went wrong is told by the first part that needs it.
    plan.catch(() => undefined)
    return
  }
  plan!
    .then((known) => doJob(known, order.job))
    .then((result) => say({ kind: 'done', result }))
    .catch((error: unknown) => say(failureOf(error)))
})
process.on('disconnect', () => process.exit(0))
