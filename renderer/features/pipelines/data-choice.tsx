import { useState } from 'react'
import { useHostQuery } from '../../host'
import { Combobox, Field } from '../../ui'

/** A dataset, and the column of it to predict. */
export function useDataChoice() {
  const [dataset, setDataset] = useState<string | null>(null)
  const [chosen, setChosen] = useState<{ dataset: string | null; target: string | null } | null>(null)
  const detail = useHostQuery('datasets.get', { ref: dataset ?? '' }, { enabled: dataset !== null })
  const columns = detail.data?.version.columns ?? []
  return {
    dataset,
    /** The column that a person chose for this dataset; until then the one that has the role target in it. */
    target: chosen?.dataset === dataset ? chosen.target : (columns.find(({ role }) => role === 'target')?.name ?? null),
    columns: columns.map((column) => column.name),
    /** The columns are on their way, so that it is not known yet which one is the target. */
    isReading: detail.isLoading,
    chooseDataset: setDataset,
    chooseTarget: (target: string | null) => setChosen({ dataset, target })
  }
}

export function DataFields({ choice, withTarget }: { choice: ReturnType<typeof useDataChoice>; withTarget: boolean }) {
  const datasets = useHostQuery('datasets.list', {})
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Dataset" optional>
        <Combobox
          aria-label="Dataset"
          value={choice.dataset}
          onChange={choice.chooseDataset}
          choices={(datasets.data ?? []).map((each) => ({ value: each.name, label: each.name }))}
          emptyText="No dataset of that name. Import one under Data."
        />
      </Field>
      {withTarget && (
        <Field
          label="Column to predict"
          optional
          hint="Where it has more than two values, name in the training step the one that is the event. An SQL step may make it, too; fill it in later then."
        >
          <Combobox
            aria-label="Column to predict"
            value={choice.target}
            onChange={choice.chooseTarget}
            disabled={!choice.dataset}
            choices={choice.columns.map((name) => ({ value: name, label: name }))}
          />
        </Field>
      )}
    </div>
  )
}
