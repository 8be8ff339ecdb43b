import { FileInput, Gauge } from 'lucide-react'
import { useState } from 'react'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { MOST_REASONS, scoreFormats, type ScoreFormat } from '../../../main/model/scoring'
import { useHostStream, useOs } from '../../host'
import { Button, EmptyState, ErrorState, Field, fileNameOf, NumberInput, Progress, Select, Switch, TextInput } from '../../ui'
import { ScoredResult } from './scored-result'

const formatNames: Record<ScoreFormat, string> = { csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', jsonl: 'JSON lines' }
const stemOf = (file: string): string => fileNameOf(file).replace(/\.[^.]+$/, '')

/** New data scored with this version: the file is checked against training, and the scores go where the person says. */
export function ScoreTab({ model: { name, version } }: { model: ModelVersionDetail }) {
  const os = useOs()
  const [file, setFile] = useState<string | null>(null)
  const [format, setFormat] = useState<ScoreFormat>('csv')
  const [keep, setKeep] = useState('')
  const [strict, setStrict] = useState(false)
  const [reasons, setReasons] = useState<number | null>(0)
  const scoring = useHostStream('scoring.file', { inline: true })
  const choose = async () => {
    const chosen = await os.openFiles({
      title: 'The file to score',
      filters: [{ name: 'Table', extensions: ['csv', 'tsv', 'txt', 'parquet', 'arrow', 'feather', 'ipc', 'json', 'jsonl', 'ndjson'] }]
    })
    if (chosen?.[0] !== undefined) setFile(chosen[0])
  }
  const score = async (path: string) => {
    const out = await os.saveFile({
      title: 'Save the scores',
      defaultName: `${stemOf(path)}-scores.${format}`,
      extension: format,
      filters: [{ name: formatNames[format], extensions: [format] }]
    })
    if (!out) return
    const kept = keep.split(',').map((column) => column.trim())
    await scoring.start({
      ...{ name, version, path, out, strict, keep: kept.filter((column) => column !== '') },
      ...(reasons !== null && reasons > 0 && { explain: reasons })
    })
  }
  if (file === null)
    return (
      <EmptyState
        icon={Gauge}
        title="Score a file with this version"
        text="Each row of a CSV, Parquet, Arrow or JSON lines file gets its score. What training did not know is named by column and row, and how far the file is from training. Nothing of the file stays in the workspace."
        action={
          <Button variant="primary" icon={FileInput} onClick={() => void choose()}>
            Choose a file
          </Button>
        }
      />
    )
  return (
    <div className="flex h-full min-h-0 flex-col gap-4 overflow-y-auto p-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="File">
          <Button icon={FileInput} disabled={scoring.running} onClick={() => void choose()}>
            {fileNameOf(file)}
          </Button>
        </Field>
        <Field label="Columns to keep">
          <TextInput
            placeholder="such as id, date"
            value={keep}
            onChange={(event) => setKeep(event.target.value)}
            className="w-60"
            disabled={scoring.running}
          />
        </Field>
        <Field label="Write as">
          <Select
            value={format}
            onChange={setFormat}
            className="w-32"
            disabled={scoring.running}
            choices={scoreFormats.map((each) => ({ value: each, label: formatNames[each] }))}
          />
        </Field>
        <Field label="Reasons beside each score">
          <NumberInput className="w-32" value={reasons} onChange={setReasons} min={0} max={MOST_REASONS} disabled={scoring.running} />
        </Field>
        <Switch checked={strict} onChange={setStrict} label="Refuse what training did not know" className="h-7" />
        <Button variant="primary" icon={Gauge} disabled={scoring.running} onClick={() => void score(file)}>
          Score and save
        </Button>
      </div>
      {scoring.running && (
        <Progress value={scoring.latest?.fraction ?? null} label={scoring.latest?.message ?? 'Starting'} onCancel={scoring.cancel} />
      )}
      {scoring.error !== null && <ErrorState compact error={scoring.error} title="The file was not scored" />}
      {scoring.output && <ScoredResult scored={scoring.output} />}
    </div>
  )
}
