import { FileInput, PackageOpen } from 'lucide-react'
import { placeText } from '../../../../main/model/place'
import { useOs } from '../../../host'
import { Button, EmptyState, ErrorState, fileNameOf, navigate, Page, PageHeader, PendingPage, Skeleton } from '../../../ui'
import { useModelsState } from '../models-store'
import { DraftedModel } from './drafted-model'
import { ImportFields } from './import-fields'
import type { ImportForm } from './form-type'
import { openImport } from './import-form'
import { TakenModel } from './taken-model'
import { useModelImport } from './use-model-import'

/** A model that was made elsewhere: its file, what Drydock makes of it, what a person says of it, and the run that takes it in. */
export function ImportModelPage() {
  const os = useOs()
  const form = useModelsState((state) => state.importing)
  const choose = async () => {
    const chosen = await os.openFiles({
      title: 'The model to import',
      filters: [
        { name: 'ONNX model', extensions: ['onnx'] },
        { name: 'All files', extensions: ['*'] }
      ]
    })
    if (chosen?.[0] !== undefined) openImport(chosen[0])
  }
  const leave = () => {
    openImport(null)
    navigate('models')
  }
  if (form?.taken) return <TakenModel taken={form.taken} onAnother={() => void choose()} onLeave={leave} />
  if (form) return <Draft form={form} onChoose={() => void choose()} onLeave={leave} key={form.file} />
  return (
    <Page header={<PageHeader title="Import a model" actions={<Button onClick={leave}>Cancel</Button>} />}>
      <EmptyState
        icon={PackageOpen}
        title="Which file holds the model?"
        text="An ONNX file of scikit-learn, LightGBM, XGBoost, PyTorch or anything else. Drydock reads its graph, drafts what goes in and comes out from your rows, and holds it against what the original predicted. Pickles and other files that run code when they are read are never opened."
        action={
          <Button variant="primary" icon={FileInput} onClick={() => void choose()}>
            Choose a file
          </Button>
        }
      />
    </Page>
  )
}

function Draft({ form, onChoose, onLeave }: { form: ImportForm; onChoose: () => void; onLeave: () => void }) {
  const work = useModelImport(form)
  const { outline, canTake, take, isStarting, error } = work
  const header = (
    <PageHeader
      title={`Import ${fileNameOf(placeText(form.file))}`}
      status={outline.data?.producer && <span className="truncate">{outline.data.producer}</span>}
      actions={
        <>
          <Button onClick={onChoose} disabled={isStarting}>
            Choose another file
          </Button>
          <Button onClick={onLeave}>Cancel</Button>
        </>
      }
      primary={
        <Button variant="primary" icon={PackageOpen} loading={isStarting} disabled={!canTake} onClick={() => void take()}>
          Import
        </Button>
      }
    />
  )
  if (outline.error) return <PendingPage header={header} query={outline} action={<Button onClick={onChoose}>Choose another file</Button>} />
  if (!outline.data)
    return (
      <Page header={header}>
        <Skeleton lines={8} />
      </Page>
    )
  return (
    <Page header={header}>
      {error !== null && <ErrorState compact error={error} title="The model was not imported" />}
      <div className="flex min-h-0 flex-1">
        <ImportFields form={form} outline={outline.data} work={work} />
        <DraftedModel form={form} outline={outline.data} work={work} />
      </div>
    </Page>
  )
}
