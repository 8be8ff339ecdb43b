import { Boxes, Database, FlaskConical, Workflow } from 'lucide-react'
import { useHostQuery } from '../host'
import { navigate, shortHash, type Action } from '../ui'
import { scoreEntry } from './palette-score'

/** So many of a kind are listed; more typing finds the others. */
const MOST_OF_A_KIND = 6
const FEWEST_LETTERS = 2

/** Datasets, pipelines, models and the newest runs whose names hold what was typed, as actions that open them. */
export function useNamedThings(search: string, enabled: boolean): Action[] {
  const wanted = enabled && search.trim().length >= FEWEST_LETTERS
  const datasets = useHostQuery('datasets.list', {}, { enabled: wanted }).data
  const pipelines = useHostQuery('pipelines.list', {}, { enabled: wanted }).data
  const models = useHostQuery('models.list', {}, { enabled: wanted }).data
  const runs = useHostQuery('experiments.runs', { limit: 1000 }, { enabled: wanted }).data
  if (!wanted) return []
  const best = (found: Action[]): Action[] =>
    found
      .map((action) => ({ action, score: scoreEntry(action.title, search, action.keywords) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST_OF_A_KIND)
      .map(({ action }) => action)
  return [
    ...best(
      (datasets ?? []).map(({ id, name }) => ({
        id: `dataset ${id}`,
        title: name,
        group: 'Datasets',
        icon: Database,
        run: () => navigate('data', [name])
      }))
    ),
    ...best(
      (pipelines ?? []).map(({ name, title }) => ({
        id: `pipeline ${name}`,
        title: title || name,
        group: 'Pipelines',
        icon: Workflow,
        keywords: [name],
        run: () => navigate('pipelines', [name])
      }))
    ),
    ...best(
      (models ?? []).map(({ name }) => ({
        id: `model ${name}`,
        title: name,
        group: 'Models',
        icon: Boxes,
        run: () => navigate('models', [name])
      }))
    ),
    ...best(
      (runs?.runs ?? []).map(({ id, name }) => ({
        id: `run ${id}`,
        title: `${name} ${shortHash(id)}`,
        group: 'Runs',
        icon: FlaskConical,
        run: () => navigate('experiments', ['runs', id])
      }))
    )
  ]
}
