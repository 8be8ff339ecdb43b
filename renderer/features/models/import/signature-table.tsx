import type { ImportedModel } from '../../../../main/model/imported-model'
import { listValues } from '../../../../main/model/tasks'
import type { ModelSignature, SignatureInput } from '../../../../main/model/training'
import { formatAuto } from '../../../ui'
import { targetValues } from './target-values'

const cell = 'border-b px-3 py-1 text-left align-top'

/** What goes into a model, column by column, and what comes out. */
export function SignatureTable({ signature, imported }: { signature: ModelSignature; imported: ImportedModel }) {
  const tensorOf = (column: string): string => {
    const own = imported.inputs.find(({ columns }) => columns.includes(column))
    return own ? `${own.input} (${own.tensor})${own.columns.length > 1 ? `, place ${own.columns.indexOf(column) + 1}` : ''}` : ''
  }
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse" data-selectable>
        <thead>
          <tr className="text-caption text-muted">
            {['Column', 'Input of the file', 'Kind', 'In these rows', 'Missing'].map((title) => (
              <th key={title} scope="col" className={`${cell} font-medium`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signature.inputs.map((input) => (
            <tr key={input.name}>
              <th scope="row" className={`${cell} font-normal`}>
                {input.name}
              </th>
              <td className={cell}>{tensorOf(input.name)}</td>
              <td className={cell}>{input.kind}</td>
              <td className={cell}>{seenIn(input)}</td>
              <td className={cell}>{input.missingShare === 0 ? 'none' : `${formatAuto(100 * input.missingShare)}%`}</td>
            </tr>
          ))}
          {signature.outputs.map(({ name, tensor, shape, description }) => (
            <tr key={`output ${name}`} className="bg-surface-0">
              <th scope="row" className={`${cell} font-normal`}>
                {name}
              </th>
              <td className={cell}>
                output ({tensor} {shape})
              </td>
              <td className={cell} colSpan={3}>
                {description}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="px-3 py-2">{predicts(signature)}</p>
    </div>
  )
}

function seenIn({ range, categories }: SignatureInput): string {
  if (range) return `${formatAuto(range.min)} to ${formatAuto(range.max)}`
  if (!categories) return ''
  return `${categories.slice(0, 4).join(', ')}${categories.length > 4 ? ` and ${categories.length - 4} more` : ''}`
}

/** What the model says of its target, in a sentence. */
function predicts(signature: ModelSignature): string {
  const values = targetValues(signature)
  return `It predicts "${signature.target.name}": ${values.length === 0 ? 'an amount' : listValues(values)}.`
}
