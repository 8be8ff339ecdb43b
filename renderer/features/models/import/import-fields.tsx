import { FileInput, X } from 'lucide-react'
import { importableTasks } from '../../../../main/model/choice-words'
import type { ImportableTask } from '../../../../main/model/imported-model'
import type { ModelOutline } from '../../../../main/model/model-import'
import { taskNameOf } from '../../../../main/model/tasks'
import { placeText } from '../../../../main/model/place'
import { useHostQuery, useOs } from '../../../host'
import { Button, Checkbox, Combobox, Field, fileNameOf, IconButton, Select, TextArea, TextInput } from '../../../ui'
import type { ImportForm } from './form-type'
import { changeForm } from './import-form'
import { targetValues } from './target-values'
import type { ModelImportWork } from './use-model-import'

interface FieldsProps {
  form: ImportForm
  outline: ModelOutline
  work: ModelImportWork
}

/** What a person says: the rows, what is predicted, and what the file leaves open. */
export function ImportFields(props: FieldsProps) {
  return (
    <form
      aria-label="What the model is"
      data-panel
      className="flex w-76 shrink-0 flex-col gap-3 overflow-y-auto border-r bg-surface-0 p-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <RowsFields {...props} />
      <OutcomeFields {...props} />
      <ColumnsField {...props} />
      <PredictionsField {...props} />
      <TestFields {...props} />
    </form>
  )
}

function RowsFields({ form, work: { datasets, targets } }: FieldsProps) {
  return (
    <>
      <Field
        label="Rows with the target"
        hint="Those that it learned from, where they are at hand. The model is drafted and tried on them."
      >
        <Combobox
          value={form.dataset}
          placeholder="Choose a dataset"
          choices={(datasets.data ?? []).map(({ name }) => ({ value: name, label: name }))}
          onChange={(dataset) => changeForm({ dataset, target: null, columns: '', event: '' })}
          emptyText={datasets.data?.length === 0 ? 'There is no dataset yet. Import one under Datasets.' : 'No dataset has this name.'}
        />
      </Field>
      <Checkbox checked={form.learned} onChange={(learned) => changeForm({ learned })} label="The model learned from these rows" />
      <Field label="Column that it predicts">
        <Combobox
          value={form.target}
          placeholder="Choose a column"
          disabled={form.dataset === null}
          choices={(targets.data?.columns ?? []).map(({ name, type }) => ({ value: name, label: name, hint: type }))}
          onChange={(target) => changeForm({ target, event: '', classes: '' })}
          emptyText="No column has this name."
        />
      </Field>
    </>
  )
}

const taskWords: Record<ImportableTask, string> = {
  binary: 'Yes or no',
  multiclass: 'One of several classes',
  regression: 'An amount or a count'
}
const asTold = { value: '', label: 'Automatic' } as const

function OutcomeFields({ form, outline, work: { draft } }: FieldsProps) {
  const task = form.task ?? (draft.output ? taskNameOf(draft.output.signature.task) : null)
  const known = draft.output ? targetValues(draft.output.signature) : outline.classes
  return (
    <>
      <div className="grid grid-cols-2 gap-2">
        <Field label="Question">
          <Select<string>
            value={form.task}
            placeholder={asTold.label}
            choices={[asTold, ...importableTasks.map((task) => ({ value: task, label: taskWords[task] }))]}
            onChange={(task) => changeForm({ task: task === '' ? null : (task as ImportableTask) })}
          />
        </Field>
        <Field label="Scores are">
          <Select<string>
            value={form.scores}
            placeholder={asTold.label}
            choices={[asTold, { value: 'probabilities', label: 'Probabilities' }, { value: 'logits', label: 'Logits' }]}
            onChange={(scores) => changeForm({ scores: scores === '' ? null : (scores as 'logits') })}
          />
        </Field>
      </div>
      {outline.outputs.length > 1 && (
        <Field label="Output with the scores">
          <Select
            value={form.output}
            placeholder={asTold.label}
            choices={[asTold, ...outline.outputs.map(({ name, tensor }) => ({ value: name, label: name, hint: tensor }))]}
            onChange={(output) => changeForm({ output: output === '' ? null : output })}
          />
        </Field>
      )}
      {task !== 'regression' && (
        <>
          <Field label="Classes" optional hint="Values of the target in the order of the outputs, one a line or with commas between.">
            <TextArea
              rows={2}
              value={form.classes}
              placeholder={outline.classes ? `${outline.classes.slice(0, 6).join(', ')} as the file names them` : 'such as no, yes'}
              onChange={(event) => changeForm({ classes: event.target.value })}
            />
          </Field>
          {task !== 'multiclass' && (
            <Field label="Event" optional hint="Of two classes the one whose probability is the score.">
              <TextInput
                value={form.event}
                list="classes-of-the-model"
                placeholder="The plain yes of two"
                onChange={(event) => changeForm({ event: event.target.value })}
              />
            </Field>
          )}
          <datalist id="classes-of-the-model">
            {(known ?? []).map((value) => (
              <option key={String(value)} value={String(value)} />
            ))}
          </datalist>
        </>
      )}
    </>
  )
}

