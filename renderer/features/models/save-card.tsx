import { Save } from 'lucide-react'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { useSaveDocument } from '../../evidence'
import { useHostCommand } from '../../host'
import { Button, Menu, useActions } from '../../ui'

/** Writes the card of a version to a file of its own. */
export function SaveCard({ model: { name, version } }: { model: ModelVersionDetail }) {
  const save = useHostCommand('bundles.saveCard')
  const { entries, actions } = useSaveDocument()
  const card = { noun: 'model card', stem: `card-${name}-${version}`, save: (places: object) => save.run({ name, version, ...places }) }
  useActions(actions(card, 'models.save-card', 'Models'))
  return (
    <Menu
      align="end"
      trigger={
        <Button icon={Save} loading={save.busy}>
          Save card
        </Button>
      }
      entries={entries(card)}
    />
  )
}
