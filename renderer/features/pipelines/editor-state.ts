import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  PipelineCheck,
  PipelineDetail,
  PipelineDocument,
  PipelineProblem,
  ResolvedPorts,
  StepColumns
} from '../../../main/model/pipeline'
import type { HostClient } from '../../host'

/** The calls that the editor makes; the rest of the client is not its business. */
export type EditorHost = Pick<HostClient['pipelines'], 'validate' | 'edit' | 'saveDraft' | 'save' | 'discardDraft'>

export interface Selection {
  steps: readonly string[]
  edges: readonly string[]
}

export interface EditorState {
  name: string
  /** The draft: the one thing that is edited. Everything on the canvas follows from it. */
  text: string
  /** Text and digest of the newest version, null while there is only a draft. */
  versionText: string | null
  version: string | null
  past: readonly string[]
  future: readonly string[]
  /** Of the newest text that was checked. */
  problems: readonly PipelineProblem[]
  isReadable: boolean
  /** The last text that could be read, as a graph; the canvas keeps showing it while the text is broken. */
  document: PipelineDocument | null
  ports: ReadonlyMap<string, ResolvedPorts>
  /** What is known of the columns that each step reads. */
  columns: ReadonlyMap<string, StepColumns>
  saving: 'saved' | 'pending' | 'saving' | 'failed'
  savedAt: string | null
  saveError: unknown
  selection: Selection
}

export type EditorStore = StoreApi<EditorState>

/** The state of a pipeline that was just opened: nothing to undo, nothing selected. */
export function createEditorState(detail: PipelineDetail, versionText: string | null): EditorStore {
  return createStore<EditorState>(() => ({
    name: detail.name,
    text: detail.yaml,
    versionText,
    version: detail.version,
    past: [],
    future: [],
    ...checked(detail.check),
    document: detail.check.document,
    ports: portsById(detail.check),
    columns: columnsById(detail.check),
    saving: 'saved',
    savedAt: detail.draftSavedAt,
    saveError: null,
    selection: { steps: [], edges: [] }
  }))
}

/** Takes over what a check found. A text that cannot be read leaves the graph as it was; steps that are gone are selected no more. */
export function takeCheck({ getState, setState }: EditorStore, check: PipelineCheck): void {
  const { selection, document, ports, columns } = getState()
  const next = check.document ?? document
  const ids = new Set(next?.steps.map((step) => step.id))
  const steps = selection.steps.filter((id) => ids.has(id))
  setState({
    ...checked(check),
    document: next,
    ports: check.document ? portsById(check) : ports,
    columns: check.document ? columnsById(check) : columns,
    selection: steps.length === selection.steps.length ? selection : { ...selection, steps }
  })
}

const checked = (check: PipelineCheck) => ({ problems: check.problems, isReadable: check.document !== null })
const columnsById = (check: PipelineCheck) => new Map(check.columns?.map((columns) => [columns.stepId, columns]))
const portsById = (check: PipelineCheck) => new Map(check.ports.map((ports) => [ports.stepId, ports]))
