import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** The programs that run outside the host: one step attempt, the scoring of a model, the comparison of runs row by row, or the fits of folds. */
export type WorkerName = 'step-worker' | 'score-worker' | 'compare-worker' | 'fold-worker'

let builtDirectory: string | undefined
let ownNode: string | undefined

/**
 * Entry points of the built program say where its workers lie; without it the TypeScript sources run through tsx.
 * @param node the Node to run them on, where the program that starts them is an Electron that cannot be run as one
 */
export function setWorkerDirectory(directory: string, node?: string): void {
  builtDirectory = directory
  ownNode = node
}

export interface WorkerOptions {
  args?: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** Own process group, so that the whole tree can be killed. */
  detached?: boolean
  /** Where output goes; by default stdout and stderr are piped. */
  stdio?: 'pipe' | 'ignore'
  /** V8 heap limit in MiB. */
  heapMiB?: number
}

/** Starts a worker as a plain Node process with an IPC channel, also from inside Electron. */
export function startWorker(name: WorkerName, options: WorkerOptions = {}): ChildProcess {
  const heap = options.heapMiB ? [`--max-old-space-size=${options.heapMiB}`] : []
  const fromSource = builtDirectory === undefined
  const file = fromSource ? join(process.cwd(), 'main', 'workers', `${name}.ts`) : join(builtDirectory!, `${name}.js`)
  const stdio = options.stdio ?? 'pipe'
  // ONNX Runtime 1.30 keeps a device id and reports to its maker over libcurl, past every guard of ours, unless this says no.
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env, ORT_DISABLE_TELEMETRY: '1' }
  if (ownNode === undefined) env.ELECTRON_RUN_AS_NODE = '1'
  // Workers run what pipelines say; nothing they do needs the passphrase of anybody's keys.
  delete env.DRYDOCK_PASSPHRASE
  return fork(file, options.args ?? [], {
    execPath: ownNode ?? process.execPath,
    cwd: options.cwd,
    detached: options.detached ?? false,
    execArgv: fromSource ? [...heap, '--import', 'tsx'] : heap,
    env,
    serialization: 'advanced',
    stdio: ['ignore', stdio, stdio, 'ipc']
  })
}
