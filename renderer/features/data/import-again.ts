import type { DatasetDetail, ImportRule } from '../../../main/model/dataset'
import { askForFile } from './actions'
import { dataStore, newDraft, withChoices } from './data-store'

/** The button of a rule of a version: asks for the file once more and starts with what that version was imported with, the rule changed. */
export const importAgain = ({ name, version: { choices } }: DatasetDetail, label: string) => ({
  label,
  onChoose: ({ choice }: ImportRule) => {
    if (!choice) return
    const columns = Object.fromEntries((choices.columns ?? []).map(({ source, ...column }) => [source, column]))
    const former = { ...newDraft(''), name, format: choices.format ?? null, dialect: choices.dialect ?? {}, columns }
    const { path: _path, ...base } = withChoices({ ...former, nullTokens: choices.nullTokens ?? null }, choice)
    dataStore.setState({ base, draft: null, waiting: [] })
    askForFile()
  }
})
