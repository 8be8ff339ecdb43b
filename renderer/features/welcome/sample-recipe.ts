import { useEffect, useRef } from 'react'
import { useHostStream, useInvalidate, type HostInput, type HostItem, type HostOutput, type HostStream } from '../../host'
import { navigate } from '../../ui'

export type SampleRecipe = HostStream<
  HostInput<'workspace.createSample'>,
  HostItem<'workspace.createSample'>,
  HostOutput<'workspace.createSample'>
>

/**
 * The recipe that makes the sample workspace. The frame holds it, not the welcome page: the recipe opens its workspace
 * early, and a page that went away then would cancel it. `startWith` starts it at once, when the program was called for that.
 */
export function useSampleRecipe(startWith: string | null): SampleRecipe {
  const invalidate = useInvalidate()
  const recipe = useHostStream('workspace.createSample', {
    onDone: () => {
      void invalidate(['*'])
      navigate('overview')
    }
  })
  const started = useRef(false)
  const { start } = recipe
  useEffect(() => {
    if (!startWith || started.current) return
    started.current = true
    void start({ directory: startWith })
  }, [startWith, start])
  return recipe
}
