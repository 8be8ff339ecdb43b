import { Copy, Pencil, RotateCcw, Trash2 } from 'lucide-react'
import type { PipelineSummary } from '../../../main/model/pipeline'
import { Button, HashChip, KeyValueList, Link, TimeText } from '../../ui'
import type { ListCommands } from './list-commands'

export interface ListInspectorProps {
  pipeline: PipelineSummary
  commands: ListCommands
  onOpen: () => void
}

/** Facts of the pipeline that is selected in the list, and what can be done with it. */
export function ListInspector({ pipeline, commands: { restore, remove, duplicate }, onOpen }: ListInspectorProps) {
  const { name, version, removedAt, lastRun } = pipeline
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-1">
        {removedAt === null ? (
          <>
            <Button icon={Pencil} onClick={onOpen}>
              Open
            </Button>
            <Button icon={Copy} onClick={() => void duplicate(pipeline)}>
              Duplicate
            </Button>
            <Button icon={Trash2} onClick={() => void remove(pipeline)}>
              Move to trash
            </Button>
          </>
        ) : (
          <Button icon={RotateCcw} onClick={() => void restore.run({ name })}>
            Restore
          </Button>
        )}
      </div>
      {pipeline.description && <p data-selectable>{pipeline.description}</p>}
      <KeyValueList
        items={[
          { label: 'Name', value: name, mono: true },
          { label: 'Newest version', value: version ? <HashChip hash={version} label="Version" /> : 'none, only a draft' },
          { label: 'Versions', value: pipeline.versions },
          { label: 'Steps', value: pipeline.steps },
          { label: 'Draft', value: pipeline.hasDraft ? 'has changes that are no version yet' : 'none' },
          { label: 'Changed', value: <TimeText value={pipeline.updatedAt} /> },
          removedAt !== null && { label: 'In the trash since', value: <TimeText value={removedAt} /> },
          lastRun !== null && {
            label: 'Last run',
            value: (
              <Link area="pipelines" path={[name, 'runs', lastRun.id]}>
                {lastRun.state}
              </Link>
            )
          }
        ]}
      />
      {removedAt === null && (
        <Link area="pipelines" path={[name, 'runs']}>
          All runs
        </Link>
      )}
    </div>
  )
}
