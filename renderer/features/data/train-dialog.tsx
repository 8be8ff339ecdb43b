import { describeHeldBack, describeWritten } from '../../../main/model/baseline'
import type { DatasetDetail } from '../../../main/model/dataset'
import { taskNames, type TaskName } from '../../../main/model/tasks'
import { algorithms, algorithmsFor, algorithmTitle } from '../../../main/model/training'
import { Button, Combobox, Dialog, ErrorState, Field, Select, Skeleton } from '../../ui'
import { labelOf, roleChoices } from './column-choices'
import { LeakHint } from './leak-hint'
import { useBaseline } from './use-baseline'

/** Asks what a first model shall predict, says why it cannot where it cannot, and runs it. */
export function TrainDialog({ detail, onClose }: { detail: DatasetDetail; onClose: () => void }) {
  const baseline = useBaseline(detail)
  const { targets, target, setTarget, draft, setTask, setAlgorithm, setEvent, isStarting, error, train } = baseline
  const made = draft.data?.target === target ? draft.data : undefined
  const canTrain = made !== undefined && made.doubt === null
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Train a baseline on ${detail.name}`}
      description="A first model that later ones are compared with."
      onSubmit={() => canTrain && !isStarting && void train(made)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={isStarting} disabled={!canTrain}>
            Train
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {error ? <ErrorState compact error={error} /> : null}
        {targets.data ? (
          <Field
            label="Column to predict"
            hint={
              target !== null && target === targets.data.suggested
                ? 'Suggested: it looks like an outcome.'
                : 'What is known only after the fact.'
            }
          >
            <Combobox
              value={target}
              placeholder="Choose a column"
              choices={targets.data.columns.map(({ name, type, role }) => ({
                value: name,
                label: name,
                hint: `${type}, ${labelOf(roleChoices, role)}`
              }))}
              onChange={setTarget}
              emptyText="No column has this name."
            />
          </Field>
        ) : (
          !error && <Skeleton lines={3} />
        )}
        {made && <QuestionField made={made} onChange={setTask} />}
        {made && <AlgorithmField made={made} onChange={setAlgorithm} />}
        {made?.task === 'binary' && <EventField made={made} onChange={setEvent} />}
        {made && <p className="text-caption text-muted">{describeHeldBack(made.heldBack)}</p>}
        {canTrain && <LeakHint detail={detail} made={made} onClose={onClose} />}
        {canTrain && <p className="text-caption text-muted">{describeWritten(made)}</p>}
      </div>
    </Dialog>
  )
}

interface QuestionFieldProps {
  made: NonNullable<ReturnType<typeof useBaseline>['draft']['data']>
  onChange: ReturnType<typeof useBaseline>['setTask']
}

/** Which kind of question the column asks; chosen by its values until a person says otherwise. */
const QuestionField = ({ made: { task }, onChange }: QuestionFieldProps) => (
  <Field label="Question" hint="Told from the values of the column; change it where it means something else.">
    <Select
      value={task}
      choices={taskNames.map((name) => ({ value: name, label: questions[name] }))}
      onChange={(name) => onChange(name as TaskName)}
    />
  </Field>
)

const questions: Record<TaskName, string> = {
  binary: 'Yes or no',
  multiclass: 'One of several classes',
  regression: 'An amount or a count'
}

interface AlgorithmFieldProps {
  made: NonNullable<ReturnType<typeof useBaseline>['draft']['data']>
  onChange: ReturnType<typeof useBaseline>['setAlgorithm']
}

/** How the first model is learned; only what answers the kind of question is offered, with what it is for. */
const AlgorithmField = ({ made: { task, algorithm }, onChange }: AlgorithmFieldProps) => (
  <Field label="Algorithm" hint={algorithms[algorithm].purpose}>
    <Select
      value={algorithm}
      choices={algorithmsFor(task).map((name) => ({ value: name, label: algorithmTitle(name), hint: algorithms[name].purpose }))}
      onChange={onChange}
    />
  </Field>
)

interface EventFieldProps {
  made: NonNullable<ReturnType<typeof useBaseline>['draft']['data']>
  onChange: ReturnType<typeof useBaseline>['setEvent']
}

/** Which value is the event; why nobody can tell, where there is nothing to choose from. */
function EventField({ made: { values, event, doubt }, onChange }: EventFieldProps) {
  if (values.length < 2)
    return doubt === null ? null : (
      <p role="alert" className="rounded-md bg-error-soft p-2 [overflow-wrap:anywhere] text-error">
        {doubt}
      </p>
    )
  return (
    <Field
      label="Value that counts as the event"
      hint={
        event === null ? 'It is not plain which one it is. Every other value counts as no event.' : 'Every other value counts as no event.'
      }
    >
      <Select
        value={event === null ? null : String(values.indexOf(event))}
        placeholder="Choose a value"
        choices={values.map((value, index) => ({ value: String(index), label: String(value) }))}
        onChange={(index) => onChange(values[Number(index)])}
      />
    </Field>
  )
}
