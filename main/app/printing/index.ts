export { printPage, type PrintNeeds } from './print-page'
export { printJobFile, runPrintJob } from './print-job'
