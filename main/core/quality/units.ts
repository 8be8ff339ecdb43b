/** Factors between usual units of one amount. */
export const units: readonly [number, string][] = [
  [2.2046226, 'kilograms and pounds'],
  [2.54, 'inches and centimetres'],
  [3.2808399, 'metres and feet'],
  [1.609344, 'miles and kilometres'],
  [1.8, 'degrees Celsius and Fahrenheit'],
  [1.852, 'nautical miles and kilometres'],
  [10, 'units of which one is ten of the other'],
  [60, 'units of which one is sixty of the other'],
  [100, 'units of which one is a hundred of the other'],
  [1000, 'units of which one is a thousand of the other']
]
