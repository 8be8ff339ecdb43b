import { useLocation } from '../../ui'
import { FeatureSetList } from './feature-set-list'
import { FeatureSetPage } from './feature-set-page'

/** The Features area: what pipelines made, and one of them in detail. */
export function FeaturesPage() {
  const { path } = useLocation()
  const digest = path.at(-1)?.replace(/^sha256:/, '')
  return digest ? <FeatureSetPage sha256={digest} key={digest} /> : <FeatureSetList />
}
