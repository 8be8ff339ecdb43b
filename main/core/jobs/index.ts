export { setWorkerDirectory, startWorker, type WorkerName, type WorkerOptions } from './worker-process'