/** Which columns go in: asked only where the file cannot say it by the names of its inputs or in its metadata. */
function ColumnsField({ form, outline, work: { targets } }: FieldsProps) {
  const wide = outline.inputs.find(({ width }) => width === null || width > 1)
  const others = (targets.data?.columns ?? []).map(({ name }) => name).filter((name) => name !== form.target)
  const count = outline.inputs.reduce<number | null>((sum, { width }) => (sum === null || width === null ? null : sum + width), 0)
  if (!wide && form.columns === '' && outline.inputs.every(({ name }) => others.includes(name))) return null
  const fits = count === null || count === others.length
  return (
    <div className="flex flex-col gap-1">
      <Field
        label="Input columns"
        optional={outline.columns !== null}
        hint={`${wide ? `The input "${wide.name}" takes ${wide.width ?? 'any number of'} columns in one tensor.` : 'In the order of the inputs.'} Name them in the order of the training, one a line or with commas between.`}
      >
        <TextArea
          rows={3}
          value={form.columns}
          placeholder={outline.columns ? `${outline.columns.join(', ')} as the file names them` : 'such as income, age, debt'}
          onChange={(event) => changeForm({ columns: event.target.value })}
        />
      </Field>
      {form.columns === '' && fits && others.length > 0 && (
        <Button size="sm" className="self-start" onClick={() => changeForm({ columns: others.map((name) => `${name}\n`).join('') })}>
          Take the order of the table
        </Button>
      )}
    </div>
  )
}

function PredictionsField({ form }: FieldsProps) {
  const os = useOs()
  const choose = async () => {
    const chosen = await os.openFiles({
      title: 'What the original predicted for these rows',
      filters: [{ name: 'Table', extensions: ['csv', 'parquet', 'arrow', 'feather'] }]
    })
    if (chosen?.[0] !== undefined) changeForm({ predictions: chosen[0] })
  }
  return (
    <Field
      label="Predictions of the original"
      optional
      hint="A row for each of these rows, in float64: the parity certificate is made from them."
    >
      <span className="flex items-center gap-1">
        <Button icon={FileInput} onClick={() => void choose()}>
          {form.predictions === null ? 'Choose a file' : fileNameOf(placeText(form.predictions))}
        </Button>
        {form.predictions !== null && <IconButton icon={X} label="Without predictions" onClick={() => changeForm({ predictions: null })} />}
      </span>
    </Field>
  )
}

function TestFields({ form, work: { datasets } }: FieldsProps) {
  const policies = useHostQuery('policies.list', {})
  const none = { value: '', label: 'None' } as const
  return (
    <>
      <Field label="Rows for the first test" optional hint="Rows with the target that the model never saw.">
        <Select
          value={form.test}
          placeholder={none.label}
          choices={[none, ...(datasets.data ?? []).map(({ name }) => ({ value: name, label: name }))]}
          onChange={(test) => changeForm({ test: test === '' ? null : test, ...(test === '' && { policy: null }) })}
        />
      </Field>
      {form.test !== null && (
        <Field
          label="Policy"
          optional
          hint="Its gate is held over what the test finds. Without one only a draft without gate can be registered."
        >
          <Select
            value={form.policy}
            placeholder={none.label}
            choices={[none, ...(policies.data ?? []).map(({ name }) => ({ value: name, label: name }))]}
            onChange={(policy) => changeForm({ policy: policy === '' ? null : policy })}
          />
        </Field>
      )}
    </>
  )
}
