import { CalibrationChart } from '../../charts'
import { formatNumber, Panel, VirtualTable, type Column, tableHeight } from '../../ui'
import { binsOf } from './calibration-choices'
import type { JudgedClasses, NamedRun } from './judged'
import { hintOf } from './words'

interface JudgedRun {
  run: NamedRun
  evaluation: JudgedClasses
}

/** A class with its figures in each run, in the order of the runs. */
interface ClassRow {
  name: string
  figures: (JudgedClasses['classes'][number] | undefined)[]
}

/** Calibration of the decisions of several runs over each other, and what each finds of every class, as cells of a grid. */
export function ComparedPanels({ judged }: { judged: readonly JudgedRun[] }) {
  const rows = rowsOf(judged)
  return (
    <>
      <Panel>
        <CalibrationChart
          title="Calibration of decisions"
          series={judged.map(({ run, evaluation }) => ({ key: run.id, label: run.name, bins: binsOf(evaluation.confidence.bins) }))}
          height={300}
          empty="None of these runs was evaluated."
        />
      </Panel>
      <Panel title="F1 by class">
        <div style={{ height: tableHeight(rows.length, 288) }}>
          <VirtualTable
            label="F1 by class"
            name="f1 by class"
            columns={columnsOf(judged)}
            rows={rows}
            rowKey={({ name }) => name}
            empty={<p className="p-3 text-muted">None of these runs was evaluated.</p>}
          />
        </div>
      </Panel>
    </>
  )
}

function rowsOf(judged: readonly JudgedRun[]): ClassRow[] {
  const names = [...new Set(judged.flatMap(({ evaluation }) => evaluation.classes.map((each) => String(each.class))))]
  return names.map((name) => ({
    name,
    figures: judged.map(({ evaluation }) => evaluation.classes.find((each) => String(each.class) === name))
  }))
}

const columnsOf = (judged: readonly JudgedRun[]): Column<ClassRow>[] => [
  { id: 'class', header: 'Class', value: ({ name }) => name, width: 150, pinned: true },
  ...judged.map(({ run }, index): Column<ClassRow> => ({
    id: run.id,
    header: run.name,
    numeric: true,
    width: 130,
    value: ({ figures }) => figures[index]?.f1.value ?? null,
    cell: ({ figures }) => {
      const f1 = figures[index]?.f1
      return f1 && f1.value !== null ? <span title={hintOf(f1)}>{formatNumber(f1.value, 3)}</span> : 'none'
    }
  }))
]
