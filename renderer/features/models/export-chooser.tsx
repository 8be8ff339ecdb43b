import { useState } from 'react'
import type { RegisteredModel } from '../../../main/model/registry'
import { useHostQuery } from '../../host'
import { Button, Dialog, Field, navigate, Select } from '../../ui'
import { stageWord } from './model-badges'

/** The page of a version with its export dialog open. */
export const openExport = (name: string, version: number): void =>
  navigate('models', [name, String(version)], { export: '1' }, { replace: true })

export interface ExportChooserProps {
  models: readonly RegisteredModel[]
  onClose: () => void
}

/** Asks which version is to leave the workspace; the export itself is done on its page. */
export function ExportChooser({ models, onClose }: ExportChooserProps) {
  const [name, setName] = useState(models[0].name)
  const [chosen, setChosen] = useState<number | null>(null)
  const versions = useHostQuery('models.versions', { name })
  const newest = models.find((model) => model.name === name)?.latest.version ?? 1
  const version = chosen ?? newest
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Export a model"
      description="Which version is to leave the workspace as a signed bundle?"
      onSubmit={() => openExport(name, version)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Continue
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label="Model">
          <Select
            value={name}
            onChange={(next) => {
              setName(next)
              setChosen(null)
            }}
            choices={models.map((model) => ({ value: model.name, label: model.name }))}
          />
        </Field>
        <Field label="Version">
          <Select
            value={String(version)}
            onChange={(next) => setChosen(Number(next))}
            choices={(versions.data ?? []).map((each) => ({
              value: String(each.version),
              label: `Version ${each.version}`,
              hint: stageWord(each.stage)
            }))}
            placeholder={`Version ${version}`}
          />
        </Field>
      </div>
    </Dialog>
  )
}
