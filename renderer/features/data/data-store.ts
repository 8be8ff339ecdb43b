import type { ColumnChoice, Dialect, ImportOptions, ImportRule, Sensitivity, SourceFormat } from '../../../main/model/dataset'
import { datasetNameKey, datasetNameSchema } from '../../../main/model/dataset'
import { fit } from '../../../main/model/schema-words'
import { createWorkspaceStore } from '../../host'

/** What a person decided about one file before its import; null and missing keys mean "as found". */
export interface ImportDraft {
  path: string
  name: string | null
  format: Exclude<SourceFormat, 'derived'> | null
  dialect: Partial<Dialect>
  nullTokens: string[] | null
  /** By name in the file. */
  columns: Record<string, Omit<ColumnChoice, 'source'>>
  /** Columns that cannot be read, which the preview leaves out as well. */
  leftOut?: readonly string[]
}

/** What is typed into the description of a dataset and not saved yet. */
export interface AboutDraft {
  name: string
  owner: string
  licence: string
  sensitivity: Sensitivity
  tags: string
  description: string
}

export interface DataState {
  filter: string
  selected: string | null
  draft: ImportDraft | null
  /** Files that wait for their turn after the present one. */
  waiting: readonly string[]
  /** What the next file chosen starts with: the choices of an earlier import. */
  base: Omit<ImportDraft, 'path'> | null
  /** Set by an action: the import page opens the file dialog once. */
  askForFile: boolean
  /** The import leads on to the quality report, which is made at once: the way of a first file. */
  thenCheck: boolean
  /** The id of a dataset whose quality is checked as soon as its page is shown. */
  checkNow: string | null
  sql: string
  sqlLimit: number
  /** Newest first. */
  sqlHistory: readonly string[]
  /** By id of the dataset. They outlive the page: nothing typed is lost by looking at another tab or area. */
  aboutDrafts: Readonly<Record<string, AboutDraft>>
}

/** What the person is doing in the Data area. */
export const dataStore = createWorkspaceStore<DataState>({
  filter: '',
  selected: null,
  draft: null,
  waiting: [],
  base: null,
  askForFile: false,
  thenCheck: false,
  checkNow: null,
  sql: '',
  sqlLimit: 1_000,
  sqlHistory: [],
  aboutDrafts: {}
})

export const useDataState = dataStore.use

export const newDraft = (path: string): ImportDraft => ({ path, name: null, format: null, dialect: {}, nullTokens: null, columns: {} })

/** Puts files in line for import; the first one is shown at once. */
export function queueImports(paths: readonly string[]): void {
  const [first, ...rest] = paths
  if (first === undefined) return
  const { base } = dataStore.getState()
  dataStore.setState({ draft: { ...newDraft(first), ...base }, base: null, waiting: rest, askForFile: false })
}

/** Goes to the next waiting file; returns false when there is none. */
export function nextImport(): boolean {
  const [first, ...rest] = dataStore.getState().waiting
  dataStore.setState({ draft: first === undefined ? null : newDraft(first), waiting: rest })
  return first !== undefined
}

export function changeDraft(change: Partial<ImportDraft>): void {
  const { draft } = dataStore.getState()
  if (draft) dataStore.setState({ draft: { ...draft, ...change } })
}

/** Column choices belong to the columns that this dialect gives: another delimiter or header makes other columns. */
export function changeDialect(change: Partial<Dialect>): void {
  const { draft } = dataStore.getState()
  if (!draft) return
  const isOtherTable = 'delimiter' in change || 'header' in change || 'skipLines' in change || 'quote' in change || 'encoding' in change
  changeDraft({ dialect: { ...draft.dialect, ...change }, columns: isOtherTable ? {} : draft.columns })
}

export function changeDraftColumn(source: string, change: Omit<ColumnChoice, 'source'>): void {
  const { draft } = dataStore.getState()
  if (draft) changeDraft({ columns: { ...draft.columns, [source]: { ...draft.columns[source], ...change } } })
}

/** Reads the file without columns that cannot be read. */
export function leaveColumnsOut(sources: readonly string[]): void {
  const { draft } = dataStore.getState()
  if (!draft) return
  const dropped = Object.fromEntries(sources.map((source) => [source, { drop: true }]))
  changeDraft({ columns: { ...draft.columns, ...dropped }, leftOut: [...new Set([...(draft.leftOut ?? []), ...sources])] })
}

