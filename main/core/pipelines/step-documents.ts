import { WorkbenchError } from '../../model/errors'
import type { OutputReference } from '../../model/pipeline-run'
import type { WorkspaceContext } from '../workspace/context'
import type { CommitContext, CommitInput, InputPort, OutputPort } from './define-step'
import type { ProducedFile } from './journal'
import { inputsOf, type LiveRun, type LiveStep } from './live-run'
import { fit, inOneSentence } from '../../model/schema-words'

const MAX_JSON = 16 * 1024 * 1024

/** The document of a port that declares one. Throws INVALID_INPUT when what stands there is something else. */
async function readDocument(context: WorkspaceContext, file: OutputReference, port: InputPort | OutputPort | undefined): Promise<unknown> {
  if (!port?.document) return undefined
  const text = file.size > MAX_JSON ? '' : (await context.objects.read(file.sha256)).toString('utf8')
  const parsed = fit(port.document, parseJson(text))
  if (parsed.success) return parsed.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${file.port}" is not what it has to be here (${port.help}): ${inOneSentence(parsed.problems)}. Connect the output of a step that makes it.`
  )
}
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The parts of an output by name. */
export const partsOf = (parts: readonly ProducedFile[]): CommitInput['parts'] =>
  Object.fromEntries(parts.map(({ part, sha256, size }) => [part, { sha256, size }]))

/** Reads what the ports of a step say that they hold. */
export function createStepDocuments(context: WorkspaceContext) {
  return {
    /** The documents of a step's inputs by port, for `admit` and `commit`. */
    async documentsOf(run: LiveRun, live: LiveStep): Promise<Record<string, unknown>> {
      const read = inputsOf(run, live).map(
        async ({ port, file }) => [port, await readDocument(context, file, live.definition.inputs[port])] as const
      )
      return Object.fromEntries(await Promise.all(read))
    },
    /** Documents of the outputs, read before the transaction. */
    async outputDocuments(live: LiveStep, files: readonly ProducedFile[]): Promise<CommitContext<unknown>['outputs']> {
      const whole = files.filter((file) => file.part === '')
      const read = whole.map(async (file) => {
        const parts = partsOf(files.filter(({ port, part }) => port === file.port && part !== ''))
        return [file.port, { ...file, parts, document: await readDocument(context, file, live.definition.outputs[file.port]) }] as const
      })
      return Object.fromEntries(await Promise.all(read))
    }
  }
}
