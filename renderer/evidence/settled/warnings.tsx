import { StatusIcon } from '../../ui'

/** What a record warns of, below its figures. */
export const Warnings = ({ of }: { of: readonly string[] }) =>
  of.map((warning) => (
    <p key={warning} className="mt-2 flex items-start gap-2">
      <StatusIcon status="warn" className="mt-1" /> {warning}
    </p>
  ))
