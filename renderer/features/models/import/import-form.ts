import type { ImportChoices } from '../../../../main/model/imported-model'
import { classValue, type DraftRequest } from '../../../../main/model/model-import'
import { modelsStore } from '../models-store'
import type { ImportForm } from './form-type'

export const newForm = (file: string): ImportForm => ({
  file,
  dataset: null,
  target: null,
  task: null,
  event: '',
  classes: '',
  columns: '',
  output: null,
  scores: null,
  learned: false,
  predictions: null,
  test: null,
  policy: null,
  taken: null
})

/** Changes what was said; another target makes what was said of the former one void. */
export const changeForm = (change: Partial<ImportForm>): void =>
  modelsStore.setState(({ importing }) => (importing ? { importing: { ...importing, ...change } } : {}))

export const openImport = (file: string | null): void => modelsStore.setState({ importing: file === null ? null : newForm(file) })

/** Names that were typed: one a line where there are lines, as a name may hold a comma; else with commas between. */
export const parts = (text: string): string[] =>
  text
    .split(text.includes('\n') ? '\n' : ',')
    .map((each) => each.trim())
    .filter(Boolean)

/** What was said beside file and rows, as the step takes it; undefined while the target is not known. */
function choicesOf(form: ImportForm): ImportChoices | undefined {
  if (form.target === null) return undefined
  const classes = parts(form.classes).map(classValue)
  const columns = parts(form.columns)
  return {
    target: form.target,
    ...(form.task !== null && { task: form.task }),
    ...(form.event.trim() !== '' && { event: classValue(form.event.trim()) }),
    ...(classes.length > 0 && { classes }),
    ...(columns.length > 0 && { columns }),
    ...(form.output !== null && { output: form.output }),
    ...(form.scores !== null && { scores: form.scores })
  }
}

/** What the host is asked to draft; undefined until there are rows and a target. */
export function requestOf(form: ImportForm): Omit<DraftRequest, 'threshold'> | undefined {
  const choices = choicesOf(form)
  if (choices === undefined || form.dataset === null) return undefined
  return { file: form.file, dataset: form.dataset, choices, ...(form.predictions !== null && { predictions: form.predictions }) }
}
