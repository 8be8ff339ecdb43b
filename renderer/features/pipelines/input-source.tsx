import type { StepRun } from '../../../main/model/pipeline-run'
import { HashChip, Link } from '../../ui'

/** Where a step of a run has an input from: a connection, a step of another run (a link to it), or what it is called. */
export function InputSource({ input: { from, sha256, madeBy } }: { input: StepRun['inputs'][number] }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {madeBy ? (
        <Link area="pipelines" path={[madeBy.pipeline, 'runs', madeBy.runId]} query={{ step: madeBy.stepId }}>
          {madeBy.stepId} of {madeBy.pipeline}
        </Link>
      ) : (
        <code className="font-mono text-caption [overflow-wrap:anywhere]">{from}</code>
      )}
      {sha256 && <HashChip hash={sha256} label={`Content of ${from}`} />}
    </span>
  )
}
