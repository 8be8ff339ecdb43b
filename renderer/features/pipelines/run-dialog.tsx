import { useState } from 'react'
import type { ParameterValue, PipelineParameter } from '../../../main/model/pipeline'
import { Button, Checkbox, Dialog, Field, NumberInput, Switch, TextInput } from '../../ui'

export interface RunWish {
  parameters: Record<string, ParameterValue>
  targetStep?: string
  force: boolean
  register?: boolean
}

export interface RunDialogProps {
  parameters: readonly PipelineParameter[]
  /** A step of it registers a model: a run with other values than the defaults is asked whether it should. */
  registers?: boolean
  targetStep?: string
  initialForce?: boolean
  onClose: () => void
  onRun: (wish: RunWish) => void
}

/** Asks for the parameters of a run. What is left at its default is not handed over, so that the default stays the document's. */
export function RunDialog({ parameters, registers = false, targetStep, initialForce = false, onClose, onRun }: RunDialogProps) {
  const [values, setValues] = useState<Record<string, ParameterValue | null>>({})
  const [force, setForce] = useState(initialForce)
  const [register, setRegister] = useState(false)
  const [tried, setTried] = useState(false)
  const valueOf = (parameter: PipelineParameter): ParameterValue | null =>
    parameter.name in values ? values[parameter.name] : (parameter.default ?? (parameter.type === 'boolean' ? false : null))
  const errorOf = (parameter: PipelineParameter): string | null => {
    const value = valueOf(parameter)
    if (value === null || (value === '' && parameter.default === undefined)) return 'This parameter has no default; give a value.'
    if (parameter.type === 'integer' && !Number.isInteger(value)) return 'A whole number is needed.'
    return null
  }
  const submit = () => {
    setTried(true)
    if (parameters.some((parameter) => errorOf(parameter) !== null)) return
    const given = parameters.flatMap((parameter): [string, ParameterValue][] => {
      const value = valueOf(parameter)
      return value === null || value === parameter.default ? [] : [[parameter.name, value]]
    })
    onRun({ parameters: Object.fromEntries(given), targetStep, force, ...(isVariant && register && { register }) })
  }
  const isVariant = registers && parameters.some((each) => each.default !== undefined && valueOf(each) !== each.default)
  const set = (name: string, value: ParameterValue | null) => setValues((before) => ({ ...before, [name]: value }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={targetStep ? `Run to "${targetStep}"` : 'Run the pipeline'}
      description="The values are recorded with the run, except secrets."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Start the run
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {parameters.map((parameter) => {
          const value = valueOf(parameter)
          return (
            <Field
              key={parameter.name}
              label={<code className="font-mono">{parameter.name}</code>}
              hint={parameter.description}
              error={tried ? errorOf(parameter) : null}
            >
              {parameter.type === 'boolean' ? (
                <Switch checked={value === true} onChange={(checked) => set(parameter.name, checked)} aria-label={parameter.name} />
              ) : parameter.type === 'secret' ? (
                <TextInput
                  type="password"
                  autoComplete="off"
                  value={String(value ?? '')}
                  onChange={(event) => set(parameter.name, event.target.value)}
                />
              ) : parameter.type === 'string' ? (
                <TextInput value={String(value ?? '')} onChange={(event) => set(parameter.name, event.target.value)} />
              ) : (
                <NumberInput
                  value={typeof value === 'number' ? value : null}
                  onChange={(next) => set(parameter.name, next)}
                  step={parameter.type === 'integer' ? 1 : 0.01}
                />
              )}
            </Field>
          )
        })}
        {isVariant && (
          <Checkbox checked={register} onChange={setRegister} label="Keep a version of the model, although values are not the defaults" />
        )}
        <Checkbox checked={force} onChange={setForce} label="Run every step again, also where nothing changed" />
      </div>
    </Dialog>
  )
}
