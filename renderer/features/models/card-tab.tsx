import type { ModelVersionDetail } from '../../../main/model/registry'
import { useHostQuery } from '../../host'
import { ErrorState, HtmlDocument, Skeleton } from '../../ui'
import { SaveCard } from './save-card'

/** The model card as it would leave the workspace now. */
export function CardTab({ model }: { model: ModelVersionDetail }) {
  const card = useHostQuery('models.card', { name: model.name, version: model.version })
  if (card.error) return <ErrorState title="The card cannot be drawn" error={card.error} onRetry={() => void card.refetch()} />
  if (!card.data) return <Skeleton lines={10} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 justify-end border-b px-4 py-2">
        <SaveCard model={model} />
      </div>
      <HtmlDocument title={`Model card of ${model.name}, version ${model.version}`} html={card.data.html} className="min-h-0 flex-1" />
    </div>
  )
}
