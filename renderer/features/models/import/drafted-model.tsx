import type { ImportDraft, ModelOutline } from '../../../../main/model/model-import'
import { ParityCertificate } from '../../../evidence'
import { Disclosure, ErrorState, formatCount, formatSize, KeyValueList, Panel, Progress, StatusIcon } from '../../../ui'
import type { ImportForm } from './form-type'
import { SignatureTable } from './signature-table'
import type { ModelImportWork } from './use-model-import'

interface DraftedProps {
  form: ImportForm
  outline: ModelOutline
  work: ModelImportWork
}

/** What Drydock makes of the file: the certificate, what goes in and comes out, and how each of it is known. */
export function DraftedModel({ form, outline, work: { draft, isCurrent } }: DraftedProps) {
  const found = isCurrent && !draft.running ? draft.output : null
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-4 overflow-y-auto p-4" aria-live="polite">
      {draft.running && <Progress value={null} label={draft.latest?.message ?? 'Starting'} onCancel={draft.cancel} />}
      {!draft.running && isCurrent && draft.error !== null && (
        <ErrorState compact error={draft.error} title="The model cannot be taken in like this" />
      )}
      {(form.dataset === null || form.target === null) && (
        <p className="text-muted">Choose the rows and the column that it predicts; then the signature is drafted here.</p>
      )}
      {found ? <Found draft={found} hasPredictions={form.predictions !== null} /> : <OutlinePanel outline={outline} />}
    </div>
  )
}

function OutlinePanel({ outline }: { outline: ModelOutline }) {
  const { name, bytes, producer, operators, inputs, outputs, classes, columns } = outline
  return (
    <Panel title="What the file says">
      <KeyValueList
        items={[
          { label: 'File', value: `${name}, ${formatSize(bytes)}${producer ? `, by ${producer}` : ''}` },
          operators.length > 0 && { label: 'Computes with', value: operators.join(', ') },
          { label: inputs.length === 1 ? 'Input' : 'Inputs', value: inputs.map((each) => `${each.name}: ${each.tensor}`).join('; ') },
          { label: outputs.length === 1 ? 'Output' : 'Outputs', value: outputs.map((each) => `${each.name}: ${each.tensor}`).join('; ') },
          { label: 'Columns', value: columns ? columns.join(', ') : 'not named in the file' },
          { label: 'Classes', value: classes ? classes.join(', ') : 'not named in the file' }
        ]}
      />
    </Panel>
  )
}

function Found({ draft: { imported, signature, parity }, hasPredictions }: { draft: ImportDraft; hasPredictions: boolean }) {
  return (
    <>
      <p className="flex items-start gap-2" data-selectable>
        <StatusIcon status="ok" className="mt-0.5" />
        The model was run on {formatCount(imported.check.rows, 'row')} and answers as the signature below says.
      </p>
      {imported.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-2" data-selectable>
          <StatusIcon status="warn" className="mt-0.5" />
          {warning}
        </p>
      ))}
      <Panel title="Parity with the original">
        {parity ? (
          <ParityCertificate parity={parity} />
        ) : (
          <p className="text-muted">
            {hasPredictions
              ? 'Not compared yet.'
              : 'Not compared. Choose what the original predicted for these rows, and the largest difference and the decisions that change stand here.'}
          </p>
        )}
      </Panel>
      <Panel title="Signature" hint="drafted; correct it on the left" flush>
        <SignatureTable signature={signature} imported={imported} />
      </Panel>
      <Panel title="How it is known">
        <KeyValueList
          items={[
            { label: 'Columns', value: imported.from.columns },
            imported.from.classes !== null && { label: 'Classes', value: imported.from.classes },
            { label: 'Scores', value: imported.from.scores },
            { label: 'Form', value: imported.adapted.length === 0 ? 'used as it is' : `adapted: ${imported.adapted.join('; ')}` },
            { label: 'Written by', value: imported.producer || 'not said' }
          ]}
        />
        <Disclosure name="import.signature" label="signature.json" className="pt-2">
          <pre className="overflow-x-auto rounded-md bg-surface-0 p-2 font-mono text-caption" data-selectable tabIndex={0}>
            {JSON.stringify(signature, null, 2)}
          </pre>
        </Disclosure>
      </Panel>
    </>
  )
}
