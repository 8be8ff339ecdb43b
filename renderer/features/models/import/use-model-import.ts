import { useEffect, useState } from 'react'
import { useClient, useHostQuery, useHostStream, useInvalidate } from '../../../host'
import type { ImportForm } from './form-type'
import { changeForm, requestOf } from './import-form'
import { takeModel } from './take-model'

/** So long a form stands still before the model is looked at again, milliseconds. */
const PAUSE = 400

/** What file and rows tell under the choices made so far, and the run that takes the model in. */
export function useModelImport(form: ImportForm) {
  const client = useClient()
  const invalidate = useInvalidate()
  const outline = useHostQuery('imports.outline', { file: form.file })
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const targets = useHostQuery('pipelines.baselineTargets', { dataset: form.dataset ?? '' }, { enabled: form.dataset !== null })
  const suggested = targets.data?.suggested ?? null
  useEffect(() => {
    if (form.target === null && suggested !== null) changeForm({ target: suggested })
  }, [form.target, suggested])
  const draft = useHostStream('imports.draft', { inline: true })
  const asked = outline.data ? JSON.stringify(requestOf(form) ?? null) : 'null'
  const [drafted, setDrafted] = useState('null')
  const { start, cancel } = draft
  useEffect(() => {
    cancel()
    if (asked === 'null') return
    const timer = setTimeout(() => {
      setDrafted(asked)
      void start(JSON.parse(asked) as NonNullable<ReturnType<typeof requestOf>>)
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [asked, start, cancel])
  const isCurrent = drafted === asked
  const [isStarting, setIsStarting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const canTake = isCurrent && draft.output !== null && !draft.running && !isStarting
  const take = async (): Promise<void> => {
    const request = requestOf(form)
    if (!canTake || request === undefined || draft.output === null) return
    setIsStarting(true)
    setError(null)
    try {
      changeForm({ taken: await takeModel(client, form, request, draft.output) })
    } catch (refused) {
      setError(refused)
    } finally {
      setIsStarting(false)
      void invalidate(['pipelines', 'experiments'])
    }
  }
  return { outline, datasets, targets, draft, isCurrent, canTake, take, isStarting, error }
}
export type ModelImportWork = ReturnType<typeof useModelImport>
