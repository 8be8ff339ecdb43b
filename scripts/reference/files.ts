import { commandPage } from './commands'
import { documents, jsonSchemaOf } from './documents'
import { errorPage } from './errors'
import { fieldTable, page } from './markdown'
import { factPage, metricPage } from './metrics'
import { fieldsOf } from './schema-fields'
import { schemaFiles } from './schema-files'
import { shapePage } from './shapes'
import { stepPage } from './steps'

const documentPage = (): string =>
  page(
    'Documents',
    'What people write: each document with its fields. The same as JSON Schema, for editors, ships in `resources/schemas`.',
    documents.map(
      ({ name, title, about, schema }) =>
        `## ${title}\n\n${about} JSON Schema: \`${name}.schema.json\`.\n\n${fieldTable(fieldsOf(jsonSchemaOf(schema)))}`
    )
  )

/** Folders that hold nothing but what is generated. */
export const generatedFolders = ['resources/guide/reference', 'resources/schemas']

/** Every file of the reference by its path in the repository, as the schemas say it now. */
export async function referenceFiles(): Promise<Record<string, string>> {
  const [guide, schemas] = generatedFolders
  return {
    [`${guide}/steps.md`]: stepPage(),
    [`${guide}/documents.md`]: documentPage(),
    [`${guide}/metrics.md`]: metricPage(),
    [`${guide}/facts.md`]: factPage(),
    [`${guide}/commands.md`]: await commandPage(),
    [`${guide}/json.md`]: shapePage(),
    [`${guide}/errors.md`]: errorPage(),
    ...Object.fromEntries(Object.entries(schemaFiles()).map(([name, text]) => [`${schemas}/${name}`, text]))
  }
}
