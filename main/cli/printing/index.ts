export { printByHelper } from './print-by-helper'
