import { z } from 'zod'
import { declaredFacts, unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'
import { Sha256 } from '../../../../model/reference'

export const sourceDefinition = describeStep({
  type: 'source',
  version: 1,
  title: 'Dataset',
  help: 'A dataset of the workspace. "latest" is looked up when the run starts and stays fixed for the whole run.',
  icon: 'database',
  category: 'data',
  parameters: z.strictObject({
    dataset: z.string().min(1).max(200).meta({ title: 'Dataset', description: 'Name of the dataset.', format: 'dataset' }),
    version: z
      .string()
      .regex(/^(latest|(sha256:)?[0-9a-f]{8,64})$/, 'Write "latest" or the SHA-256 of a version.')
      .default('latest')
      .meta({ title: 'Version', description: '"latest", or the SHA-256 of a version.' })
  }),
  inputs: {},
  outputs: { table: { type: 'Table', help: 'The rows of that version.' } },
  tables(p, _, lookup) {
    const named = { name: p.dataset, version: p.version.replace(/^sha256:/, '') }
    const columns = lookup.dataset(named.name, named.version)
    const table = columns && { columns: columns.map((column) => ({ name: column.name, facts: declaredFacts(column) })), isOpen: false }
    return { table: { ...(table ?? unknownTable), from: [named] } }
  },
  async freeze(parameters, context) {
    const { sha256, rows, reference } = await context.datasetVersion(parameters.dataset, parameters.version.replace(/^sha256:/, ''))
    return { sha256, rows, reference }
  },
  uses: (_, frozen) => [{ port: 'dataset', sha256: Sha256.parse(frozen.sha256), reference: String(frozen.reference) }],
  inline: (_, frozen) => [
    {
      port: 'table',
      type: 'Table',
      sha256: Sha256.parse(frozen.sha256),
      rows: Number(frozen.rows),
      mediaType: 'application/vnd.apache.arrow.file',
      reference: String(frozen.reference)
    }
  ]
})
