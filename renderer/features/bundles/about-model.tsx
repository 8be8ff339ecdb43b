import type { VerificationReport } from '../../../main/model/bundle'
import type { Sha256 } from '../../../main/model/reference'
import { classNames, StatusIcon } from '../../ui'
import type { BundleFile } from './file-tree'

/** The model of a bundle: a graph, or else a program that answers. */
export const enclosedModel = (files: readonly BundleFile[]): BundleFile | undefined =>
  files.find(({ path }) => path === 'model/model.onnx') ?? files.find(({ path }) => path === 'model/scorer.json')

interface AboutModelProps {
  /** What is shown, such as "This explanation is". */
  what: string
  /** The model that it names; undefined where it names none. */
  named: Sha256 | undefined
  files: readonly BundleFile[]
}

/** Says where a signed document is not known to be about the enclosed model. */
export function AboutModel({ what, named, files }: AboutModelProps) {
  if (named !== undefined && enclosedModel(files)?.sha256 === named) return null
  return named !== undefined ? (
    <Said status="error" text={`${what} about another model than the one in the bundle.`} />
  ) : (
    <Said
      status="warn"
      text={`${what} from an earlier Drydock and does not say which model it is about. Ask the author to export again.`}
    />
  )
}

/** Says above signed figures that the verification found them to contradict what else the bundle says of its model. */
export function Contradiction({ checks }: Pick<VerificationReport, 'checks'>) {
  const failed = checks.find(({ id, status }) => id === 'evidence' && status === 'fail')
  return failed ? <Said status="error" text={`Do not rely on what is shown here. ${failed.detail}`} /> : null
}

const Said = ({ status, text }: { status: 'error' | 'warn'; text: string }) => (
  <p
    role="alert"
    className={classNames('m-4 mb-0 flex items-start gap-2 rounded-md p-2', status === 'error' ? 'bg-error-soft' : 'bg-warn-soft')}
  >
    <StatusIcon status={status} className="mt-0.5" />
    <span className="min-w-0 [overflow-wrap:anywhere]">{text}</span>
  </p>
)
