import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { ModelEvaluation } from '../../../main/model/model-evaluation'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { useHostQuery } from '../../host'
import { Button, Combobox, ErrorState, Field, formatCount, Progress, Select, shortHash, Skeleton } from '../../ui'
import { EvaluationPanel } from './evaluation-panel'
import { useNewTest } from './use-new-test'

/** The version judged on other rows, each time held against its first test. */
export function TestsTab({ model }: { model: ModelVersionDetail }) {
  const { name, version } = model
  const evaluations = useHostQuery('models.evaluations', { name, version }, { keepPrevious: true })
  return (
    <div className="flex h-full min-h-0 flex-col gap-4 overflow-y-auto p-4">
      <NewTestForm model={model} />
      {evaluations.error ? (
        <ErrorState compact error={evaluations.error} onRetry={() => void evaluations.refetch()} />
      ) : evaluations.data ? (
        <Evaluations all={evaluations.data} />
      ) : (
        <Skeleton lines={6} className="p-0" />
      )}
    </div>
  )
}

const newest = { value: '', label: 'The newest' } as const

function NewTestForm({ model }: { model: ModelVersionDetail }) {
  const [dataset, setDataset] = useState<string | null>(null)
  const [version, setVersion] = useState<string | null>(null)
  const [groupColumn, setGroupColumn] = useState<string | null>(null)
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const detail = useHostQuery('datasets.get', { ref: dataset ?? '' }, { enabled: dataset !== null }).data
  const test = useNewTest(model)
  const versions = detail?.name === dataset ? detail.versions : []
  const submit = () => dataset !== null && void test.start({ dataset, version, groupColumn })
  return (
    <form
      aria-label="Test on new data"
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Rows with known outcomes">
          <Combobox
            className="w-60"
            value={dataset}
            placeholder="Choose a dataset"
            disabled={test.isRunning}
            choices={(datasets.data ?? []).map((each) => ({
              value: each.name,
              label: each.name,
              hint: formatCount(each.latest.rows, 'row')
            }))}
            onChange={(next) => {
              setDataset(next)
              setVersion(null)
              setGroupColumn(null)
            }}
            emptyText="No dataset has this name."
          />
        </Field>
        <Field label="Version of the dataset">
          <Select<string>
            className="w-52"
            value={version}
            placeholder={newest.label}
            disabled={test.isRunning || versions.length < 2}
            choices={[
              newest,
              ...versions.map((each) => ({ value: each.sha256, label: `${shortHash(each.sha256)}, ${formatCount(each.rows, 'row')}` }))
            ]}
            onChange={(next) => setVersion(next === newest.value ? null : next)}
          />
        </Field>
        <Field label="Groups to compare" optional>
          <Combobox
            className="w-48"
            value={groupColumn}
            placeholder="No groups"
            disabled={test.isRunning || detail === undefined}
            choices={(detail?.version.columns ?? []).map((column) => ({ value: column.name, label: column.name, hint: column.type }))}
            onChange={setGroupColumn}
          />
        </Field>
        <Button type="submit" variant="primary" icon={FlaskConical} disabled={dataset === null || test.isRunning}>
          Test on new data
        </Button>
      </div>
      {test.isRunning && (
        <Progress value={test.progress?.fraction ?? null} label={test.progress?.message ?? 'Starting'} onCancel={test.cancel} />
      )}
      {test.error !== null && !test.isRunning && <ErrorState compact error={test.error} title="The version was not tested" />}
    </form>
  )
}

function Evaluations({ all }: { all: readonly ModelEvaluation[] }) {
  const first = all.find(({ isFirst }) => isFirst)
  const later = all.filter(({ isFirst }) => !isFirst)
  return (
    <>
      {later.map((evaluation) => (
        <EvaluationPanel key={evaluation.run} evaluation={evaluation} />
      ))}
      {first && <EvaluationPanel evaluation={first} />}
      {all.length === 0 && <p className="text-muted">This version has no test yet. Choose rows that it never saw, with their outcomes.</p>}
      {first && later.length === 0 && (
        <p className="text-muted">
          Only its first test is known. Rows that came since then show whether it still holds: each figure is held against the first test,
          with the interval of the difference.
        </p>
      )}
    </>
  )
}
