import { Suspense } from 'react'
import { WelcomePage, type SampleRecipe } from '../features/welcome'
import { Skeleton, useLocation } from '../ui'
import { areaOf, areas, pages } from './areas'
import { ErrorBoundary } from './error-boundary'

interface CurrentPageProps {
  hasWorkspace: boolean
  settling: boolean
  createSample: string | null
  recipe: SampleRecipe
  onFile: () => void
  onCreate: () => void
  onOpen: () => void
}

/** The page of the present area, or the welcome before there is a workspace. */
export function CurrentPage({ hasWorkspace, settling, createSample, recipe, onFile, onCreate, onOpen }: CurrentPageProps) {
  const location = useLocation()
  const area = areaOf(location.area)
  if (settling) return <Skeleton lines={6} />
  if (!hasWorkspace && !area.withoutWorkspace)
    return (
      <WelcomePage
        createSample={createSample}
        recipe={recipe}
        onFile={onFile}
        onCreate={onCreate}
        onOpen={onOpen}
        canReview={areas.some(({ id }) => id === 'bundles')}
      />
    )
  const Page = pages[area.id]
  return (
    <ErrorBoundary resetKey={`${location.area}/${location.path.join('/')}`}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Page />
      </Suspense>
    </ErrorBoundary>
  )
}
