export { documentOf, type WorkbenchDocument } from './document-of'
export { noPrinter, saveDocument, type DocumentPlaces } from './save-document'
