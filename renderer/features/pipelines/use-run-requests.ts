import { useRef, useState } from 'react'
import { useHostQuery } from '../../host'
import { isUnknownName } from '../../../main/model/pipeline'
import { showToast } from '../../ui'
import type { EditorCommands } from './editor-commands'
import type { Editor } from './editor-store'
import type { RunWish } from './run-dialog'
import type { RunStore } from './run-store'

export interface RunRequests {
  /** Runs what is drawn, or to a step of it; asks for parameters first when there are some. */
  request: (targetStep?: string, force?: boolean) => void
  start: (wish: RunWish) => void
  /** What is asked for now; null without a question. */
  asking: { targetStep?: string; force: boolean } | null
  stopAsking: () => void
  isStarting: boolean
  /** The run whose states are shown: the last one that was started here, else the newest of the pipeline. */
  runId: string | null
}

interface RunRequestOptions {
  editor: Editor
  commands: EditorCommands
  runStore: RunStore
  name: string
  onProblems: () => void
  onStarted: () => void
}

/** So long the first news of a started run may take, milliseconds. */
const FIRST_NEWS = 5000

/** Starting runs from the editor. One at a time: an impatient second click or key starts no second run. */
export function useRunRequests({ editor, commands, runStore, name, onProblems, onStarted }: RunRequestOptions): RunRequests {
  const [asking, setAsking] = useState<RunRequests['asking']>(null)
  const [isStarting, setIsStarting] = useState(false)
  const [started, setStarted] = useState<string | null>(null)
  const isBusy = useRef(false)
  const newest = useRef<{ runId: string; at: number } | null>(null)
  const lastRun = useHostQuery('pipelines.runs', { pipeline: name, limit: 1 }).data?.runs[0]?.id ?? null

  const start = async (wish: RunWish): Promise<void> => {
    if (isBusy.current) return
    isBusy.current = true
    setAsking(null)
    setIsStarting(true)
    const runId = await commands.run(wish)
    isBusy.current = false
    setIsStarting(false)
    if (!runId) return
    newest.current = { runId, at: Date.now() }
    setStarted(runId)
    onStarted()
  }
  const request = (targetStep?: string, force = false): void => {
    const shown = runStore.getState().run
    const isComing = newest.current && newest.current.runId !== shown?.id && Date.now() - newest.current.at < FIRST_NEWS
    if (isBusy.current || isComing) return
    const state = shown?.state
    if (state === 'running' || state === 'queued')
      return void showToast({
        status: 'info',
        title: 'A run of this pipeline is going on.',
        text: 'Wait until it has finished, or cancel it first.'
      })
    const { problems, document } = editor.store.getState()
    const errors = problems.filter((problem) => problem.severity === 'error' && !isUnknownName(problem))
    if (errors.length) {
      onProblems()
      showToast({
        status: 'warn',
        title: 'The pipeline cannot run yet.',
        text: `${errors[0].message}${errors.length > 1 ? ` ${errors.length - 1} more are listed under Problems.` : ''}`
      })
    } else if (document?.parameters?.length) setAsking({ targetStep, force })
    else void start({ parameters: {}, targetStep, force })
  }
  return {
    request,
    start: (wish) => void start(wish),
    asking,
    stopAsking: () => setAsking(null),
    isStarting,
    runId: started ?? lastRun
  }
}
