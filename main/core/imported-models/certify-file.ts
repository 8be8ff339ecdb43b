import { open } from 'node:fs/promises'
import type { Parity } from '../../model/parity'
import type { Sha256 } from '../../model/reference'
import { quoteText } from '../../model/sql-quoting'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { readFrame } from '../frames'
import { certifyParity, type ParityRequest } from './certify-parity'

interface Place {
  database(): Promise<Database>
  path(name: string): string
  signal: AbortSignal
}

/** Compares a model with predictions that lie in a file of CSV, Arrow or Parquet. @throws WorkbenchError INVALID_INPUT */
export async function certifyFile(
  context: Place,
  request: Pick<ParityRequest, 'model' | 'signature' | 'frame' | 'threshold'>,
  predictions: { name: string; path: string; sha256: Sha256 },
  about: Pick<Parity, 'model' | 'original' | 'table'>
): Promise<Parity> {
  const { signal } = context
  const arrow = await asArrow(context, predictions)
  const { name, sha256 } = predictions
  return certifyParity({
    ...request,
    predictions: await readFrame(arrow, undefined, signal),
    about: { ...about, predictions: { name, sha256 } },
    signal
  })
}

/** The path of an Arrow file with the same rows. The format is told by the first bytes, as stored objects have no ending. */
async function asArrow({ database, path, signal }: Place, { name, path: file }: { name: string; path: string }): Promise<string> {
  const handle = await open(file, 'r')
  const head = Buffer.alloc(6)
  await handle.read(head, 0, 6, 0).finally(() => handle.close())
  if (head.toString('latin1') === 'ARROW1') return file
  const isParquet = head.toString('latin1', 0, 4) === 'PAR1'
  const arrow = path(`${name}.arrow`.replace(/[^\w.-]/g, '_'))
  const from = isParquet ? `read_parquet(${quoteText(file)})` : `read_csv(${quoteText(file)}, header = true, auto_detect = true)`
  try {
    await (await database()).exportArrow(`SELECT * FROM ${from}`, arrow, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${name}" cannot be read as ${isParquet ? 'Parquet' : 'CSV'}: ${(error as Error).message.split('\n')[0]!.slice(0, 300)}. Write one prediction for each row, with the name of the column in the first line.`,
      { cause: error }
    )
  }
  return arrow
}
