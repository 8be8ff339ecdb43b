import { useLocation } from '../../ui'
import { EditorPage } from './editor-page'
import { ListPage } from './list-page'
import { RunPage } from './run-page'
import { RunsPage } from './runs-page'
import { VersionPage, versionViews } from './version-page'

/** `pipelines`, `pipelines/NAME`, `pipelines/NAME/runs`, `pipelines/NAME/runs/ID`, `pipelines/NAME/SHA256`. */
export function PipelinesPage() {
  const { path, query } = useLocation()
  const [name, part, runId] = path
  const view = query['view'] === 'yaml' ? 'yaml' : 'canvas'
  if (!name) return <ListPage />
  if (part === 'runs' && runId) return <RunPage key={runId} name={name} runId={runId} step={query['step']} view={view} />
  if (part === 'runs') return <RunsPage key={name} name={name} />
  if (part)
    return (
      <VersionPage
        key={`${name}/${part}`}
        name={name}
        version={part}
        view={versionViews.find((each) => each === query['view']) ?? 'canvas'}
        other={query['with'] ?? null}
      />
    )
  return <EditorPage key={name} name={name} step={query['step']} view={view} />
}
