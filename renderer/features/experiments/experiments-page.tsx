import { useLocation } from '../../ui'
import { parseIds } from './addresses'
import { ComparisonPage } from './comparison-page'
import { RunPage } from './run-page'
import { RunsPage } from './runs-page'

/** `#/experiments`, `#/experiments/runs/<id>` and `#/experiments/compare?ids=a,b&baseline=b`. */
export function ExperimentsPage() {
  const { path, query } = useLocation()
  const [kind, id] = path
  if ((kind === 'runs' || kind === 'run') && id) return <RunPage key={id} id={id} />
  if (kind === 'compare') return <ComparisonPage ids={parseIds(query['ids'])} baseline={query['baseline']} />
  return <RunsPage />
}
