import { expect, it } from 'vitest'
import { suggestMetadata } from './suggestions'

const timeOf = (...names: string[]): string | undefined =>
  names[suggestMetadata(names.map((name) => ({ name, kind: 'date' }))).findIndex(({ role }) => role === 'time')]

it.each([
  ...['dob', 'DOB', 'patient_dob', 'patientDob', 'dob1', 'birth_date', 'BirthDate', 'date of birth', 'Birthday', 'born_on', 'year-born'],
  ...['Geburtsdatum', 'geb_datum_geburt', 'GEBDAT', 'date_naissance', 'fecha_nacimiento', 'data_de_nascimento', 'data_nascita']
])('takes no date of birth as the time of a row: %s', (name) => {
  expect(timeOf(name, 'visit')).toBe('visit')
  expect(timeOf(name)).toBeUndefined()
})

it.each(['date', 'adobe_release', 'newborn_screened', 'airborne', 'dobbin', 'Datum', 'incident'])(
  'takes the first date else: %s',
  (name) => {
    expect(timeOf(name, 'visit')).toBe(name)
  }
)
