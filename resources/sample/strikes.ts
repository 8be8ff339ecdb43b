import type { ColumnPatch, DatasetMetadata } from '../../main/model/dataset'
import type { TargetSpec } from '../../main/model/quality'

/**
 * The sample dataset: reports of wildlife strikes on aircraft in the United States, 1990-2002, a published extract of 10,000 reports
 * to the Federal Aviation Administration. What each column means and when it is known, seen from the outcome (damage to the aircraft).
 */
export const sampleDataset: DatasetMetadata = {
  owner: null,
  tags: ['sample', 'aviation', 'wildlife'],
  licence: 'Reports: public domain (FAA Wildlife Strike Database). Extract: BSD-3-Clause.',
  sensitivity: 'public',
  description:
    'Reports of wildlife strikes on aircraft near 50 airports of the United States, 1990 to 2002, as pilots and airports filed them. The outcome to predict is whether the strike damaged the aircraft. Reports are voluntary: strikes without damage are under-reported.'
}

/** The event is any damage: every label but "None". */
export const sampleTarget: TargetSpec = { column: 'Effect Amount of damage', positive: ['Minor', 'Medium', 'Substantial', 'B', 'C'] }

export const sampleColumns: ColumnPatch[] = [
  { name: 'Airport Name', role: 'group', knownWhen: 'before', unit: null, description: 'Airport nearest to the strike.' },
  {
    name: 'Aircraft Make Model',
    role: 'feature',
    knownWhen: 'before',
    unit: null,
    description: 'Make and model of the aircraft, as reported.'
  },
  {
    name: 'Effect Amount of damage',
    role: 'target',
    knownWhen: 'after',
    unit: null,
    description: 'Damage found at the inspection after landing: None, Minor, Medium, Substantial; B and C are codes of an older form.'
  },
  { name: 'Flight Date', role: 'time', knownWhen: 'before', unit: null, description: 'Date of the strike.' },
  { name: 'Aircraft Airline Operator', role: 'feature', knownWhen: 'before', unit: null, description: 'Who operated the flight.' },
  { name: 'Origin State', role: 'feature', knownWhen: 'before', unit: null, description: 'State of the airport.' },
  {
    name: 'Phase of flight',
    role: 'feature',
    knownWhen: 'at',
    unit: null,
    description: 'What the aircraft was doing when it was struck.'
  },
  { name: 'Wildlife Size', role: 'feature', knownWhen: 'at', unit: null, description: 'Size of the animal as seen by the pilot.' },
  {
    name: 'Wildlife Species',
    role: 'feature',
    knownWhen: 'at',
    unit: null,
    description: 'Species as reported; most reports only give a size.'
  },
  { name: 'Time of day', role: 'feature', knownWhen: 'at', unit: null, description: 'Dawn, day, dusk or night.' },
  {
    name: 'Cost Other',
    role: 'ignored',
    knownWhen: 'after',
    unit: 'USD',
    description: 'Other costs of the strike. Zero mostly means not reported.'
  },
  {
    name: 'Cost Repair',
    role: 'ignored',
    knownWhen: 'after',
    unit: 'USD',
    description: 'Cost of the repair. Zero mostly means not reported.'
  },
  { name: 'Cost Total $', role: 'ignored', knownWhen: 'after', unit: 'USD', description: 'Sum of repair and other costs.' },
  { name: 'Speed IAS in knots', role: 'feature', knownWhen: 'at', unit: 'kn', description: 'Indicated airspeed at the strike.' }
]

/** All of it, as the sample job uses it. */
export const strikesDataset = { name: 'strikes', metadata: sampleDataset, target: sampleTarget, columns: sampleColumns }