/** Tries to read again what could not be. */
export function readColumnsAgain(): void {
  const { draft } = dataStore.getState()
  if (!draft) return
  const columns = Object.entries(draft.columns).filter(([source]) => !draft.leftOut?.includes(source))
  changeDraft({ columns: Object.fromEntries(columns), leftOut: [] })
}

/** A draft with the choices of a rule or an offer laid over it. */
export function withChoices(draft: ImportDraft, { dialect, nullTokens, columns = [] }: NonNullable<ImportRule['choice']>): ImportDraft {
  const merged = { ...draft.columns }
  for (const { source, ...choice } of columns) merged[source] = { ...merged[source], ...choice }
  return { ...draft, dialect: { ...draft.dialect, ...dialect }, nullTokens: nullTokens ?? draft.nullTokens, columns: merged }
}

const formerValues = (before: object | undefined, changed: object | undefined) =>
  Object.fromEntries(Object.keys(changed ?? {}).map((key) => [key, (before as Record<string, unknown> | undefined)?.[key]]))

/** The draft with only these choices as they stood in `before`; what was decided since then stays. */
export function withoutChoices(
  draft: ImportDraft,
  before: ImportDraft,
  { dialect, nullTokens, columns = [] }: NonNullable<ImportRule['choice']>
): ImportDraft {
  const merged = { ...draft.columns }
  for (const { source, ...choice } of columns) merged[source] = { ...merged[source], ...formerValues(before.columns[source], choice) }
  return {
    ...draft,
    dialect: { ...draft.dialect, ...formerValues(before.dialect, dialect) },
    nullTokens: nullTokens ? before.nullTokens : draft.nullTokens,
    columns: merged
  }
}

/** What decides the types and rows of the preview; names, roles and what a person leaves out are laid over it in the window. */
export function previewChoices(draft: ImportDraft) {
  const columns = Object.entries(draft.columns).flatMap(([source, choice]): ColumnChoice[] => {
    const { name: _name, role: _role, knownWhen: _when, unit: _unit, description: _text, drop: _drop, ...reading } = choice
    if (draft.leftOut?.includes(source)) return [{ source, drop: true }]
    return Object.values(reading).every((value) => value === undefined) ? [] : [{ source, ...reading }]
  })
  return {
    ...(draft.format && { format: draft.format }),
    ...(Object.keys(draft.dialect).length > 0 && { dialect: draft.dialect }),
    ...(draft.nullTokens && { nullTokens: draft.nullTokens }),
    ...(columns.length > 0 && { columns })
  }
}

/** What a column of the file is called in the version. */
export const draftName = (draft: ImportDraft, { source, name }: { source: string; name: string }): string =>
  draft.columns[source]?.name ?? name

/** Names that more than one kept column would have; SQL does not tell them apart by letter case. */
export function repeatedNames(draft: ImportDraft, columns: readonly { source: string; name: string }[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const column of columns) {
    if (draft.columns[column.source]?.drop) continue
    const key = datasetNameKey(draftName(draft, column))
    if (seen.has(key)) repeated.add(key)
    seen.add(key)
  }
  return repeated
}

/** All of the draft, for the import itself. */
export function importOptions(draft: ImportDraft, name: string): ImportOptions {
  const columns = Object.entries(draft.columns).map(([source, choice]) => ({ source, ...choice }))
  return { name, ...previewChoices(draft), ...(columns.length > 0 && { columns }) }
}

/** The name as it would be stored, or what is wrong with it. */
export function checkName(name: string): { name: string; error: null } | { name: null; error: string } {
  const parsed = fit(datasetNameSchema, name)
  return parsed.success ? { name: parsed.data, error: null } : { name: null, error: parsed.problems[0].words }
}

/** Keeps the unsaved description of a dataset; null forgets it. */
export function keepAboutDraft(id: string, draft: AboutDraft | null): void {
  dataStore.setState(({ aboutDrafts: { [id]: _former, ...others } }) => ({ aboutDrafts: draft ? { ...others, [id]: draft } : others }))
}
