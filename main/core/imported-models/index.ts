export { certifyParity, type ParityRequest } from './certify-parity'
export { checkModel, type CheckedModel } from './check-model'
export { importModel, type Imported, type ImportRequest } from './import-model'
export { assertSafeFormat, unsafeFormatOf } from './unsafe-formats'
