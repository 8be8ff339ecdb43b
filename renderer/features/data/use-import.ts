import { datasetNameKey } from '../../../main/model/dataset'
import { useClient, useHostQuery, useInvalidate } from '../../host'
import { fileNameOf, formatCount, navigate, parseLocation, showToast } from '../../ui'
import { forgetWork, startWork, useWork } from './background-work'
import { misfitCount } from './misfit-words'
import { checkName, dataStore, importOptions, previewChoices, repeatedNames, type ImportDraft } from './data-store'

const isImportShown = () => {
  const { area, query } = parseLocation(window.location.hash)
  return area === 'data' && query['view'] === 'import'
}

/** The preview of a file under the choices made so far, what its dataset would be called, and the import. */
export function useImport(draft: ImportDraft) {
  const client = useClient()
  const invalidate = useInvalidate()
  const preview = useHostQuery('datasets.previewImport', { path: draft.path, choices: previewChoices(draft) }, { keepPrevious: true })
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const work = useWork('import')
  const shown = preview.data && !preview.error ? preview.data : null
  const typed = draft.name ?? shown?.suggestedName ?? ''
  const { name, error } = checkName(typed)
  const hasRepeatedNames = shown !== null && repeatedNames(draft, shown.columns).size > 0
  const canStart = shown !== null && name !== null && !hasRepeatedNames
  const existing = name === null ? undefined : datasets.data?.find((dataset) => datasetNameKey(dataset.name) === datasetNameKey(name))
  const start = () => {
    if (!canStart || work?.running) return
    const subject = fileNameOf(draft.path)
    void startWork(
      'import',
      subject,
      (signal) => client.datasets.import({ path: draft.path, options: importOptions(draft, name) }, { signal }),
      {
        isShown: isImportShown,
        onDone: ({ dataset, version }) => {
          void invalidate(['datasets'])
          const { thenCheck, waiting } = dataStore.getState()
          const goesOn = thenCheck && waiting.length === 0
          dataStore.setState({ selected: dataset.id, thenCheck: false, ...(goesOn && { draft: null, checkNow: dataset.id }) })
          if (isImportShown() && !goesOn) return
          if (goesOn) {
            forgetWork('import')
            navigate('data', [dataset.name], { tab: 'quality' })
          }
          const misfits = misfitCount(version)
          const show = (): void =>
            goesOn ? navigate('data', [dataset.name], { tab: misfits > 0 ? 'misfits' : 'rows' }) : navigate('data', [], { view: 'import' })
          showToast({
            status: misfits > 0 ? 'warn' : 'ok',
            title: `${subject} was imported.`,
            text: `${formatCount(version.rows, 'row')}${misfits > 0 ? `, ${formatCount(misfits, 'misfit')}` : ''}.`,
            action: { label: goesOn && misfits > 0 ? 'Show the misfits' : 'Show', run: show }
          })
        }
      }
    )
  }
  return { preview, shown, name: typed, nameError: error, existing: existing ?? null, canStart, start, work }
}
