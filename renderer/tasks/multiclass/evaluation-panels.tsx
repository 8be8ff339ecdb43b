import { useState } from 'react'
import { CalibrationChart, ForestPlot } from '../../charts'
import { formatCount, formatNumber, Panel, Select, tableHeight } from '../../ui'
import { calibrationOf, calibrationChoices } from './calibration-choices'
import { ClassTable, classRates, type ClassRate } from './class-table'
import { ConfusionPanel } from './confusion-panel'
import type { JudgedClasses, NamedRun } from './judged'

/** Classes that a chart shows at once; the table has all. */
const mostShown = 30

/** Confusions, figures by class, and calibration of one run, as cells of a grid. */
export function EvaluationPanels({ run, evaluation }: { run: NamedRun; evaluation: JudgedClasses }) {
  return (
    <>
      <ConfusionPanel evaluation={evaluation} />
      <RatesPanel evaluation={evaluation} />
      <CalibrationPanel run={run} evaluation={evaluation} />
      <Panel title="Classes" hint="each against the rest" className="col-span-full">
        <div style={{ height: tableHeight(evaluation.classes.length, 320) }}>
          <ClassTable classes={evaluation.classes} />
        </div>
        <p className="text-caption text-muted">
          Predicted is the mean probability of the class, observed its share of the rows; far apart they are, the model expects too much or
          too little. Hold the pointer on a figure for its 95% interval.
        </p>
      </Panel>
    </>
  )
}

/** One rate of each class, least first: what the mean hides. */
function RatesPanel({ evaluation: { classes } }: { evaluation: JudgedClasses }) {
  const [rate, setRate] = useState<ClassRate>('recall')
  const known = classes.filter((each) => each[rate].value !== null).sort((a, b) => a[rate].value! - b[rate].value!)
  return (
    <Panel title="Figures by class">
      <div className="mb-2 w-52">
        <Select
          aria-label="Figure of the chart"
          value={rate}
          onChange={setRate}
          choices={Object.entries(classRates).map(([value, label]) => ({ value: value as ClassRate, label }))}
        />
      </div>
      <ForestPlot
        title={`${classRates[rate]} by class`}
        axis={classRates[rate]}
        height={360}
        interval="95% CI"
        empty="No class has a value."
        rows={known.slice(0, mostShown).map((each) => ({
          key: `class:${String(each.class)}`,
          label: `${String(each.class)} (n=${formatNumber(each.count)})`,
          value: each[rate].value,
          low: each[rate].interval?.lower,
          high: each[rate].interval?.upper
        }))}
      />
      {known.length > mostShown && (
        <p className="text-caption text-muted">
          The {mostShown} classes with the least; {formatCount(known.length - mostShown, 'further class', 'further classes')} in the table.
        </p>
      )}
    </Panel>
  )
}

/** Stated probabilities against what came: of the class decided for, or of one class against the rest. */
function CalibrationPanel({ run, evaluation }: { run: NamedRun; evaluation: JudgedClasses }) {
  const [of, setOf] = useState('decisions')
  const { bins, text } = calibrationOf(evaluation, of)
  return (
    <Panel title="Calibration">
      <div className="mb-2 w-64">
        <Select aria-label="Probabilities of the chart" value={of} onChange={setOf} choices={calibrationChoices(evaluation)} />
      </div>
      <CalibrationChart title="Predicted and observed" series={[{ key: run.id, label: run.name, bins }]} height={280} />
      <p className="text-caption text-muted">{text}</p>
    </Panel>
  )
}
