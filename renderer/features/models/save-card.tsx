import type { ModelVersionDetail } from '../../../main/model/registry'
import { SaveMenu, useSaveDocument } from '../../evidence'
import { useHostCommand } from '../../host'
import { useActions } from '../../ui'

/** Writes the card of a version to a file of its own. */
export function SaveCard({ model: { name, version } }: { model: ModelVersionDetail }) {
  const save = useHostCommand('bundles.saveCard')
  const { entries, actions } = useSaveDocument()
  const card = { noun: 'model card', stem: `card-${name}-${version}`, save: (places: object) => save.run({ name, version, ...places }) }
  useActions(actions(card, 'models.save-card', 'Models'))
  return <SaveMenu label="Save card" busy={save.busy} entries={entries(card)} />
}
